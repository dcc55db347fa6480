/// How the records of a JSON file are laid out.
enum JSONForm {
  /// Each line is a record.
  case lines
  /// The elements of a list: of the file itself, or of the member with this dotted name. If the file itself has objects
  /// instead, over any number of lines, these are the records.
  case list(String?)

  private static let endings = ["jsonl", "ndjson", "json"]

  /// Examines a file's first bytes and its name; `nil` if it is a table. Nothing is taken from the source.
  init?(_ source: inout LineSource, _ path: String, _ options: CorpusOptions) throws(CorpusError) {
    let bytes = try source.firstBytes(2)
    let isNamed = Self.endings.contains(FileStem.ending(of: path))
    let saysTable =
      options.form == .table || options.delimiter != nil || !options.hasHeader || options.dialect != Dialect()
    if options.form == .jsonLines {
      self = .lines
      return
    }
    guard let first = bytes.first else {
      guard isNamed else { return nil }
      throw .empty(file: path)
    }
    // A NUL is no end: a file of tensors begins with the length of its header, and 123 is the code of a brace.
    let second = bytes.dropFirst().first
    let hasObject = first == UInt8(ascii: "{") && [UInt8(ascii: "\""), UInt8(ascii: "}"), nil].contains(second)
    let hasList = first == UInt8(ascii: "[") && [UInt8(ascii: "{"), UInt8(ascii: "]"), nil].contains(second)
    if let name = options.records {
      guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { throw .notJSON(file: path) }
      self = .list(name == "." ? nil : name)
      return
    }
    if saysTable {
      if isNamed, hasObject || hasList { throw .notATable(file: path) }
      return nil
    }
    switch (first, second ?? 0) {
    case (UInt8(ascii: "{"), UInt8(ascii: "'")): throw .otherLines(file: path, .pythonDictionary)
    case (UInt8(ascii: "["), UInt8(ascii: "'")): throw .otherLines(file: path, .pythonList)
    case (UInt8(ascii: "["), UInt8(ascii: "\"")), (UInt8(ascii: "["), UInt8(ascii: "0")...UInt8(ascii: "9")):
      throw .otherLines(
        file: path, JSONShape.find(in: source, wanted: MemberUses(options.columns).wanted) ?? .jsonList)
    case (UInt8(ascii: "w"), UInt8(ascii: "i"))
    where try source.firstBytes(11).elementsEqual("window.YTD.".utf8):
      throw .otherLines(file: path, .twitterArchive)
    default:
      if hasList {
        self = .list(nil)
      } else if hasObject || isNamed {
        self = .lines
      } else {
        return nil
      }
    }
  }

  /// The file's records.
  func records(_ source: LineSource, _ limits: RecordLimits) -> any JSONRecords {
    switch self {
    case .lines: JSONLines(source, limits: limits)
    case .list(let path): JSONTree(source, path: path, limits: limits)
    }
  }
}
