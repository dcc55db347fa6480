import Foundation
import Testing

/// The links and paths in the documents exist.
@Suite struct DocumentLinksTests {
  /// The project's own pages.
  private static let pages: [String] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: Workdir.repository + "/docs")) ?? []
    return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
      + docs.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
  }()

  @Test(arguments: pages)
  func everyLinkedFileIsThere(page: String) throws {
    let text = try String(contentsOfFile: Workdir.repository + "/" + page, encoding: .utf8)
    let folder = URL(filePath: Workdir.repository + "/" + page).deletingLastPathComponent()
    for match in text.matches(of: /\]\(([^)#:\s]+)(#[^)]*)?\)/) {
      let path = folder.appending(path: String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(page) links to \(match.1)")
    }
    // Pages that are named in passing, as in the comments of a listing of commands.
    for match in text.matches(of: /docs\/[a-z]+\.(md|png)/) {
      #expect(FileManager.default.fileExists(atPath: Workdir.repository + "/" + match.0), "\(page) names \(match.0)")
    }
  }

  @Test func everyPageIsNamedInTheReadme() throws {
    let readme = try String(contentsOfFile: Workdir.repository + "/README.md", encoding: .utf8)
    #expect(Self.pages.count > 10)
    for page in Self.pages where page.hasPrefix("docs/") { #expect(readme.contains(page), "\(page)") }
  }
}
