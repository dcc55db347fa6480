import Bytes

/// Something about a corpus that looks wrong but does not stop reading; at most one of a kind per file.
package enum CorpusNotice: Equatable, Sendable {
  /// An id that a spreadsheet has rounded.
  case roundedID(position: RowPosition, key: String)
  /// A column name with blanks around it.
  case blanksAroundColumn(file: String, name: String)
  /// Columns that seem meant for a role but are only stored, because their names differ.
  case unreadColumns(file: String, guesses: [ColumnGuess])
  /// Columns without a name; each is named by its number.
  case unnamedColumns(file: String, numbers: [Int])
  /// Columns that nothing reads and that had the name of an earlier one.
  case renamedColumns(file: String, columns: [RenamedColumn])
  /// A spreadsheet's first line, `sep=;`; `delimiter` is the one that is used.
  case separatorLine(file: String, separator: UInt8, delimiter: UInt8)
  /// Quoted cells that hold lines with as many cells as the header: rows that are lost within them.
  case swallowedRows(file: String, line: Int, count: Int, cells: Int, records: Int, lines: Int)
  /// Cells with a backslash before a quote, read without escapes.
  case likelyEscapes(file: String, line: Int, count: Int)
  /// Rows with too many cells, one of which ends in a backslash, read without escapes.
  case likelyEscapedDelimiters(file: String, line: Int, count: Int)
  /// Cells with a blank before a quote, which is then a character like others.
  case blanksBeforeQuotes(file: String, line: Int, count: Int, delimiter: UInt8)
  /// Cells among the first lines in quotes that clfa does not read as such.
  case otherQuotes(file: String, line: Int, open: String, close: String)
  /// Cells in single quotes among the first lines.
  case likelyQuotes(file: String, line: Int)
  /// Cells over the limit in columns that nothing reads, which were left empty.
  case longCells(file: String, line: Int, count: Int, limit: Int)
  /// Cells that `clfa export --excel` protected, and whose protection was removed.
  case removedProtection(file: String, cells: Int, rows: Int)
  /// Cells that look like those that `clfa export --excel` protects, read as they are.
  case likelyProtection(file: String, line: Int, cells: Int, rows: Int)
  /// UTF-16 without a byte-order mark.
  case assumedLittleEndian(file: String)
  /// A label for which no name was given.
  case unnamedLabel(position: RowPosition, label: String)
  /// A cell with several pictures.
  case pictureList(position: RowPosition, count: Int)
  /// A word that means no picture.
  case noPicture(position: RowPosition, cell: String)
  /// A header without records.
  case noRecords(file: String)
  /// Several files of the same name without an id column: their posts share keys.
  case sharedKeys(files: [String])
  /// A file named like a compressed one that is not.
  case notCompressed(file: String)
  /// A file named like a table that has JSON.
  case readAsJSON(file: String)
  /// A preset says how the files are read.
  case preset(PresetUse)
  /// Columns of a preset that a file does not have, as far as is known from its beginning.
  case presetColumns(file: String, preset: String, columns: [String])
}

extension CorpusNotice {
  /// Whether it only says what a preset reads, which is not a problem.
  package var isAboutPreset: Bool {
    switch self {
    case .preset, .presetColumns: true
    default: false
    }
  }
}

