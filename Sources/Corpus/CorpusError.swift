/// What ends the reading of a corpus; trouble with a single row is a ``RowFault`` instead.
///
/// `file` is a path as the user gave it, `-` for standard input.
public enum CorpusError: Error, Equatable, Sendable {
  // Finding files.
  /// No path was given.
  case noFiles
  /// The same path was given twice; standard input can be read only once, too.
  case givenTwice(file: String)
  /// No such file.
  case notFound(file: String)
  /// A directory, not a file.
  case isDirectory(file: String)
  /// The file cannot be opened, for the system's reason `code`.
  case cannotOpen(file: String, code: Int32)
  /// Reading failed halfway, for the system's reason `code`.
  case cannotRead(file: String, code: Int32)
  /// Somebody wanted to stop while nothing came.
  case interrupted(file: String)
  /// A pipe, or an empty file, where one is needed that can be read twice.
  case cannotReadTwice(file: String)
  /// The file holds no record at all, not even a header.
  case empty(file: String)

  // Telling what they are.
  /// The file's first bytes belong to something other than text in the encoding asked for.
  case otherContent(file: String, mark: FileMark, encoding: TextEncoding)
  /// NUL bytes in the first record.
  case nulInHeader(file: String, encoding: TextEncoding)
  /// The first record is not text in the encoding asked for.
  case headerNotText(file: String, encoding: TextEncoding)
  /// Lines end in a carriage return alone.
  case carriageReturnLines(file: String)
  /// The first record cannot be told apart from what follows.
  case malformedHeader(file: String, line: Int, trouble: RecordTrouble)

  // Finding columns.
  /// The first line is a spreadsheet's hint, `sep=;`, not a header; `delimiter` is the one it was read with.
  case separatorLine(file: String, separator: UInt8, delimiter: UInt8)
  /// The header looks like one column because another character parts the fields.
  case joinedHeader(file: String, header: String, separator: UInt8, delimiter: UInt8)
  /// The first record has more fields than a table has columns.
  case tooManyColumns(file: String, found: Int, limit: Int)
  /// The header has the same name twice.
  case duplicateColumn(file: String, name: String)
  /// A column that the user named is not there.
  case missingColumn(
    file: String, role: ColumnRole, name: String, found: [String], guesses: [ColumnGuess] = [])
  /// Neither the text's nor the picture's column is there.
  case noContentColumn(
    file: String, text: String, image: String, found: [String], guesses: [ColumnGuess] = [])

  /// Memory ran out within the parser.
  case outOfMemory(file: String)
}
