import Bytes
import Exporting
import Foundation
import GRDB
import Queries
import Store
import Testing

@Suite struct RunFolderExportTests {
  private func write(_ fixture: ExportFixture, _ name: String = "out") throws -> RunFolderExport.Summary {
    try RunFolderExport.write(
      RunExport(path: fixture.store, run: nil), to: fixture.folder + "/" + name, corpus: nil, format: CorpusCSVFormat())
  }

  private func names(_ folder: String) throws -> [String] {
    // An open store has side files.
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix("posts.sqlite-") }.sorted()
  }

  @Test func holdsRowsVectorsAndMetadata() throws {
    let fixture = try ExportFixture()
    let summary = try write(fixture)
    let folder = fixture.folder + "/out"
    #expect(
      try names(folder) == [
        "fused-rows.csv", "fused.npy", "image-rows.csv", "image.npy", "metadata.json", "rows.csv", "rows.jsonl",
        "text-rows.csv", "text.npy",
      ])
    #expect(summary.vectors.map(\.space) == ["text", "image", "fused"])
    #expect(summary.vectors.map(\.count) == [3, 1, 3])
    #expect(try names(fixture.folder) == ["out", "posts.csv", "posts.sqlite"])
    let index = try String(contentsOfFile: folder + "/text-rows.csv", encoding: .utf8)
    #expect(index == "row,export_row,key,post_id\n0,0,a,1\n1,1,b,2\n2,5,e,3\n")
    let csv = try String(contentsOfFile: folder + "/rows.csv", encoding: .utf8)
    #expect(csv.hasPrefix("id,text,image,label,likes,note,clfa_state,"))
    #expect(csv.contains("\nb,=1+1,,plain,0,,without_picture,plain,0.75,0.25,0.75,,\n"))
    let lines = try String(contentsOfFile: folder + "/rows.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 6)
  }

  @Test func numpyReadsTheVectors() throws {
    let fixture = try ExportFixture()
    _ = try write(fixture)
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: fixture.folder + "/out/text.npy")))
    #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    let length = Int(bytes[8]) + Int(bytes[9]) << 8
    #expect((10 + length) % 64 == 0)
    let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }"))
    #expect(header.last == "\n")
    let values = bytes[(10 + length)...].withUnsafeBytes { data in
      (0..<data.count / 4).map { Float(bitPattern: data.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
    }
    #expect(values == [1, 2, 1, 1, 2, 2, 1, 2, 6])
  }

  @Test func vectorsOfAnotherWidthAreLeftOutAndReported() throws {
    let fixture = try ExportFixture()
    try DatabaseQueue(path: fixture.store).write { db in
      try db.execute(sql: "UPDATE embedding SET vector = x'00' WHERE post_id = 2 AND space = 'text'")
    }
    let summary = try write(fixture)
    #expect(summary.vectors.first?.count == 2)
    #expect(summary.notices.contains { $0.hasPrefix("1 of the text vectors") })
  }

  /// Every canned query, run like Datasette runs it with an empty form, gives the result of the named query.
  @Test func cannedQueriesGiveTheResultsOfTheNamedOnes() throws {
    let fixture = try ExportFixture()
    let notices = try write(fixture).notices
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: fixture.folder + "/out/metadata.json")))
    let database = try #require(((json as? [String: Any])?["databases"] as? [String: Any])?["posts"] as? [String: Any])
    let queries = try #require(database["queries"] as? [String: [String: Any]])
    for query in try NamedQuery.all {
      guard let canned = queries[query.name] else {
        #expect(notices.contains { $0.hasPrefix(query.name + " ") }, "\(query.name) is neither there nor named")
        continue
      }
      let sql = try #require(canned["sql"] as? String)
      let params = try #require(canned["params"] as? [String])
      #expect(params == query.parameters?.map(\.name.text))
      #expect((canned["description"] as? String)?.hasPrefix(query.summary) == true)
      let given = (query.parameters ?? []).filter { $0.defaultValue == nil }.map { ($0.name.text, "latest") }
      let values = Dictionary(params.map { ($0, "") } + given) { $1 }
      let found = try DatabaseQueue(path: fixture.store).read { db in
        try Row.fetchAll(
          db, sql: sql, arguments: StatementArguments(values.mapValues { $0 as (any DatabaseValueConvertible)? })
        ).map { row in
          Array(row.databaseValues.map { $0.description })
        }
      }
      var expected: [[String]] = []
      try QueryRunner(path: fixture.store).run(
        query, arguments: given.map { QueryArgument(name: ByteText($0.0), value: $0.1) }
      ) { _ in
      } row: { values in
        expected.append(values.map { Self.databaseValue($0).description })
        return true
      }
      #expect(found == expected, "\(query.name)")
    }
    #expect(queries.count >= 10)
  }

  private static func databaseValue(_ value: QueryValue) -> DatabaseValue {
    switch value {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .real(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .blob(let bytes): Data(bytes).databaseValue
    }
  }

  @Test func nothingIsOverwrittenAndNoPartStays() throws {
    let fixture = try ExportFixture()
    let folder = fixture.folder + "/out"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try write(fixture)
    #expect(throws: ExportError.exists(path: folder)) { try write(fixture) }
    #expect(throws: ExportError.exists(path: fixture.corpus)) { try write(fixture, "posts.csv") }
    let run = try RunExport(path: fixture.store, run: nil)
    #expect(throws: ExportError.exists(path: fixture.corpus)) {
      try RunFileExport.write(run, to: fixture.corpus, corpus: nil, format: CorpusCSVFormat())
    }
    // An error halfway also leaves nothing.
    try Data("id,text\na,other\n".utf8).write(to: URL(filePath: fixture.corpus))
    #expect(throws: ExportError.self) {
      try RunFolderExport.write(
        run, to: fixture.folder + "/again", corpus: fixture.reader(), format: CorpusCSVFormat())
    }
    #expect(throws: ExportError.self) {
      try RunFileExport.write(
        run, to: fixture.folder + "/again.csv", corpus: fixture.reader(), format: CorpusCSVFormat())
    }
    #expect(try names(fixture.folder) == ["out", "posts.csv", "posts.sqlite"])
  }

  @Test func stopsWhenAsked() throws {
    let fixture = try ExportFixture()
    let run = try RunExport(path: fixture.store, run: nil) { true }
    #expect(throws: (any Error).self) {
      try RunFileExport.write(run, to: fixture.folder + "/x.csv", corpus: nil, format: CorpusCSVFormat())
    }
    #expect(try names(fixture.folder) == ["posts.csv", "posts.sqlite"])
  }
}
