import Bytes
import Evaluation

/// Adds posts up by slice, labels and bin of similarity while they pass by.
struct OutcomeGroups {
  /// What a post is counted by.
  private struct Key: Hashable {
    var isAlone: Bool
    var isMute: Bool
    var predicted: Int
    /// −1 where the truth is not known.
    var truth: Int
    /// −1 where there is no similarity.
    var bin: Int
  }

  private struct Sums {
    var count = 0
    var confidence = 0.0
    var sure = 0
    var similarity = 0.0
    var squares = 0.0
    var truncated = 0
    var unknownShare = 0.0

    mutating func add(_ post: Post, _ similarity: Double) {
      count += 1
      if let known = post.confidence {
        confidence += known
        sure += 1
      }
      self.similarity += similarity
      squares += similarity * similarity
      truncated += post.isTruncated ? 1 : 0
      unknownShare += post.unknownShare
    }
  }

  /// What is said of one post.
  struct Post {
    var isAlone: Bool
    var isMute: Bool
    var predicted: Int
    var truth: Int?
    /// nil where nobody gave it.
    var confidence: Double?
    var similarity: Double?
    var isTruncated: Bool
    var unknownShare: Double
  }

  private var groups: [Key: Sums] = [:]

  mutating func add(_ post: Post) {
    let similarity = post.similarity.map { max(-1, min(1, $0)) }
    let bin = similarity.map { min(Alignment.bins - 1, Int(($0 + 1) * Double(Alignment.bins) / 2)) }
    let key = Key(
      isAlone: post.isAlone, isMute: post.isMute, predicted: post.predicted, truth: post.truth ?? -1, bin: bin ?? -1)
    groups[key, default: Sums()].add(post, similarity ?? 0)
  }

  /// The outcome; `names` are the labels by number.
  ///
  /// - Throws: `ReportingError.tooManyLabels`, or `noSuchLabel` where the positive one is none.
  func outcome(model: [String], names: [String], positive: String?) throws -> Outcome {
    var tally = OutcomeTally(labels: model)
    let texts = names.map { ByteText($0) }
    // In the order of the labels' bytes, which `OutcomeTally` counts on, and which does not depend on that of the posts.
    let order = texts.indices.sorted { texts[$0] < texts[$1] }
    var places = Array(repeating: 0, count: names.count)
    for (place, code) in order.enumerated() { places[code] = place }
    func rank(_ key: Key) -> (Int, Int, Int, Int) {
      (
        (key.isAlone ? 2 : 0) + (key.isMute ? 1 : 0), places[key.predicted], key.truth < 0 ? -1 : places[key.truth],
        key.bin
      )
    }
    for (key, sums) in groups.sorted(by: { rank($0.key) < rank($1.key) }) {
      tally.add(
        OutcomeTally.Group(
          withoutPicture: key.isAlone, withoutText: key.isMute, predicted: names[key.predicted],
          truth: key.truth < 0 ? nil : names[key.truth], bin: key.bin < 0 ? nil : key.bin, count: sums.count,
          confidence: sums.confidence, sure: sums.sure, similarity: sums.similarity,
          squares: sums.squares, truncated: sums.truncated,
          unknownShare: sums.unknownShare))
    }
    guard tally.labels.count <= ReportData.labelLimit else {
      throw ReportingError.tooManyLabels(tally.labels.count, limit: ReportData.labelLimit)
    }
    let outcome = tally.outcome(positive: positive)
    if let positive, outcome.labelled > 0, outcome.evaluation[.all]?.matrix.rowIndex(of: positive) == nil {
      throw ReportingError.noSuchLabel(positive, known: outcome.evaluation[.all]?.matrix.rows ?? [])
    }
    return outcome
  }
}
