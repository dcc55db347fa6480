internal import Foundation
internal import GRDB
internal import Models

/// Teacher vectors as rows of a table: `teacher(id, text, image)`, blobs of little-endian float32. Further columns
/// belong to feature streams; NULL there means that the post has no vector.
///
/// A row with NULL as its text or picture is left out, because the teacher knows only one side of the post.
enum SQLiteTeacher {
  /// The first bytes of every SQLite file.
  static let beginning = Array("SQLite format 3\0".utf8)

  static func load(_ path: String) throws(TeacherError) -> TeacherCache {
    var rows = Vectors(path: path)
    do {
      try queue(path).read { database in
        // A view could compute forever; a table only stores values.
        let tables = try Int.fetchOne(
          database,
          sql: "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name = 'teacher' AND type = 'table'")
        guard tables == 1 else { throw TeacherError.noTable(path: path) }
        // A stream's name needs no quotes.
        let columns = try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('teacher')")
        rows.streams = columns.filter(FeatureStream.isName).map { TeacherCache.Stream(name: $0, numbers: []) }
        let list = (["text", "image"] + rows.streams.map { "\"\($0.name)\"" }).joined(separator: ", ")
        let cursor = try Row.fetchCursor(database, sql: "SELECT CAST(id AS TEXT), \(list) FROM teacher")
        while let row = try cursor.next() { try rows.add(row) }
      }
    } catch let error as TeacherError {
      throw error
    } catch {
      throw .sqlite(path: path, reason: (error as? DatabaseError)?.message ?? "\(error)")
    }
    return try TeacherCache(
      path: path, ids: rows.ids, text: rows.text, image: rows.image, streams: rows.streams, width: rows.width ?? 0)
  }

  /// A connection that only reads; damaged pages are errors.
  static func queue(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF")
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// The rows as they add up.
  private struct Vectors {
    let path: String
    var ids: [String] = []
    var text: [Float] = []
    var image: [Float] = []
    var streams: [TeacherCache.Stream] = []
    var width: Int?

    init(path: String) { self.path = path }

    mutating func add(_ row: Row) throws(TeacherError) {
      guard let id = String.fromDatabaseValue(row[0]) else { return }
      let cells: [DatabaseValue] = [row[1], row[2]]
      if cells.contains(where: \.isNull) { return }
      text += try vector(cells[0], "text", id)
      image += try vector(cells[1], "image", id)
      for (place, stream) in streams.enumerated() {
        let cell: DatabaseValue = row[3 + place]
        streams[place].numbers +=
          cell.isNull ? [Float](repeating: 0, count: width ?? 0) : try vector(cell, stream.name, id)
      }
      ids.append(id)
    }

    private mutating func vector(_ cell: DatabaseValue, _ name: String, _ id: String) throws(TeacherError) -> [Float] {
      guard case .blob(let data) = cell.storage, data.count.isMultiple(of: 4), !data.isEmpty,
        data.count / 4 == width ?? data.count / 4
      else { throw .badBlob(path: path, name: name, id: id, width: width) }
      width = data.count / 4
      return data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { index in
          Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        }
      }
    }
  }
}
