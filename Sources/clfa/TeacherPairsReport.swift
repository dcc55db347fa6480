import Evaluation
import Reporting

/// How well a teacher's vectors tell own pairs from others, in the words of a report.
struct TeacherPairsReport {
  private let pairs: PairRetrieval?
  private let isCentred: Bool
  private let isHeldOut: Bool

  /// `isCentred`: whether the vectors are, so that this need not be tried; `isHeldOut`: whether the pairs were kept out of
  /// what the teacher learnt from.
  init(_ pairs: PairRetrieval?, isCentred: Bool = false, isHeldOut: Bool = false) {
    (self.pairs, self.isCentred, self.isHeldOut) = (pairs, isCentred, isHeldOut)
  }

  /// The finding, and a warning where it is no better than chance.
  var lines: [String] {
    guard let pairs else {
      return [
        "\(name): not measured; fewer than \(PairRetrieval.leastPosts) posts have a text and a picture of their own"
      ]
    }
    let findings = [Conclusion.closer(pairs.area)] + pairs.first.map { .firstOf($0) }
    return ["\(name): " + findings.map(\.sentence).joined(separator: " ")]
      + (pairs.isNoBetterThanChance ? [warning(pairs)] : [])
  }

  private var name: String { isHeldOut ? "held-out pairs" : "pairs" }

  private func warning(_ pairs: PairRetrieval) -> String {
    let advice =
      isHeldOut
      ? ["give more captions", "check --text-column and --image-column", "try another --learning-rate"]
      : ["try another teacher", "check --text-column and --image-column"] + (isCentred ? [] : ["try --centre"])
    if pairs.area.high > 0.5, pairs.posts < 100 {
      return
        "notice: \(pairs.posts) posts are too few to tell whether the teacher knows which text belongs to which picture; "
        + "give more, or \(advice[0])"
    }
    return "notice: the teacher does not know which text belongs to which picture, so alignment with it cannot help; "
      + advice.joined(separator: ", or ")
  }
}
