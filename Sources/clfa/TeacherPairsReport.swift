import Evaluation
import Results

/// How well a teacher's vectors tell own pairs from others, in words.
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
    return ["\(name): " + Self.sentence(pairs)] + (pairs.isNoBetterThanChance ? [warning(pairs)] : [])
  }

  private var name: String { isHeldOut ? "held-out pairs" : "pairs" }

  /// `a text is closer to its own picture than to another in 97.2 % of cases (95 %: 96.1 to 98.0 %; chance 50 %); …`
  static func sentence(_ pairs: PairRetrieval) -> String {
    let first = pairs.first.map { first in
      "its own picture is the first of \(Format.count(first.pictures)) in "
        + share(first.share, of: "texts", chance: first.chance)
    }
    let area = "a text is closer to its own picture than to another in " + share(pairs.area, of: "cases", chance: 0.5)
    return ([area] + first).joined(separator: "; ")
      + "; \(Format.count(pairs.posts)) posts with different texts and pictures"
  }

  private static func share(_ estimate: Estimate, of things: String, chance: Double) -> String {
    func percent(_ share: Double) -> String { Format.percent(share, decimals: 1) }
    return
      "\(percent(estimate.value)) % of \(things) (95 %: \(percent(estimate.low)) to \(percent(estimate.high)) %; chance "
      + "\(percent(chance)) %)"
  }

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
