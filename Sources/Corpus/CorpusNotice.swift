/// Something about a corpus that looks wrong but does not stop its reading; at most one of a kind a file.
public enum CorpusNotice: Equatable, Sendable {
  /// An id that a spreadsheet has rounded.
  case roundedID(position: RowPosition, key: String)
  /// A column name with blanks around it.
  case blanksAroundColumn(file: String, name: String)
  /// Columns that seem meant for a part, but are only kept, as their names are not the parts' own.
  case unreadColumns(file: String, guesses: [ColumnGuess])
  /// Columns without a name; each goes by its number.
  case unnamedColumns(file: String, numbers: [Int])
  /// UTF-16 without a byte-order mark.
  case assumedLittleEndian(file: String)
  /// A label that `--labels` does not name.
  case unnamedLabel(position: RowPosition, label: String)
  /// A header without records.
  case noRecords(file: String)
  /// Files of one name without an id column: their posts share keys.
  case sharedKeys(files: [String])
}
