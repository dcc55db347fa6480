import Corpus
import Foundation
import Queries
import Testing

/// The documented contract against the program.
@Suite struct DesignDocumentTests {
  @Test func theDocumentedSchemaIsTheStores() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("one.csv", "text\nhello\n")
    _ = try await workdir.run(Workdir.score(corpus, "one.sqlite"))
    let found = try workdir.rows(
      "one.sqlite",
      #"""
      SELECT m.name, group_concat(c.name, ', ') FROM sqlite_master AS m, pragma_table_info(m.name) AS c
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'grdb_migrations'
        AND m.name NOT LIKE 'post\_search\_%' ESCAPE '\'
      GROUP BY m.name ORDER BY m.name
      """#)
    let documented = DesignDocument.tables.map { "\($0.key)|\($0.value.joined(separator: ", "))" }.sorted()
    #expect(found.sorted() == documented)
  }

  @Test func theDocumentedFormatsAreThePrograms() {
    #expect(DesignDocument.text.contains("--format " + RowFormatName.allCases.map(\.rawValue).joined(separator: "|")))
  }

  @Test func theDocumentedFaultsAreThePrograms() {
    let codes = Set(FaultCode.allCases.map(\.rawValue))
    #expect(DesignDocument.faultCodes.intersection(codes) == codes)
    #expect(DesignDocument.faultCodes.subtracting(["corpus", "image", "model"]).subtracting(codes).isEmpty)
  }
}
