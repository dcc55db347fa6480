import Bytes
import Evaluation
import Foundation
import Queries
import Reporting
import Results
import Store

/// An evaluation as rows: one measure of one slice each.
struct EvaluationTable {
  static let columns = ["metric", "label", "slice", "value", "low", "high", "n", "undefined"]

  /// Measures that are counts of posts.
  private static let counts = [
    "posts_in_common", "pairs_of_other_content", "pairs_of_other_truth", "flips", "right_here_only", "right_there_only",
  ]

  private(set) var measures: [Measure] = []

  /// All that can be said of a run's posts, slice by slice.
  init(_ run: EvaluatedRun, positive: ByteText?, resampling: BootstrapOptions) {
    measures = run.measures(positive: positive, resampling: resampling)
  }

  /// Adds the comparison with another run, over the posts that both scored.
  mutating func add(_ data: ReportData, _ resampling: BootstrapOptions) {
    guard let numbers = data.comparisonNumbers(resampling) else { return }
    measures += numbers
  }

  /// Adds how well texts find their own pictures.
  mutating func add(_ retrieval: PairRetrieval, hasIntervals: Bool) {
    measures += retrieval.measures(hasIntervals: hasIntervals)
  }

  /// Adds measures.
  mutating func add(_ more: [Measure]) { measures += more }

  /// A notice about labels of a sample.
  static func notice(_ sample: EvaluatedSample) -> String {
    "the labelled posts were not all drawn with the same probability, so their figures are not the run's; those that begin with "
      + "run_ estimate the run's, from \(sample.posts.labelled.counted("label", "labels")) of the \(sample.design.rawValue) sample "
      + "\(sample.name.printable), each weighted by one over the probability with which its post was drawn and labelled"
  }

  /// A notice about labels of several sources; nil if there is only one.
  static func notice(sources: [(name: ByteText, posts: Int)]) -> String? {
    guard sources.count > 1 else { return nil }
    let names = sources.map { "\($0.name.text.printable(upTo: 60)) (\($0.posts))" }.listed(most: 10)
    return "true labels come from \(names); each post's latest label counts; --truth chooses one source"
  }

  /// A notice about the pairing of two runs' posts; nil if none is needed.
  static func pairingNotice(_ data: ReportData, isEmpty: Bool, _ pairing: PostPairing) -> String? {
    let sameKeys = data.postsOfSameKey
    let keys = sameKeys.counted("post shares its key", "posts share their keys")
    switch pairing {
    case .content where isEmpty && sameKeys == 0:
      return "the runs have no post in common, so nothing is compared; a post is a key with its content"
    case .content where isEmpty:
      return
        "the runs have no post of the same content in common, so nothing is compared; \(keys) only: --pair key compares "
        + "those"
    case .content:
      return sameKeys == 0
        ? nil : "\(keys) only and are not compared, since their content differs; --pair key compares them"
    case .key:
      if isEmpty { return "the runs have no key in common, so nothing is compared" }
      let notices = [
        sameKeys == 0
          ? nil
          : "\(sameKeys.counted("post is", "posts are")) left out because one of the runs has several posts with the same "
            + "key",
        data.pairsOfOtherTruth == 0
          ? nil
          : data.pairsOfOtherTruth.counted("pair", "pairs") + " with different true labels "
            + (data.pairsOfOtherTruth == 1 ? "was" : "were")
            + " left out of the comparison of right and wrong; do the ids name the same posts in both runs?",
      ].compactMap(\.self)
      return notices.isEmpty ? nil : notices.joined(separator: "; ")
    }
  }

  /// Whether the other run scored none of these posts.
  var isWithoutCommonPosts: Bool { measures.contains { $0.name == "posts_in_common" && $0.score.value == 0 } }

  /// The rows' cells: rounded for people, in full for programs. For people, slices with few posts are marked.
  func values(shortened: Bool) -> [[QueryValue]] {
    measures.map { measure in
      let isSmall = shortened && measure.slice.contains("=") && measure.count < 30
      return [
        .text(measure.name), .text(measure.label.text), .text(measure.slice + (isSmall ? " (few posts)" : "")),
        Self.counts.contains(measure.name)
          ? .integer(Int64(measure.score.value)) : Self.number(measure.score.value, shortened: shortened),
        measure.interval.map { Self.number($0.low, shortened: shortened) } ?? .null,
        measure.interval.map { Self.number($0.high, shortened: shortened) } ?? .null,
        .integer(Int64(measure.count)), .integer(Int64(measure.score.undefined)),
      ]
    }
  }

  static func number(_ value: Double, shortened: Bool) -> QueryValue {
    shortened ? .text(String(format: "%.4f", value)) : .real(value)
  }

  /// A measure in a sentence.
  static func words(_ measure: Measure) -> String {
    if measure.score.undefined > 0, measure.score.value == 0 {
      return "it is undefined, for there is no case of it, n = \(measure.count)"
    }
    var words = String(format: "it is %.4f", measure.score.value)
    if let interval = measure.interval {
      words += String(format: ", 95 %% from %.4f to %.4f", interval.low, interval.high)
    }
    return words + ", n = \(measure.count)"
  }

  /// A suggestion for a condition with an unknown measure.
  static func hint(_ requirement: Requirement, _ measures: [Measure]) -> String {
    let own = measures.filter { $0.slice == "all" }
    let named = own.filter { $0.name == requirement.measure }
    guard named.isEmpty else {
      let labels = named.map(\.label.text).listed(most: 10)
      return "\(requirement.measure) is about one label; say \(requirement.measure)[LABEL] with one of \(labels)"
    }
    var names: [String] = []
    for measure in own where !names.contains(measure.name) { names.append(measure.name) }
    return
      "no such measure\(DidYouMean.hint(for: requirement.measure, in: names)); there are \(names.listed(most: 40))"
  }
}
