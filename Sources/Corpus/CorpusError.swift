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
  /// The file ended without the line that was to be its last.
  case endedEarly(file: String)
  /// A part of a divided file has another number of records, or another end.
  case otherRecords(file: String, found: Int, expected: Int)
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
  /// The header looks like one column because another character separates the fields.
  case joinedHeader(file: String, header: String, separator: UInt8, delimiter: UInt8)
  /// The header looks like one column because several characters, or one that is not ASCII, separate the fields.
  case longSeparator(file: String, header: String, separator: String)
  /// Each line is one cell in quotes, with the row within it.
  case quotedLines(file: String)
  /// The header is separated by another character than the rows below it.
  case otherHeaderDelimiter(file: String, header: UInt8, rows: UInt8)
  /// The columns seem to be named on a line below the one that was read as the header, after `comments` alone or other
  /// lines; `separator` is what parts it, if that is not the delimiter.
  case lowerHeader(file: String, line: Int, comments: UInt8?, first: String, separator: UInt8? = nil)
  /// The first record has more fields than clfa supports columns.
  case tooManyColumns(file: String, found: Int, limit: Int)
  /// A column that is read is there several times; `numbers` are the columns', from 1.
  case duplicateColumn(file: String, name: String, numbers: [Int])
  /// A column that the user named is not there.
  case missingColumn(
    file: String, role: ColumnRole, name: String, found: [String], guesses: [ColumnGuess] = [])
  /// A column of a file of labels is not there; `option` is the one that names another.
  case missingLabelColumn(file: String, option: String, name: String, found: [String])
  /// A column that pictures' paths are made of is not there.
  case templateColumn(file: String, name: String, found: [String])
  /// Neither the text's nor the picture's column exists.
  case noContentColumn(
    file: String, text: String, image: String, found: [String], guesses: [ColumnGuess] = [])
  /// None of the columns that a preset reads as texts or pictures exists; of JSON, these members are lists of objects.
  case noPresetColumn(
    file: String, preset: String, lacking: [String], found: [String], guesses: [ColumnGuess], lists: [String] = [])
  /// A preset names a list of posts, and the file is not JSON.
  case presetOfJSON(file: String, preset: String)
  /// The list of posts that a preset names is not there.
  case noPresetList(file: String, preset: String, name: String)

  // Reading JSON.
  /// The records are in another form than objects, one a line or in a list.
  case otherLines(file: String, OtherLines)
  /// A list of posts is to be read from a file that is not JSON.
  case notJSON(file: String)
  /// A delimiter, or that there is no header, was said of a file that is JSON by name and content.
  case notATable(file: String)
  /// None of the first `rows` records is an object; the first is damaged in this way, and these members are lists.
  case noObjects(file: String, rows: Int, line: Int, fault: RecordFault, lists: [String])
  /// A member that the user named is in none of the first `rows` records.
  case missingMember(
    file: String, role: ColumnRole, name: String, found: [String], guesses: [ColumnGuess], rows: Int)
  /// A member that is a role's cell is always an object or a list; `suggestion` reads a value within it.
  case nestedMember(file: String, role: ColumnRole, name: String, kind: String, suggestion: String?, rows: Int)
  /// Neither the text's nor the picture's member is in the first `rows` records; these members are lists of objects.
  case noContentMember(
    file: String, text: String, image: String, found: [String], guesses: [ColumnGuess], rows: Int, lists: [String])
  /// The file has no list by this name, or it is empty.
  case noRecordList(file: String, name: String?)
  /// Something outside the records is damaged.
  case damagedJSON(file: String, line: Int)
  /// The file ends within its list of records.
  case cutJSON(file: String, line: Int, records: Int)

  // Unpacking.
  /// The compressed data are invalid at this byte of the file.
  case damagedCompression(file: String, form: Compression, offset: Int, detail: String)
  /// The compressed data end too early; `size` is that of the file.
  case cutCompression(file: String, form: Compression, size: Int)
  /// Unpacking would need more memory than the limit.
  case windowTooLarge(file: String, limit: Int)

  /// Memory ran out within the parser.
  case outOfMemory(file: String)
}

