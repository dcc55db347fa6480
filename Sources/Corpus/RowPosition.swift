/// Where a row of a corpus stands.
public struct RowPosition: Hashable, Sendable {
  /// The file's name as the ledger knows it: its last path component, `-` for standard input.
  public var file: String
  /// The record's number in its file, from 1; the header is not a record.
  public var record: Int
  /// The line an editor shows for the record's first character, from 1.
  public var line: Int

  /// Creates a position from a file's name, a record number and a line number.
  public init(file: String, record: Int, line: Int) {
    self.file = file
    self.record = record
    self.line = line
  }
}
