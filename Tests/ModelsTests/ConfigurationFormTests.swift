import Bytes
import Foundation
import Models
import Testing

/// The bytes of `config.json`, the input of a fingerprint, and the error messages, as in `Data/configurations.txt`.
///
/// A line with `<` is a whole file, one with `+` is added to the smallest file. The lines below it are the text that is
/// written for it (`>`) and each key that differs from its default with its value (`=`), or the error message (`!`).
@Suite struct ConfigurationFormTests {
  private static let least = #"{"format":"clfa-model/1","label_names":["no","yes"]"#

  @Test func configurationsKeepTheirForm() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/configurations.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    var expected: [String] = [], found: [String] = []
    for line in lines where !line.hasPrefix("#") {
      expected.append(line)
      let text = String(line.dropFirst(2))
      if line.hasPrefix("<") { found += [line] + Self.forms(text) }
      if line.hasPrefix("+") { found += [line] + Self.forms("\(Self.least),\(text)}") }
    }
    #expect(found.count > 600)
    let different = zip(found, expected).filter { ByteText($0) != ByteText($1) }
    for (found, expected) in different.prefix(10) { Issue.record("\(found), not \(expected)") }
    #expect(found.count == expected.count)
  }

  @Test func theDocumentedTableHasEveryKey() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let page = try String(contentsOf: root.appending(path: "docs/design.md"), encoding: .utf8)
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let heading = try #require(lines.firstIndex(of: "| key of `config.json` | values | default | what it says |"))
    let table = lines[(heading + 2)...].prefix { $0.hasPrefix("|") }
    #expect(Array(table) == ModelConfiguration.documentation)
  }

  /// A configuration as the program writes it, line by line.
  static func forms(_ json: String) -> [String] {
    do {
      let configuration = try ModelConfiguration(json: Array(json.utf8))
      return ["> \(configuration.json.dropLast())"]
        + configuration.canonical.map { "= \($0.key) \(JSONWriter.quoted($0.value))" }
    } catch {
      return ["! \(error)"]
    }
  }
}
