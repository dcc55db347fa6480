package import Bytes
import GRDB

/// What an annotator says about a post.
package struct Annotation: Equatable, Sendable {
  /// nil without a label.
  package var label: ByteText?
  /// Empty without a note.
  package var note: String

  package init(label: ByteText? = nil, note: String = "") { (self.label, self.note) = (label, note) }
}

/// What became of an answer.
package enum AnnotationOutcome: Equatable, Sendable {
  /// The store has the answer.
  case stored
  /// The post has another label than the one that the annotator saw; nothing was changed.
  case conflict(Annotation)
  /// The store does not have the post any more.
  case forgotten
}

extension StoreWriter {
  /// Stores what an annotator says about one post, in a transaction of its own: replaces the label and the note, or
  /// removes them. A post that the annotator cannot label may have a note alone.
  ///
  /// The same answer a second time changes nothing, not even the time of the label.
  ///
  /// `seen` is the label that the annotator saw on the post. If the store has another one, and not the new one, the answer
  /// was given without knowing it: that is a conflict. `source` is the annotator, `notedAt` is UTC in ISO 8601. `keys` are
  /// remembered with the answer; nil if the store has them.
  package func annotate(
    _ post: Int64, as annotation: Annotation, source: String, seen: ByteText?, notedAt: String, keys: LabelKeys? = nil
  ) throws(StoreError) -> AnnotationOutcome {
    try transact { db in
      guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM post WHERE id = ?)", arguments: [post]) == true
      else { return .forgotten }
      let stored = try Annotation(of: post, source: source, in: db)
      guard stored.label == seen || stored.label == annotation.label else { return .conflict(stored) }
      let new = SourceLabel(
        post: post, source: source, label: annotation.label, note: annotation.note, notedAt: notedAt)
      _ = try LabelStatements(db).note(new)
      if annotation.label == nil { try note(annotation.note, on: post, source: source, in: db) }
      try keys?.store(in: db)
      return .stored
    }
  }

  /// Stores or removes the note on a post without a label.
  private func note(_ note: String, on post: Int64, source: String, in db: Database) throws {
    try db.execute(sql: "DELETE FROM label_note WHERE post_id = ? AND source = ?", arguments: [post, source])
    guard !note.isEmpty else { return }
    try db.execute(
      sql: "INSERT INTO label_note (post_id, source, note) VALUES (?, ?, ?)", arguments: [post, source, note])
  }
}

extension Annotation {
  /// What the store has of an annotator about a post.
  init(of post: Int64, source: String, in db: Database) throws {
    label = try ByteText.fetchOne(
      db, sql: "SELECT label FROM label WHERE post_id = ? AND source = ?", arguments: [post, source])
    note =
      try String.fetchOne(
        db, sql: "SELECT note FROM label_note WHERE post_id = ? AND source = ?", arguments: [post, source]) ?? ""
  }
}
