import Bytes

extension CorpusNotice: CustomStringConvertible {
  /// What looks wrong, and what mends it.
  public var description: String {
    switch self {
    case .roundedID(let position, let key):
      "\(position.file.printable):\(position.line): the id '\(key.clipped(to: 60))' has been rounded by a spreadsheet, "
        + "and others in the file may have become equal: export again from the source, "
        + "or import the ids as text before saving"
    case .blanksAroundColumn(let file, let name):
      "\(file.printable): the column '\(name.clipped(to: 60))' has blanks around its name, which count: "
        + "remove them, or write them in the flag too"
    case .unreadColumns(let file, let guesses):
      "\(file.printable): \(guesses.count == 1 ? "a column is" : "columns are") kept, but not read as "
        + guesses.map(\.role.rawValue).joined(separator: ", ") + ", since case and blanks in a name count: to read "
        + "\(guesses.count == 1 ? "it" : "them"), add \(guesses.flags)"
    case .unnamedColumns(let file, let numbers):
      "\(file.printable): \(numbers.count == 1 ? "a column has" : "\(numbers.count) columns have") no name and "
        + "\(numbers.count == 1 ? "goes by its number" : "go by their numbers"), "
        + numbers.prefix(10).map { "\($0)" }.joined(separator: ", ") + (numbers.count > 10 ? ", …" : "")
        + ": name them in the header"
    case .assumedLittleEndian(let file):
      "\(file.printable): no byte-order mark: read as little-endian UTF-16; if that looks wrong, "
        + "convert the file first: iconv -f UTF-16BE -t UTF-8"
    case .unnamedLabel(let position, let label):
      "\(position.file.printable):\(position.line): the label '\(label.clipped(to: 60))' is not in --labels "
        + "and stays as it is: add it there"
    case .noRecords(let file):
      "\(file.printable): a header and nothing else; if it is a record, add --no-header"
    case .sharedKeys(let files):
      "\(files.listed(most: 5)) have the same name and no id column, so their posts share "
        + "keys (FILE#LINE): rename the files, or name an id column with --id"
    }
  }
}
