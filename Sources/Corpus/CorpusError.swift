import Bytes
import Glibc

/// Why a corpus cannot be read; the fault of a single row is a ``RowFault`` instead.
///
/// `file` is a path as the user gave it, `-` for standard input.
package enum CorpusError: Error, Equatable, Sendable {
  // Finding files.
  /// No path was given.
  case noFiles
  /// The same path was given twice; standard input can be read only once, too.
  case givenTwice(file: String)
  /// The file does not exist.
  case notFound(file: String)
  /// A directory, not a file.
  case isDirectory(file: String)
  /// The file cannot be opened; `code` is the system's error number.
  case cannotOpen(file: String, code: Int32)
  /// Reading failed halfway; `code` is the system's error number.
  case cannotRead(file: String, code: Int32)
  /// The caller asked to stop while waiting for input.
  case interrupted(file: String)
  /// A pipe or an empty file, though the file must be read twice.
  case cannotReadTwice(file: String)
  /// The file holds no record at all, not even a header.
  case empty(file: String)

  // Recognising the format.
  /// The file's first bytes do not fit the requested encoding.
  case otherContent(file: String, mark: FileSignature, encoding: TextEncoding)
  /// NUL bytes in the first record.
  case nulInHeader(file: String, encoding: TextEncoding)
  /// The first record is not valid text in the requested encoding.
  case headerNotText(file: String, encoding: TextEncoding)
  /// Lines end with only a carriage return.
  case carriageReturnLines(file: String)
  /// The end of the first record cannot be found.
  case malformedHeader(file: String, line: Int, fault: RecordFault)

  // Finding columns.
  /// The first line is a spreadsheet's hint, `sep=;`, not a header; `delimiter` is the one it was read with.
  case separatorLine(file: String, separator: UInt8, delimiter: UInt8)
  /// The header looks like one column because another character separates the fields.
  case joinedHeader(file: String, header: String, separator: UInt8, delimiter: UInt8)
  /// The first record has more fields than clfa supports columns.
  case tooManyColumns(file: String, found: Int, limit: Int)
  /// The header has the same name twice.
  case duplicateColumn(file: String, name: String)
  /// A column that the user named is not there.
  case missingColumn(
    file: String, role: ColumnRole, name: String, found: [String], guesses: [ColumnGuess] = [])
  /// A column that pictures' paths are made of is not there.
  case templateColumn(file: String, name: String, found: [String])
  /// Neither the text's nor the picture's column exists.
  case noContentColumn(
    file: String, text: String, image: String, found: [String], guesses: [ColumnGuess] = [])

  /// Memory ran out within the parser.
  case outOfMemory(file: String)
}

