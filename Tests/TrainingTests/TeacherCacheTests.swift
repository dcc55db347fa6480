import Bytes
import Archives
import GRDB
import Models
import TestSupport
import Testing
import Training

@Suite struct TeacherCacheTests {
  /// A file of two tensors, as another program may write it.
  private static func file(
    _ scratch: Scratch, text: (TensorType, [Int], [Float]), image: (TensorType, [Int], [Float]), ids: String?
  ) throws -> String {
    let path = scratch.file("teacher.safetensors")
    let entries = [("text", text), ("image", image)].map {
      SafetensorsWriter.Entry(name: $0.0, type: $0.1.0, shape: $0.1.1)
    }
    let writer = try SafetensorsWriter(path: path, entries: entries, metadata: ids.map { [("ids", $0)] } ?? [])
    for (type, _, numbers) in [text, image] {
      try writer.append(numbers.flatMap { bytes($0, type) }.map(Int8.init(bitPattern:)))
    }
    try writer.finish()
    return path
  }

  private static func bytes(_ number: Float, _ type: TensorType) -> [UInt8] {
    switch type {
    case .f16: withUnsafeBytes(of: Float16(number).bitPattern.littleEndian) { Array($0) }
    case .bf16: withUnsafeBytes(of: UInt16(number.bitPattern >> 16).littleEndian) { Array($0) }
    default: withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }
  }

  @Test(arguments: [TensorType.f32, .f16, .bf16]) func everyFormatIsRead(type: TensorType) throws {
    let scratch = try Scratch()
    let path = try Self.file(
      scratch, text: (type, [2, 2], [1, 0.5, -2, 4]), image: (type, [2, 2], [0, 1, 1, 0]), ids: "a,b c")
    let teacher = try TeacherCache.load(path)
    #expect(teacher.count == 2 && teacher.width == 2)
    #expect(teacher["a"] == TeacherVectors(text: [1, 0.5], image: [0, 1]))
    #expect(teacher["b c"] == TeacherVectors(text: [-2, 4], image: [1, 0]))
    #expect(teacher["b"] == nil && teacher["a,b c"] == nil)
    try teacher.check(width: 2)
    #expect(throws: TeacherError.otherWidth(path: path, found: 2, expected: 512)) { try teacher.check(width: 512) }
  }

  @Test(arguments: [
    ["1", "2"], ["a,b", "c"], ["", "x"], ["[1", "2"], ["é", "e\u{301}"], ["quo\"te,", "back\\slash\n"],
  ])
  func idsComeBackToTheByte(ids: [String]) throws {
    let scratch = try Scratch()
    let path = scratch.file("teacher.safetensors")
    try SafetensorsTeacher.write(path, ids: ids, text: [1, 2], image: [3, 4], width: 1)
    let teacher = try TeacherCache.load(path)
    #expect(teacher[ByteText(ids[0])] == TeacherVectors(text: [1], image: [3]))
    #expect(teacher[ByteText(ids[1])] == TeacherVectors(text: [2], image: [4]))
    #expect(SafetensorsTeacher.list(ids).utf8.first == UInt8(ascii: "[") || ids.allSatisfy { !$0.contains(",") })
  }