/// A form of posts that is like JSON records and is not read.
package enum OtherLines: Equatable, Sendable {
  /// `['1', 'a text', 0]`
  case pythonList
  /// `{'id': '1', 'text': 'a text'}`
  case pythonDictionary
  /// A list of JSON behind `window.YTD.tweets.part0 =`.
  case twitterArchive
  /// `["1", "a text", 0]`
  case jsonList
  /// The whole file is `{"id": [1, 2], "text": ["a", "b"]}`: a list for each column.
  case columnLists
  /// The whole file is `{"id": {"0": 1, "1": 2}, "text": {"0": "a", "1": "b"}}`, as pandas writes by default.
  case columnObjects
  /// The whole file is `{"1": {"text": "a"}, "2": {"text": "b"}}`.
  case recordsByKey
  /// The whole file is `{"columns": ["id", "text"], "data": [[1, "a"]]}`.
  case splitTable
  /// The whole file is `[[{"text": "a"}], [{"text": "b"}]]`.
  case recordLists
  /// The whole file is `[["id", "text"], [1, "a"]]`, or the same without names.
  case rowLists(hasHeader: Bool)
  /// The whole file is `["a text", "another"]`.
  case valueList
  /// Each record is behind a record separator, U+001E (RFC 7464).
  case textSequence
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
    case .endedEarly(let file):
      "\(Self.shown(file)) ended without its last line, #end or {\"end\":true}: its writer stopped early, so some records "
        + "may be missing"
    case .otherRecords(let file, let found, let expected):
      "\(Self.shown(file)) has changed since it was divided: the part has \(found) records where \(expected) were counted, "
        + "or they end elsewhere; divide it again"
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
    case .otherHeaderDelimiter(let file, let header, let rows):
      "\(Self.shown(file)): the header is separated by \(Delimiter.described(header)) and the rows by "
        + "\(Delimiter.described(rows)): write the header as the rows are: "
        + "sed '1y/\(Self.sed(header))/\(Self.sed(rows))/' \(Self.shellWord(file)) > FIXED"
    case .quotedLines(let file):
      "\(Self.shown(file)): each line is one cell in quotes, with the row within it: take these quotes off: "
        + "sed 's/^\"//; s/\"\\(\\r*\\)$/\\1/; s/\"\"/\"/g' \(Self.shellWord(file)) > FIXED"
    case .longSeparator(let file, _, let separator):
      "\(Self.shown(file)): the cells are separated by '\(separator.clipped(to: 20))', and clfa reads one ASCII character "
        + "between cells: write a control character instead: "
        + "sed \(Shell.word("s/" + Self.pattern(separator) + "/\\x01/g")) \(Self.shellWord(file)) > FIXED"
    case .lowerHeader(let file, let line, _, let first, _):
      "\(Self.shown(file)): the header seems to be line \(line)"
        + (first.isEmpty ? "" : ", not '\(first.clipped(to: 60))'")
    case .duplicateColumn(let file, let name, let numbers):
      "\(Self.shown(file)): columns \(numbers.map { "\($0)" }.joined(separator: " and ")) are both called "
        + "'\(name.clipped(to: 60))': rename the one in the header that is not to be read"
    case .missingColumn(let file, _, let name, let found, _), .missingLabelColumn(let file, _, let name, let found):
      "\(Self.shown(file)): no column is called '\(name.clipped(to: 60))'; \(Self.list(found))"
    case .templateColumn(let file, let name, let found):
      "\(Self.shown(file)): no column is called '\(name.clipped(to: 60))', which the pictures' paths need; "
        + Self.list(found)
    case .noContentColumn(let file, let text, let image, let found, _):
      "\(Self.shown(file)): there is no column '\(text.printable)' and no column '\(image.printable)', and a corpus needs "
        + "texts or pictures; \(Self.list(found))"
    case .noPresetColumn(let file, let preset, let lacking, let found, _, let lists):
      "\(Self.shown(file)): the preset \(preset.printable(upTo: 60)) reads texts and pictures from "
        + "\(lacking.listed(most: 12, quote: "'")), and the file has none of these; \(Self.list(found))\(Self.hint(lists))"
    case .presetOfJSON(let file, let preset):
      "\(Self.shown(file)) is not JSON, as the files of the preset \(preset.printable(upTo: 60)) are"
    case .noPresetList(let file, let preset, let name):
      "\(Self.shown(file)): there is no list called '\(name.clipped(to: 60))' with posts in it, which the preset "
        + "\(preset.printable(upTo: 60)) reads"
    case .otherLines, .notJSON, .notATable, .noObjects, .missingMember, .nestedMember, .noContentMember, .noRecordList,
      .damagedJSON,
      .cutJSON, .damagedCompression, .cutCompression, .windowTooLarge:
      formatDescription
    case .outOfMemory(let file):
      "\(Self.shown(file)): memory ran out while reading: free some, or split the file"
    }
  }

  private static func isStandardInput(_ file: String) -> Bool {
    file == "-"
  }

  static func shown(_ file: String) -> String {
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
    case .foreign(let format):
      "is \(format.name), not a table of text: \(format.advice(shellWord(file)))"
    }
  }

  /// A delimiter in a command of sed.
  private static func sed(_ byte: UInt8) -> String { byte == Delimiter.tab ? "\\t" : Delimiter.word(byte) }

  /// Text in a pattern of sed.
  static func pattern(_ text: String) -> String {
    text.map { "\\/.*[]^$".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  private static func shellWord(_ file: String) -> String { isStandardInput(file) ? "FILE" : Shell.word(file) }

  static func list(_ found: [String]) -> String {
    "the columns are " + found.listed(most: 30, quote: "'")
  }

}

extension String {
  /// The text for a message: its first characters, with an ellipsis if some were left out, safe to print in a line.
  func clipped(to count: Int) -> String { printable(upTo: count) }
}
