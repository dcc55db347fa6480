import Bytes
import Testing

@Suite struct IsolatedTests {
  private let ironic = "ساخر", sincere = "صادق"

  @Test func anArabicNameIsIsolatedAndOtherTextStaysToTheByte() {
    #expect(ironic.isolated == "\u{2068}ساخر\u{2069}")
    #expect(ironic.printable == "\u{2068}ساخر\u{2069}")
    for text in ["ironic", "", "讽刺", "👩‍👩‍👧", "e\u{301}", "a → b", "=1+1", "\u{2068}abc\u{2069}"] {
      #expect(text.isolated.utf8.elementsEqual(text.utf8))
    }
    #expect("שלום".isolated.hasPrefix("\u{2068}") && "٣".isolated.hasPrefix("\u{2068}"))
  }

  @Test func isolatingTwiceChangesNothing() {
    let once = "\(ironic.printable) → \(sincere.printable)"
    #expect(once == "\u{2068}ساخر\u{2069} → \u{2068}صادق\u{2069}")
    #expect(once.printable == once && once.isolated == once && once.isolatingNames == once)
    #expect(once.printableLines == once && once.printableLine == once)
    #expect(once.withoutIsolates == "ساخر → صادق")
    // A sentence with names is isolated as a whole, and never twice.
    #expect("\(ironic.printable) → \(sincere)".printable == "\u{2068}ساخر → صادق\u{2069}")
  }

  @Test func marksFromOutsideCannotOpenOrCloseAnIsolateOfOurs() {
    #expect("ساخر\u{2069}\u{202E}".printable == "\u{2068}ساخر\\u2069\\u202e\u{2069}")
    #expect("\u{2068}ساخر".printable == "\u{2068}\\u2068ساخر\u{2069}")
    #expect("\u{2068}abc\u{2069}".printable == "\\u2068abc\\u2069")
    #expect("\u{2068}\u{2068}ساخر\u{2069}\u{2069}".printableLines == "\\u2068\u{2068}ساخر\u{2069}\\u2069")
    #expect("\u{2068}سا\nخر\u{2069}".printableLines == "\\u2068سا\nخر\\u2069")
  }

  @Test func shortenedLinesCloseTheirIsolates() {
    let line = "ساخر: 5 rows, صادق: 3 rows"
    #expect(line.isolatedBeginning(columns: nil) == "\u{2068}ساخر\u{2069}: 5 rows, \u{2068}صادق\u{2069}: 3 rows")
    #expect(line.isolatedBeginning(columns: 16) == "\u{2068}ساخر\u{2069}: 5 rows, \u{2068}صا\u{2069}")
    // Names that are isolated already are cut the same way.
    #expect(line.isolatingNames.isolatedBeginning(columns: 16) == line.isolatedBeginning(columns: 16))
    #expect("plain words".isolatedBeginning(columns: 5) == "plain")
  }

  @Test func namesInAnUnmarkedSentenceAreIsolatedOneByOne() {
    #expect(
      "run ساخر جداً finished: 5, صادق: 3".isolatingNames
        == "run \u{2068}ساخر جداً\u{2069} finished: 5, \u{2068}صادق\u{2069}: 3")
    #expect("ساخر → صادق".isolatingNames == "\u{2068}ساخر\u{2069} → \u{2068}صادق\u{2069}")
    #expect("plain 'words' and a model's name".isolatingNames == "plain 'words' and a model's name")
    // A command is copied as it is.
    #expect("go on: clfa score 'ساخر.csv' --run x".isolatingNames == "go on: clfa score 'ساخر.csv' --run x")
  }
}
