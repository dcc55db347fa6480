import Foundation
import TestSupport
import Testing

/// The import graph of the sources against the table in `docs/architecture.md`.
@Suite struct ImportTests {
  private static let root = URL(filePath: Checkout.root)

  /// Toolchain modules, which every target may import.
  private static let toolchain: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
  ]

  /// The allowed imports of each target, from the table's rows: `| target | may import | owns |`.
  private static func table() throws -> [String: Set<String>] {
    let page = try String(contentsOf: root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
    var table: [String: Set<String>] = [:]
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3 else { continue }
      let names = cells[1].split(separator: ",").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `–")) }
      let target = cells[0].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
      #expect(table[target] == nil, "\(target) has two rows")
      table[target] = Set(names.filter { !$0.isEmpty })
    }
    return table
  }

  /// The Swift targets of the tree and their folders.
  private static func targets() throws -> [String: URL] {
    var targets: [String: URL] = [:]
    let sources = root.appendingPathComponent("Sources")
    for name in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
      let folder = sources.appendingPathComponent(name)
      if !swiftFiles(in: folder).isEmpty { targets[name] = folder }
    }
    for name in ["Queries", "Reports"] { targets[name] = root.appendingPathComponent(name) }
    return targets
  }

  private static func swiftFiles(in folder: URL) -> [URL] {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
  }

  /// The modules that a file imports, each with its line.
  private static func imports(of file: URL) throws -> [(line: Int, module: String)] {
    let text = try String(contentsOf: file, encoding: .utf8)
    let pattern =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
      line.firstMatch(of: pattern).map { (number + 1, String($0.1)) }
    }
  }

  @Test func everyImportIsInTheTable() throws {
    let table = try Self.table()
    for (target, folder) in try Self.targets() {
      let allowed = try #require(table[target], "docs/architecture.md has no row for \(target)")
      for file in Self.swiftFiles(in: folder) {
        for (line, module) in try Self.imports(of: file) where !Self.toolchain.contains(module) {
          #expect(
            allowed.contains(module),
            "\(file.path.dropFirst(Self.root.path.count + 1)):\(line): \(target) may not import \(module)")
        }
      }
    }
  }

  @Test func theTableHasNoUnknownTargetOrUnusedImport() throws {
    let targets = try Self.targets()
    for (target, allowed) in try Self.table() {
      let folder = try #require(targets[target], "docs/architecture.md names \(target), which is not in the tree")
      var used: Set<String> = []
      for file in Self.swiftFiles(in: folder) { used.formUnion(try Self.imports(of: file).map(\.module)) }
      let unused = allowed.subtracting(used)
      #expect(unused.isEmpty, "\(target) no longer imports \(unused.sorted().joined(separator: ", "))")
    }
  }

  @Test func theTableHasNoCycle() throws {
    let table = try Self.table()
    var finished: Set<String> = [], path: [String] = []
    func visit(_ target: String) {
      if finished.contains(target) { return }
      guard !path.contains(target) else {
        Issue.record("a cycle: \((path + [target]).joined(separator: " → "))")
        return
      }
      path.append(target)
      for next in (table[target] ?? []).sorted() where table[next] != nil { visit(next) }
      path.removeLast()
      finished.insert(target)
    }
    for target in table.keys.sorted() { visit(target) }
    #expect(finished.count == table.count)
  }

  /// The main boundaries of the architecture; a row of the table that crosses one is an error.
  @Test(arguments: [
    ("Training", ["Scoring", "Store", "Queries", "CImages"]),
    ("CorpusCheck", ["Scoring", "Store", "CCairo"]),
    ("Inputs", ["Corpus"]),
    ("Results", ["CCairo", "Reporting"]),
    ("Preparation", ["Scoring", "Store"]),
    ("Reporting", ["GRDB", "GRDBSQLite", "Queries", "Store"]),
  ])
  func aWallStands(target: String, forbidden: [String]) throws {
    let allowed = try #require(try Self.table()[target])
    #expect(allowed.isDisjoint(with: forbidden), "\(target) reaches \(allowed.intersection(forbidden).sorted())")
  }
}