extension CorpusNotice: CustomStringConvertible {
  /// The message: the likely problem and how to fix it.
  package var description: String {
    switch self {
    case .roundedID(let position, let key):
      "\(position.file.text.printable):\(position.line): the id '\(key.clipped(to: 60))' has been rounded by a spreadsheet, "
        + "and others in the file may have become equal: export again from the source, "
        + "or import the ids as text before saving"
    case .blanksAroundColumn(let file, let name):
      "\(file.printable): the column '\(name.clipped(to: 60))' has blanks around its name, which count: "
        + "remove them, or write them in the option too"
    case .unreadColumns(let file, let guesses):
      "\(file.printable): \(guesses.count == 1 ? "a column is" : "columns are") kept, but not read as "
        + guesses.map(\.role.rawValue).joined(separator: ", ")
        + ", since case, blanks and characters that nobody sees count in a name: name "
        + guesses.map { "\(Shell.word($0.name.text)) as the \($0.role.rawValue) column" }.joined(separator: ", ")
    case .unnamedColumns(let file, let numbers):
      "\(file.printable): \(numbers.count == 1 ? "a column has" : "\(numbers.count) columns have") no name and "
        + "\(numbers.count == 1 ? "goes by its number" : "go by their numbers"), "
        + numbers.prefix(10).map { "\($0)" }.joined(separator: ", ") + (numbers.count > 10 ? ", …" : "")
        + ": name them in the header"
    case .renamedColumns(let file, let columns):
      "\(file.printable): columns that share a name with an earlier one are kept as "
        + columns.map { "'\($0.name.text.clipped(to: 60))' (column \($0.number))" }.listed(most: 10)
    case .separatorLine(let file, let separator, let delimiter):
      "\(file.printable): the first line, sep=\(Delimiter.word(separator)), is a spreadsheet's hint and no row; cells are "
        + "separated by \(Delimiter.spelled(delimiter))"
    case .swallowedRows(let file, let line, let count, let cells, let records, let lines):
      "\(file.printable):\(line): a quoted cell holds lines that look like rows, so \(count) "
        + "\(count == 1 ? "row is" : "rows are") lost within \(cells) \(cells == 1 ? "cell" : "cells"): if quotes mean "
        + "nothing in this file, read it with --quote none (\(lines) rows instead of \(records)); if not, close the quotes"
    case .likelyEscapes(let file, let line, let count):
      "\(file.printable):\(line): \(count) \(count == 1 ? "row has" : "rows have") a backslash before a quote, which is "
        + "kept as it is: if backslashes escape in this file, read it with --escape backslash"
    case .likelyEscapedDelimiters(let file, let line, let count):
      "\(file.printable):\(line): \(count) \(count == 1 ? "row has" : "rows have") a backslash before a delimiter, and too many "
        + "cells: if backslashes escape in this file, read it with --escape backslash"
    case .blanksBeforeQuotes(let file, let line, let count, let delimiter):
      "\(file.printable):\(line): \(count) \(count == 1 ? "row has" : "rows have") a blank between the delimiter and a quote, "
        + "which is then a part of the text: if these quotes are around cells, take the blanks out: "
        + "sed \(Shell.word("s/\\(\(Self.sed(delimiter))\\) *\"/\\1\"/g")) \(Shell.word(file)) > FIXED"
    case .otherQuotes(let file, let line, let open, let close):
      "\(file.printable):\(line): cells seem to be in quotes of the form \(open)…\(close), which are kept as they are and hold no "
        + "delimiters together: if they are around cells, make them plain: "
        + "sed \(Shell.word("s/\(open)/\"/g" + (close == open ? "" : "; s/\(close)/\"/g"))) \(Shell.word(file)) > FIXED"
    case .likelyQuotes(let file, let line):
      "\(file.printable):\(line): cells seem to be in single quotes, which are kept as they are: if they mean nothing of "
        + "their own, read the file with --quote \"'\""
    case .longCells(let file, let line, let count, let limit):
      "\(file.printable):\(line): \(count) \(count == 1 ? "cell is" : "cells are") over \(RecordFault.size(limit)), in "
        + "columns that nothing reads, and \(count == 1 ? "is" : "are") left out; their posts are read"
    case .removedProtection(let file, let cells, let rows):
      "\(file.printable): a spreadsheet's protection was removed from \(cells) \(cells == 1 ? "cell" : "cells") in \(rows) "
        + "\(rows == 1 ? "row" : "rows"): '= and =\"…\", as clfa export --excel writes them"
    case .likelyProtection(let file, let line, let cells, let rows):
      "\(file.printable):\(line): \(cells) cells in \(rows) rows begin with '=, '@ and the like, or are =\"…\", as clfa export "
        + "--excel writes them, and are read as they are: if it wrote the file, read it with --from-excel"
    case .assumedLittleEndian(let file):
      "\(file.printable): no byte-order mark: read as little-endian UTF-16; if that looks wrong, "
        + "convert the file first: iconv -f UTF-16BE -t UTF-8"
    case .unnamedLabel(let position, let label):
      "\(position.file.text.printable):\(position.line): the label '\(label.clipped(to: 60))' is not among the names given for "
        + "labels and stays as it is: add it there"
    case .pictureList(let position, let count):
      "\(position.file.text.printable):\(position.line): the cell of the picture is a list of \(count), here and perhaps in "
        + "other rows: the first is taken; --pictures each makes a row of each"
    case .noPicture(let position, let cell):
      "\(position.file.text.printable):\(position.line): the cell of the picture is '\(cell.clipped(to: 60))', which is read "
        + "as no picture, here and in other rows"
    case .noRecords(let file):
      "\(file.printable): only a header and no rows; if that line is a post, say that the file has no header"
    case .sharedKeys(let files):
      "\(files.listed(most: 5)) have the same name and no id column, so their posts share "
        + "keys (FILE#LINE): rename the files, or name a column of ids"
    case .notCompressed(let file):
      "\(file.printable): not compressed, although its name says so: read as it is"
    case .readAsJSON(let file):
      "\(file.printable): its records are JSON, although its name says that it is a table: read as JSON"
    case .preset(let use): "\(use)"
    case .presetColumns(let file, let preset, let columns):
      "\(file.printable): the preset \(preset.printable(upTo: 60)) also reads \(columns.listed(most: 6, quote: "'")), which the "
        + "file does not have (of JSON, its first records)"
    }
  }
}

