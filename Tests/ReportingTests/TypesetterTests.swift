import Reporting
import Results
import Testing

@Suite struct TypesetterTests {
  @Test func markupIsDrawnAsText() throws {
    let typesetter = try Typesetter()
    #expect(typesetter.width(of: "<b>x</b>", .small) > 3 * typesetter.width(of: "x", .small))
  }

  @Test func longTextIsCutToItsWidth() throws {
    let typesetter = try Typesetter()
    let text = try #require(typesetter.shape(String(repeating: "word ", count: 2000), .small, width: 80))
    #expect(text.isCut)
    #expect(text.lines == 1)
    #expect(text.width <= 80.01)
  }

  @Test func linesAreBounded() throws {
    let typesetter = try Typesetter()
    let text = try #require(
      typesetter.shape(String(repeating: "word ", count: 2000), .small, width: 80, lines: 3))
    #expect(text.lines == 3)
    #expect(text.isCut)
  }

  /// A code point of the last plane for private use.
  @Test func aCharacterThatNoFontHasIsAnEscapeAndNamed() throws {
    let typesetter = try Typesetter()
    #expect(typesetter.width(of: "a\u{10FFFD}b", .small) == typesetter.width(of: "a\\u{10FFFD}b", .small))
    #expect(try #require(MissingFonts.notice).contains("U+10FFFD"))
  }

  @Test func missingFontsAreNamedByTheirPackages() {
    #expect(
      MissingFonts.packages(for: ["\u{65E5}", "\u{1F600}", "\u{300C}"]) == ["fonts-noto-cjk", "fonts-noto-color-emoji"])
    #expect(MissingFonts.packages(for: ["\u{0628}"]) == ["fonts-noto-core"])
  }

  @Test func aLineBreakIsShownAsAnEscape() throws {
    let text = try #require(try Typesetter().shape("a\nb\nc", .small))
    #expect(text.lines == 1)
  }
}

@Suite struct DrawingLibrariesTests {
  @Test func versionsHaveThreeNumbers() {
    for version in [DrawingLibraries.pangoVersion, DrawingLibraries.cairoVersion] {
      #expect(version.split(separator: ".").allSatisfy { Int($0) != nil })
      #expect(version.split(separator: ".").count == 3)
    }
  }

  @Test func reportFontsAreAmongTheFound() {
    let found = DrawingLibraries.fontFamilies()
    #expect(!found.isEmpty)
    #expect(!found.contains("Sans"))
    #expect(DrawingLibraries.reportFonts().allSatisfy(found.contains))
  }
}