  @Test func inconsistentFilesAreRejected() throws {
    let scratch = try Scratch()
    let good: (TensorType, [Int], [Float]) = (.f32, [2, 1], [1, 2]), path = scratch.file("teacher.safetensors")
    func error(
      _ text: (TensorType, [Int], [Float])? = nil, _ image: (TensorType, [Int], [Float])? = nil, _ ids: String? = "a,b"
    ) throws -> TeacherError? {
      _ = try Self.file(scratch, text: text ?? good, image: image ?? good, ids: ids)
      return #expect(throws: TeacherError.self) { try TeacherCache.load(path) }
    }
    #expect(try error((.f32, [2], [1, 2])) == .notAMatrix(path: path, name: "text", shape: [2]))
    #expect(
      try error(nil, (.f32, [1, 2], [1, 2])) == .unequalShapes(path: path, text: [2, 1], image: [1, 2]))
    #expect(try error(nil, nil, nil) == .noIDs(path: path))
    #expect(try error(nil, nil, "a,b,c") == .idCount(path: path, ids: 3, rows: 2))
    #expect(try error(nil, nil, "") == .idCount(path: path, ids: 0, rows: 2))
    #expect(try error(nil, nil, "[\"a\",1]") == .badIDs(path: path))
    #expect(try error(nil, nil, "[\"a\",\"b\"") == .badIDs(path: path))
    #expect(try error(nil, nil, "a,a") == .repeatedID(path: path, id: "a"))
    #expect(try error((.f32, [2, 1], [1, .nan])) == .notFinite(path: path, name: "text", id: "b"))
    #expect(try error(nil, (.f16, [2, 1], [.infinity, 1])) == .notFinite(path: path, name: "image", id: "a"))
    #expect(try error(nil, (.f32, [2, 1], [0, 1])) == .zero(path: path, name: "image", id: "a"))
    #expect(try error((.f32, [0, 1], []), (.f32, [0, 1], []), "") == .empty(path: path))
    #expect(try error((.f32, [2, 0], []), (.f32, [2, 0], [])) == .empty(path: path))
    let missing = scratch.file("none.safetensors")
    #expect(throws: TeacherError.missing(path: missing)) { try TeacherCache.load(missing) }
    let text = try scratch.write("words.txt", "these are no vectors")
    #expect(throws: TeacherError.self) { try TeacherCache.load(text) }
  }

  @Test func aTensorThatIsMissingIsNamed() throws {
    let scratch = try Scratch(), path = scratch.file("teacher.safetensors")
    let writer = try SafetensorsWriter(
      path: path, entries: [.init(name: "text", type: .f32, shape: [1, 1])], metadata: [("ids", "a")])
    try writer.append([Float(1)])
    try writer.finish()
    #expect(throws: TeacherError.missingTensor(path: path, name: "image")) { try TeacherCache.load(path) }
  }

  /// An SQLite file made by these statements.
  private static func database(_ scratch: Scratch, _ sql: String) throws -> String {
    let path = scratch.file("teacher.sqlite")
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    return path
  }

  private static let table = "CREATE TABLE teacher (id TEXT PRIMARY KEY, text BLOB, image BLOB);"

  @Test func tablesAreRead() throws {
    let scratch = try Scratch()
    let path = try Self.database(
      scratch,
      Self.table + """
        INSERT INTO teacher VALUES ('a', x'0000803f00000040', x'000000bf00000000');
        INSERT INTO teacher VALUES ('7', x'0000803f0000803f', x'0000803f0000803f'), ('c', x'0000803f0000803f', NULL);
        """)
    let teacher = try TeacherCache.load(path)
    #expect(teacher.count == 2 && teacher.width == 2)
    #expect(teacher["a"] == TeacherVectors(text: [1, 2], image: [-0.5, 0]))
    #expect(teacher["7"] != nil && teacher["c"] == nil)
    #expect(try scratch.names() == ["teacher.sqlite"])
  }

  @Test(arguments: [
    ("x'0000803f00'", TeacherError.badBlob(path: "", name: "image", id: "a", width: 1)),
    ("x''", .badBlob(path: "", name: "image", id: "a", width: 1)),
    ("'text'", .badBlob(path: "", name: "image", id: "a", width: 1)),
    ("x'0000803f0000803f'", .badBlob(path: "", name: "image", id: "a", width: 1)),
    ("x'0000c07f'", .notFinite(path: "", name: "image", id: "a")),
    ("x'00000000'", .zero(path: "", name: "image", id: "a")),
    ("NULL", .empty(path: "")),
  ])
  func cellsWithoutVectorsAreRejected(cell: String, expected: TeacherError) throws {
    let scratch = try Scratch()
    let path = try Self.database(
      scratch, Self.table + "INSERT INTO teacher VALUES ('a', x'0000803f', \(cell))")
    let error = #expect(throws: TeacherError.self) { try TeacherCache.load(path) }
    #expect("\(try #require(error))" == path + "\(expected)")
  }

  @Test(arguments: [
    "CREATE TABLE other (id)",
    """
    CREATE VIEW teacher AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
    SELECT id, x'0000803f' AS text, x'0000803f' AS image FROM n
    """,
  ])
  func onlyATableIsRead(sql: String) throws {
    let scratch = try Scratch(), path = try Self.database(scratch, sql)
    #expect(throws: TeacherError.noTable(path: path)) { try TeacherCache.load(path) }
  }

  @Test func aTableOfOtherColumnsIsNamed() throws {
    let scratch = try Scratch(), path = try Self.database(scratch, "CREATE TABLE teacher (id TEXT, vector BLOB)")
    #expect(throws: TeacherError.sqlite(path: path, reason: "no such column: text")) { try TeacherCache.load(path) }
  }
}