extension CorpusNotice {
  /// A delimiter in a pattern of sed.
  private static func sed(_ byte: UInt8) -> String {
    byte == Delimiter.tab ? "\\t" : byte < 0x20 ? Delimiter.word(byte) : CorpusError.pattern(Delimiter.word(byte))
  }
}

/// Signs that something is wrong in a single post.
package struct PostSigns: OptionSet, Sendable, Equatable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The id is a number as spreadsheets write large ones.
  package static let roundedID = PostSigns(rawValue: 1)
  /// The label is not among the names that were given.
  package static let unnamedLabel = PostSigns(rawValue: 2)
  /// The cell of the picture lists several, and the others are left out.
  package static let pictureList = PostSigns(rawValue: 4)
  /// The cell of the picture has a word that means none.
  package static let noPicture = PostSigns(rawValue: 8)

  package init(_ post: Post, _ labelNames: LabelNames) {
    self = []
    if Self.isScientific(post.key.text) { insert(.roundedID) }
    switch post.imageForm {
    case .list where post.leftOutPictures > 0: insert(.pictureList)
    case .noPicture: insert(.noPicture)
    default: break
    }
    if !labelNames.isEmpty, let label = post.label, !labelNames.hasName(label) { insert(.unnamedLabel) }
  }

  /// Whether a key is a number in the spelling that spreadsheets use for large ones: `1.29E+18`, `1,29E+18`.
  static func isScientific(_ key: String) -> Bool {
    guard let letter = key.utf8.firstIndex(where: { !isDigit($0) && $0 != 0x2E && $0 != 0x2C }),
      key.utf8[letter] | 0x20 == UInt8(ascii: "e"), key.utf8.first.map(isDigit) == true
    else { return false }
    let exponent = key.utf8[key.utf8.index(after: letter)...]
    guard exponent.first == UInt8(ascii: "+") else { return false }
    return exponent.count > 1 && exponent.dropFirst().allSatisfy(isDigit)
  }
}

/// Looks for suspicious values in a file's rows, and reports the first of each kind.
struct RowInspector {
  private var seen = PostSigns()

  /// Examines a row, and adds new notices.
  mutating func inspect(at row: CorpusRow, _ labelNames: LabelNames, _ notices: inout [CorpusNotice]) {
    guard case .post(let post) = row else { return }
    let new = PostSigns(post, labelNames).subtracting(seen)
    guard !new.isEmpty else { return }
    seen.formUnion(new)
    if new.contains(.roundedID) { notices.append(.roundedID(position: post.position, key: post.key.text)) }
    switch post.imageForm {
    case .list(let count) where new.contains(.pictureList):
      notices.append(.pictureList(position: post.position, count: count))
    case .noPicture(let cell) where new.contains(.noPicture):
      notices.append(.noPicture(position: post.position, cell: cell))
    default: break
    }
    if new.contains(.unnamedLabel), let label = post.label {
      notices.append(.unnamedLabel(position: post.position, label: label.text))
    }
  }
}
