package import Bytes

/// How corpus files are read.
package struct CorpusOptions: Sendable {
  /// The byte between two fields; `nil` means a tab for `.tsv` files and a comma for all others.
  package var delimiter: UInt8?
  /// What quotes and escapes mean, and which lines are not records.
  package var dialect: Dialect
  /// The character encoding.
  package var encoding: TextEncoding
  /// Whether the first record names the columns; if not, they are called `1`, `2`, ….
  package var hasHeader: Bool
  /// The roles of the columns.
  package var columns: ColumnMap
  /// The dotted name of the member that has the list of posts in JSON files; `.` for objects over any number of lines;
  /// `nil`: each line is a post, or the file is their list.
  package var records: String?
  /// The preset of which some of these options are.
  package var preset: PresetUse?
  /// What becomes of a post with several pictures.
  package var pictures = SeveralPictures.first
  /// Names for labels that the corpus codes.
  package var labelNames: LabelNames
  /// The parser of dates.
  package var dates = DateParser()
  package var limits: RecordLimits
  /// The form of all files; `nil`: each file's first bytes and its name say it.
  package var form: FileForm?
  /// The records that are read; `nil` for all.
  package var portion: CorpusPortion?
  /// Whether each file ends with a line that says so (`#end`, or an object with `"end":true`); without it, its writer did
  /// not come to its end.
  package var expectsEnd = false
  /// Whether a record's cells beyond those of the header are kept for ``CorpusReader/cells``.
  package var keepsSurplus = false
  /// What becomes of cells as `clfa export --excel` writes them.
  package var spreadsheet = SpreadsheetProtection.noticed
  /// Called while a pipe is silent; true ends the reading with `CorpusError.interrupted`.
  package var shouldStop: @Sendable () -> Bool

  /// Creates options; the defaults are those of the command line.
  package init(
    delimiter: UInt8? = nil, dialect: Dialect = Dialect(), encoding: TextEncoding = .utf8, hasHeader: Bool = true,
    columns: ColumnMap = ColumnMap(), records: String? = nil, labelNames: LabelNames = LabelNames(),
    limits: RecordLimits = RecordLimits(), shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.delimiter = delimiter
    self.dialect = dialect
    self.encoding = encoding
    self.hasHeader = hasHeader
    self.columns = columns
    self.records = records
    self.labelNames = labelNames
    self.limits = limits
    self.shouldStop = shouldStop
  }
}

/// The forms of files that a user can name.
package enum FileForm: String, Sendable, CaseIterable {
  case table = "csv"
  case jsonLines = "jsonl"
}

/// The limits on a record's memory and look-ahead.
package struct RecordLimits: Sendable {
  /// The bytes of UTF-8 that one field may hold.
  package var fieldBytes: Int
  /// The bytes that all fields of a record may hold together.
  package var recordBytes: Int
  /// The lines that one record may span.
  package var lines: Int
  /// The number of columns that a header may have.
  package var columns: Int
  /// The number of bytes read at a time; rows do not depend on it.
  package var chunkBytes = 256 << 10
  /// The length at which a line is split into pieces; tests make it small to reach the boundaries.
  package var pieceBytes = 256 << 10

  /// Creates limits: 1 MiB a field, 16 MiB a record, 100 lines, 10,000 columns. None may be below 1.
  package init(
    fieldBytes: Int = 1 << 20, recordBytes: Int = 16 << 20, lines: Int = 100, columns: Int = 10_000
  ) {
    precondition(fieldBytes > 0 && recordBytes > 0 && lines > 0 && columns > 0, "A limit is at least 1.")
    self.fieldBytes = fieldBytes
    self.recordBytes = recordBytes
    self.lines = lines
    self.columns = columns
  }
}

/// The character encoding of a corpus file.
package enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8, with or without a byte-order mark.
  case utf8 = "utf-8"
  /// UTF-16, in the byte order of its mark, or little-endian without one.
  case utf16 = "utf-16"
  /// Windows code page 1252, which most spreadsheets in western Europe mean by "ANSI".
  case windows1252 = "windows-1252"

  /// Finds an encoding by its name, in any case.
  package init(parsing name: String) throws(OptionError) {
    guard let found = Self(rawValue: name.lowercased()) else { throw .unknownEncoding(name) }
    self = found
  }
}

