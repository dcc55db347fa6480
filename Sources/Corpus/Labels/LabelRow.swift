package import Bytes

/// A row of a file of labels: a label, none, or a fault.
package enum LabelRow: Equatable, Sendable {
  case label(LabelledKey)
  /// A post without a label.
  case empty(RowPosition)
  case fault(RowFault)
}

/// A label of the post with a key.
package struct LabelledKey: Equatable, Sendable {
  /// The row's place in its file.
  package var position: RowPosition
  /// The post's key, as written.
  package var key: ByteText
  /// The key without what `clfa export --excel` protects it with; nil if it has nothing of that.
  package var plainKey: ByteText?
  /// The label.
  package var label: ByteText
  /// Who gave it; nil if the file does not say.
  package var annotator: ByteText?
  /// A note on it; nil if the file has no notes.
  package var note: String?

  package init(
    position: RowPosition, key: ByteText, plainKey: ByteText? = nil, label: ByteText, annotator: ByteText? = nil,
    note: String? = nil
  ) {
    (self.position, self.key, self.plainKey, self.label) = (position, key, plainKey, label)
    (self.annotator, self.note) = (annotator, note)
  }
}

/// The columns of a file of labels.
package struct LabelColumns: Sendable {
  /// The column of keys; nil for `id`, or `data.id` in a file of Label Studio.
  package var id: String?
  /// The column of labels, an expression, or the name of a question of Label Studio; nil for `label`, or where Label
  /// Studio has the choices.
  package var label: String?
  /// The column of annotators; nil for Label Studio's own, and for no column in other files.
  package var annotator: String?
  /// The column of notes; nil for none.
  package var note: String?
  /// Whether annotators that the file names are read without being asked for.
  package var findsAnnotators: Bool

  package init(
    id: String? = nil, label: String? = nil, annotator: String? = nil, note: String? = nil,
    findsAnnotators: Bool = true
  ) {
    (self.id, self.label, self.annotator, self.note) = (id, label, annotator, note)
    self.findsAnnotators = findsAnnotators
  }
}
