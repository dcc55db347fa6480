import Foundation
import TestSupport
import Testing

/// Texts from outside are compared as `ByteText`, not by hand.
@Suite struct ByteTextRulesTests {
  /// `ByteText` is the one place that compares the bytes of two texts.
  @Test func noSourceComparesTheBytesOfTextsByHand() throws {
    var found: Set<String> = []
    for folder in ["Sources", "Queries", "Reports"] {
      let files = FileManager.default.enumerator(
        at: URL(filePath: Checkout.root + "/" + folder), includingPropertiesForKeys: nil)
      for case let file as URL in try #require(files) where file.pathExtension == "swift" {
        let source = try String(contentsOf: file, encoding: .utf8)
        if ["hasSameBytes", ".utf8.elementsEqual("].contains(where: source.contains) {
          found.insert(file.lastPathComponent)
        }
      }
    }
    #expect(found == ["ByteText.swift"])
  }
}