/// Names for labels that a corpus codes, such as `0` for `not_sarcastic`.
package struct LabelNames: Sendable, Equatable {
  private var names: [ByteText: ByteText] = [:]

  /// Creates an empty list: labels stay as they are written.
  package init() {}

  /// Reads `CODE=NAME,CODE=NAME…`; a name may contain `=`, neither part may be empty, and no code may occur twice.
  package init(parsing argument: String) throws(OptionError) {
    self.init()
    for part in argument.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let sign = part.firstIndex(of: UInt8(ascii: "=")) else { throw .malformedLabels(argument) }
      let code = String(part[..<sign]) ?? ""
      let name = String(part[part.index(after: sign)...]) ?? ""
      guard !code.isEmpty, !name.isEmpty else { throw .malformedLabels(argument) }
      guard names.updateValue(ByteText(name), forKey: ByteText(code)) == nil else { throw .repeatedLabel(code) }
    }
  }

  /// Whether the list is empty.
  package var isEmpty: Bool { names.isEmpty }

  /// The name of a code; `nil` if the code is unknown.
  package subscript(code: String) -> ByteText? { names[ByteText(code)] }

  /// Whether some code has this name.
  func hasName(_ label: ByteText) -> Bool { names.values.contains(label) }
}

/// An invalid corpus option, as typed by a user.
package enum OptionError: Error, Equatable, Sendable {
  /// A delimiter that is not one plain character.
  case unusableDelimiter(String)
  /// A quote that is neither of the two, nor none.
  case unknownQuote(String)
  /// An escape that is not the backslash.
  case unknownEscape(String)
  /// A sign of comments that is not one plain character.
  case unusableComment(String)
  /// An unsupported encoding.
  case unknownEncoding(String)
  /// A format of dates with a directive that is unknown, or (empty) that does not give a whole day.
  case malformedDateFormat(String, String)
  /// A list of labels that is not `CODE=NAME,…`.
  case malformedLabels(String)
  /// A template of paths without columns, or with a brace that is not closed.
  case malformedTemplate(String)
  /// A label code with two names.
  case repeatedLabel(String)
  /// A shard that is not `K/N` with 1 ≤ K ≤ N.
  case malformedShard(String)
  /// A sample that is not a percentage above 0 and up to 100.
  case malformedSample(String)
}

extension OptionError: CustomStringConvertible {
  /// The message: the problem and the correct form.
  package var description: String {
    switch self {
    case .unusableDelimiter(let given):
      "'\(given.printable)' cannot separate fields: give one ASCII character other than the quote, such as ';', or 'tab', "
        + "or a control character as '\\x01' or '^A'"
    case .unknownQuote(let given):
      "'\(given.printable)' is not a quote: give none if quotes are ordinary characters, or ' or \""
    case .unknownEscape(let given):
      "'\(given.printable)' is not an escape that clfa reads: give backslash; doubled quotes need no flag"
    case .unusableComment(let given):
      "'\(given.printable)' cannot begin comments: give one visible ASCII character other than the quote, such as '#'"
    case .unknownEncoding(let given):
      "'\(given.printable)' is not an encoding that clfa reads: give "
        + TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
        + "; for any other, convert the file first: iconv -f NAME -t UTF-8"
    case .malformedDateFormat(let given, ""):
      "'\(given.printable)' does not give a year, a month and a day: write a format of strptime, such as '%d/%m/%Y %H:%M'"
    case .malformedDateFormat(let given, let directive):
      "'\(given.printable)' has '\(directive.printable)', which clfa does not read: write a format of strptime, such as "
        + "'%d/%m/%Y %H:%M'"
    case .malformedLabels(let given):
      "'\(given.printable)' does not name labels: write CODE=NAME, separated by commas, such as 0=not_sarcastic,1=sarcastic"
    case .malformedTemplate(let given):
      "'\(given.printable)' does not make paths of columns: write their names in braces, such as media/{id}.jpg"
    case .repeatedLabel(let code):
      "the label '\(code.printable)' is named twice: give each code one name"
    case .malformedShard(let given):
      "'\(given.printable)' is not a shard: write K/N with K from 1 to N, such as 2/4 for the second of four"
    case .malformedSample(let given):
      "'\(given.printable)' is not a sample: write a percentage above 0 and up to 100, such as 5% or 0.1%"
    }
  }
}
