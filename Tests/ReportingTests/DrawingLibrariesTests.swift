import Reporting
import Testing

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
