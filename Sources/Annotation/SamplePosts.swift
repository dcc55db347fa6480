package import Bytes
import GRDB
package import Inputs
package import Store

/// The posts of a sample, as an annotator sees them.
package struct SamplePosts: Sendable {
  /// One post.
  package struct Post: Sendable {
    /// Its place in the sample, from 1.
    package var number: Int
    /// Its row in the store.
    package var id: Int64
    package var key: String
    package var text: String
    /// The picture's path as written in the corpus; nil if the store has none.
    package var image: String?
    /// SHA-256 of the picture that was scored, in hexadecimal; nil for a post without a picture.
    package var pictureHash: String?
    /// The model's answer; nil if the run has none for the post.
    package var prediction: Prediction?
  }

  /// What the model says about a post.
  package struct Prediction: Sendable {
    package var label: ByteText
    package var confidence: Double
  }

  package var sample: String
  package var run: String
  /// The run's places of pictures as recorded.
  package var images: String?
  package var match: PictureMatch
  /// The model's labels in its order.
  package var labels: [ByteText]
  /// The labels that the annotator had keys for the last time, in their order; nil the first time.
  package var keys: [ByteText]?
  /// In the order of the sample.
  package var posts: [Post]
  /// What the annotator has said so far, by the number of the post.
  package var annotations: [Int: Annotation]

  /// SHA-256 of the posts' keys and texts in their order, in hexadecimal: samples of other stores may have the same name.
  package var identity: String {
    var hash = SHA256()
    for post in posts { hash.update(data: Array(post.key.utf8) + [0] + Array(post.text.utf8) + [0]) }
    return hash.finalize().hexadecimal
  }

  /// Reads a sample by its name, the latest for nil, with the labels of an annotator. The texts are kept in memory.
  ///
  /// Throws `AnnotationError.noSamples`, `noSuchSample` or `emptySample`; `StoreError`.
  package init(from reader: StoreReader, sample: String?, annotator: String) throws {
    self = try reader.read { db in try SamplePosts(db, path: reader.path, sample: sample, annotator: annotator) }
  }

  private init(_ db: Database, path: String, sample: String?, annotator: String) throws {
    guard try db.tableExists("sample") else { throw AnnotationError.noSamples(path) }
    let condition = sample == nil ? "sample.id = (SELECT max(id) FROM sample)" : "sample.name = ?"
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT sample.id, sample.name, run.id, run.name, run.images, run.scorer_id, scorer.labels,
          json_type(run.counts, '$.pictures.found_by_rule') IS NOT NULL, sample.settings
        FROM sample JOIN run ON run.id = sample.run_id JOIN scorer ON scorer.id = run.scorer_id WHERE \(condition)
        """, arguments: sample.map { [$0] } ?? [])
    guard let row else {
      let known = try String.fetchAll(db, sql: "SELECT name FROM sample ORDER BY id DESC LIMIT 1000")
      guard let sample, !known.isEmpty else { throw AnnotationError.noSamples(path) }
      throw AnnotationError.noSuchSample(sample, known: known)
    }
    let id: Int64 = try row.get(0), scorer: Int64 = try row.get(5)
    (self.sample, run, images) = try (row.get(1), row.get(3), row.find(4))
    match = try row.get(7) as Bool ? .name : .written
    let names: String = try row.get(6)
    labels = ((try? JSONParser.parse(Array(names.utf8)))?.asList ?? []).compactMap { $0.asString.map { ByteText($0) } }
    keys = LabelKeys.labels(of: annotator, in: try row.get(8))
    posts = []
    annotations = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT sample_post.position, post.id, post.key, post.text, post.image, post.picture_hash, prediction.label,
          prediction.confidence, label.label, label_note.note
        FROM sample_post JOIN post ON post.id = sample_post.post_id
        LEFT JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = post.id
        LEFT JOIN label ON label.post_id = post.id AND label.source = ?3
        LEFT JOIN label_note ON label_note.post_id = post.id AND label_note.source = ?3
        WHERE sample_post.sample_id = ?1 ORDER BY sample_post.position
        """, arguments: [id, scorer, annotator])
    while let row = try rows.next() {
      let predicted: ByteText? = try row.find(6)
      // Numbers have no gaps, even if posts were forgotten.
      let post = Post(
        number: posts.count + 1, id: try row.get(1), key: try row.get(2), text: try row.get(3),
        image: try row.find(4), pictureHash: try row.find(5),
        prediction: try predicted.map { Prediction(label: $0, confidence: try row.get(7)) })
      posts.append(post)
      let annotation = Annotation(label: try row.find(8), note: try row.find(9) ?? "")
      if annotation != Annotation() { annotations[post.number] = annotation }
    }
    if posts.isEmpty { throw AnnotationError.emptySample(self.sample) }
  }
}