extension CorpusError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noFiles:
      "no corpus was given: name at least one CSV file, or - for standard input"
    case .givenTwice(let file):
      Self.isStandardInput(file)
        ? "standard input (-) was given twice, and can be read only once"
        : "\(file.printable) was given twice: name each file once"
    case .notFound(let file):
      "\(file.printable): no such file: check the path"
    case .isDirectory(let file):
      "\(file.printable) is a directory: name the CSV files in it, such as \(file.printable)/*.csv"
    case .cannotOpen(let file, EBADF) where Self.isStandardInput(file),
      .cannotRead(let file, EBADF) where Self.isStandardInput(file):
      "standard input (-) is closed: pipe a corpus into clfa, or name a file"
    case .cannotOpen(let file, let code):
      "\(file.printable) cannot be opened: \(Self.reason(code)): check the file and its permissions"
    case .cannotRead(let file, let code):
      "\(Self.shown(file)) cannot be read to its end: \(Self.reason(code)): copy the file again, or check its disk"
    case .interrupted(let file):
      "interrupted while waiting for \(Self.shown(file)): run the command again at any time"
    case .cannotReadTwice(let file):
      "\(Self.shown(file)) is empty or a pipe, and this command reads it twice: write it to a file first"
    case .empty(let file):
      "\(Self.shown(file)) is empty: a corpus begins with a header, such as id,text,image,label"
    case .otherContent(let file, let mark, let encoding):
      "\(Self.shown(file)) \(Self.words(mark, file, encoding))"
    case .nulInHeader(let file, .utf16):
      "\(Self.shown(file)) holds NUL characters in its first record, so it is not plain UTF-16 text"
    case .nulInHeader(let file, _):
      "\(Self.shown(file)) holds NUL bytes in its first record, as UTF-16 text does"
    case .headerNotText(let file, .utf16):
      "\(Self.shown(file)): the first record is not valid UTF-16; if the file is big-endian without a byte-order mark, "
        + "convert it first: iconv -f UTF-16BE -t UTF-8"
    case .headerNotText(let file, let encoding):
      "\(Self.shown(file)): the first record is not valid \(encoding.rawValue)"
    case .carriageReturnLines(let file):
      "\(Self.shown(file)): lines end in a carriage return only: convert them first: tr '\\r' '\\n'"
    case .malformedHeader(let file, let line, let fault):
      "\(Self.shown(file)):\(line): the first record cannot be read: \(fault)"
    case .joinedHeader(let file, let header, _, let delimiter):
      "\(Self.shown(file)): the header is one column, '\(header.clipped(to: 120))', when split at "
        + Delimiter.spelled(delimiter)
    case .tooManyColumns(let file, let found, let limit):
      "\(Self.shown(file)): the first record has \(found) fields, more than the \(limit) allowed: "
        + "check that the file is a table, and its delimiter"
    case .duplicateColumn(let file, let name):
      "\(Self.shown(file)): two columns are called '\(name.clipped(to: 60))': rename one in the header"
    case .separatorLine(let file, _, _):
      "\(Self.shown(file)): the first line (sep=…) is a spreadsheet's hint, not a header: remove that line"
    case .missingColumn(let file, _, let name, let found, _):
      "\(Self.shown(file)): no column is called '\(name.clipped(to: 60))'; \(Self.list(found))"
    case .templateColumn(let file, let name, let found):
      "\(Self.shown(file)): no column is called '\(name.clipped(to: 60))', which the pictures' paths need; "
        + Self.list(found)
    case .noContentColumn(let file, let text, let image, let found, _):
      "\(Self.shown(file)): there is no column '\(text.printable)' and no column '\(image.printable)', and a corpus needs "
        + "texts or pictures; \(Self.list(found))"
    case .outOfMemory(let file):
      "\(Self.shown(file)): memory ran out while reading: free some, or split the file"
    }
  }

  private static func isStandardInput(_ file: String) -> Bool {
    file == "-"
  }

  private static func shown(_ file: String) -> String {
    isStandardInput(file) ? "standard input" : file.printable
  }

  /// The system's words for an error number.
  private static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  private static func words(_ mark: FileSignature, _ file: String, _ encoding: TextEncoding) -> String {
    switch mark {
    case .byteOrder(let found):
      "begins with the byte-order mark of \(found.rawValue), but was to be read as \(encoding.rawValue)"
    case .utf32:
      "is UTF-32: convert it first: iconv -f UTF-32 -t UTF-8"
    case .compressed(let unpacker):
      isStandardInput(file)
        ? "is compressed: unpack it first: \(unpacker) FILE | clfa … -"
        : "is compressed: unpack it on the way: \(unpacker) \(file.printable) | clfa … -"
    case .archive:
      "is a spreadsheet or a zip archive, not text: export the sheet as CSV in UTF-8"
    case .parquet:
      "is a Parquet file, not text: export it as CSV"
    }
  }

  private static func list(_ found: [String]) -> String {
    "the columns are " + found.listed(most: 30, quote: "'")
  }

}

extension String {
  /// The text for a message: its first characters, with an ellipsis if some were left out, safe to print in a line.
  func clipped(to count: Int) -> String { printable(upTo: count) }
}
