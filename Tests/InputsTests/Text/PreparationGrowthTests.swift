import Inputs
import Testing

/// How often the steps of a preparation read a scalar of their text: no text may make them go over it again and again.
@Suite struct PreparationGrowthTests {
  /// Scalars that count how often they are read.
  private struct CountedScalars: ScalarText {
    final class Reads { var count = 0 }

    let scalars: [Unicode.Scalar]
    let reads = Reads()
    var startIndex: Int { 0 }
    var endIndex: Int { scalars.count }

    subscript(place: Int) -> Unicode.Scalar {
      reads.count += 1
      return scalars[place]
    }
  }

  /// What begins like something that is looked for, over and over.
  static let parts = [
    "a", "&", "&#", "&#1", "&#x", "&amp", "&amp;", "h", "http://", "http://.", "https://))", "www.", "www", "@", "@a",
    "#", "#a",
    "#aB1", "#_", "_", "1", "1.", "1,a", "😀", "👩\u{200D}", "🇩", "\u{FE0F}", "1\u{FE0F}\u{20E3}", "#\u{FE0F}", "\u{301}",
    " ",
    "\u{A0}a",
  ]

  @Test(
    arguments: [
      "unescape-html", "collapse-space", "url=URL", "user=USER", "number=NUM", "hashtag=split", "emoji=names",
    ], parts)
  func eightTimesTheTextIsReadEightTimesAsOften(step: String, part: String) throws {
    let step = try TextStep(step), size = part.unicodeScalars.count
    func reads(_ count: Int) -> Int {
      let text = CountedScalars(scalars: Array(String(repeating: part, count: count / size).unicodeScalars))
      _ = step.apply(to: text)
      return text.reads.count
    }
    let few = reads(1200), many = reads(9600)
    #expect(few >= 1000 && many <= 9 * few, "\(few), then \(many)")
    #expect(few <= 20 * 1200, "\(few)")
  }
}
