import Annotation
import Bytes
import GRDB
import Inputs
import ResultsFixtures
import Store

/// A store with a sample, in a folder of its own.
struct SampleFixture {
  let store: TestStore
  var path: String { store.path }

  /// The posts are `k1`, `k2` … with these texts, and have no pictures but those of `images`.
  init(_ texts: [String], images: [Int: (path: String, hash: String)] = [:], labels: [String] = ["no", "yes"]) throws {
    let rows = texts.enumerated().map { TestRow(key: "k\($0 + 1)", text: $1, image: nil, predicted: labels[0]) }
    store = try TestStore(rows: rows, labels: labels) { db in
      try db.execute(
        sql: "INSERT INTO sample VALUES (1, 'first', 1, 'random', '{\"seed\":\"1\"}', '2026-01-31T12:00:00Z')")
      for number in 1...texts.count {
        try db.execute(sql: "INSERT INTO sample_post VALUES (1, ?1, ?1, 0, 0.5)", arguments: [number])
      }
      for (number, image) in images {
        try db.execute(
          sql: "UPDATE post SET image = ?, picture_hash = ? WHERE id = ?", arguments: [image.path, image.hash, number])
      }
    }
  }

  func posts(annotator: String = "anna", sample: String? = nil) throws -> SamplePosts {
    let reader = try store.reader()
    defer { reader.close() }
    return try SamplePosts(from: reader, sample: sample, annotator: annotator)
  }

  func session(annotator: String = "anna", labels: [ByteText]? = nil, patience: Double = 0) throws -> AnnotationSession
  {
    let access = SampleStore(path: path, annotator: annotator, patience: patience)
    return try AnnotationSession(
      try posts(annotator: annotator), annotator: annotator, labels: labels, write: access.write)
  }

  /// The labels in the store as `post annotator label`, and the notes as `post annotator "note"`.
  func stored() throws -> [String] {
    let reader = try store.reader()
    defer { reader.close() }
    return try reader.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT post_id || ' ' || source || ' ' || label FROM label
          UNION ALL SELECT post_id || ' ' || source || ' "' || note || '"' FROM label_note ORDER BY 1
          """)
    }
  }
}
