import Foundation
import GRDB
import Store
import TestSupport
import Testing

/// Every table with data of posts must be copied in a merge and emptied of a forgotten post.
@Suite struct PostTablesTests {
  private static let store = URL(filePath: Checkout.root + "/Sources/Store")

  /// The Swift sources below a path of the store's target.
  private static func sources(_ path: String) throws -> String {
    let place = store.appending(path: path)
    guard !path.hasSuffix(".swift") else { return try String(contentsOf: place, encoding: .utf8) }
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".swift") }
    return try names.map { try String(contentsOf: place.appending(path: $0), encoding: .utf8) }.joined()
  }

  @Test func everyTableOfPostsIsMergedAndForgotten() throws {
    let folder = try Scratch()
    let writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
    let tables = try writer.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT m.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c
          WHERE m.type = 'table' AND c.name = 'post_id' ORDER BY m.name
          """)
    }
    #expect(Set(tables).isSuperset(of: ["embedding", "entry", "feature", "label", "prediction", "thumbnail"]))
    let merge = try Self.sources("Merging"), forget = try Self.sources("StoreWriter+Forget.swift")
    for table in tables {
      // An ASCII identifier of our own schema: nothing in it is special in a pattern.
      let written = try Regex(#"(INTO|FROM|JOIN|UPDATE) (\w+\.)?\#(table)\b"#)
      #expect(merge.contains(written), "a merge leaves \(table) behind")
      let removed = try Regex(#"(DELETE FROM|UPDATE) \#(table)\b"#)
      #expect(forget.contains(removed), "a forgotten post stays in \(table)")
    }
  }
}
