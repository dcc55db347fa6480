/// Divides one file into records.
///
/// A record is a line, unless a quoted field is open at its end. Then it continues for as many lines as that field
/// needs, if the result is flawless: no stray quote, as many fields as the header, and within the limits. If not, only
/// the first line is a fault, and reading resumes at the second. Therefore both ways of reading a line that opens a
/// quote are bounded, and a line is read at most three times: on its own, and as part of the two records to which its
/// first and last quotes can belong.
struct RecordReader {
  /// A record; its fields are in the parser until the next one is read.
  struct Record {
    /// The number of the record in its file, from 1.
    var number: Int
    /// The line it begins on, from 1.
    var line: Int
    /// A fault in its shape, if there is one.
    var fault: RecordFault?
    /// The number of the parser's fields that belong to this record.
    var fieldCount: Int
    /// The number of lines it takes.
    var lines = 1
  }

  private(set) var source: LineSource
  private let limits: RecordLimits
  /// Whether cells beyond those of the header are kept, too.
  private let keepsSurplus: Bool
  /// The lines to pass over first, and the byte that begins comments.
  private let skippedLines: Int
  private let comment: UInt8?
  /// The number of the next line.
  private var line = 1
  private var number = 0

  init(_ source: LineSource, limits: RecordLimits, dialect: Dialect, keepsSurplus: Bool = false) {
    self.source = source
    (skippedLines, comment) = (dialect.skippedLines, dialect.comment)
    self.limits = limits
    self.keepsSurplus = keepsSurplus
  }

  /// Where the search for the next record begins, after the rest of a line that was not read to its end.
  mutating func place() throws(CorpusError) -> RecordPlace {
    while source.isMidLine, try source.next() != nil {}
    return RecordPlace(line: line, byte: source.position)
  }

  /// Goes on with other lines; the next record has this number, and the next line that one.
  mutating func move(to source: LineSource, record: Int, line: Int) {
    (self.source, self.line, number) = (source, line, record - 1)
  }

  /// Whether the record's first line is available; waits for it until a deadline.
  mutating func hasLine(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool {
    try source.hasPiece(before: deadline)
  }

  /// The next record; `nil` at the end. Empty lines are not records, but are counted as lines.
  ///
  /// `expected` is the header's number of fields; `nil` accepts any number, but keeps at most the allowed number of
  /// columns.
  mutating func next(_ parser: inout RecordParser, expecting expected: Int?) throws(CorpusError) -> Record? {
    guard var piece = try nextLine() else { return nil }
    while isNoRecord(piece) {
      line += 1
      guard let next = try nextLine() else { return nil }
      piece = next
    }
    number += 1
    parser.begin(expecting: keepsSurplus ? limits.columns : expected ?? limits.columns)
    var record = Record(number: number, line: line, fault: nil, fieldCount: 0)
    try feed(piece, to: &parser)
    while !piece.isLast, parser.fields.excess == nil {
      guard let next = try source.next() else { break }
      piece = next
      try feed(piece, to: &parser)
    }
    line += 1
    record.fieldCount = parser.fields.keptCount
    if let excess = parser.fields.excess {
      record.fault = .tooLarge(excess, limit: limit(of: excess))
    } else if parser.fields.isClosed {
      record.fault = fieldCountFault(parser, expected)
    } else if parser.hasStrayQuote {
      record.fault = .unbalancedQuote(.strayQuote)
    } else {
      try lookAhead(&record, &parser, expected)
    }
    return record
  }

  /// The beginning of the next line, after the rest of one that was not read to its end.
  private mutating func nextLine() throws(CorpusError) -> LineSource.Piece? {
    while source.isMidLine, try source.next() != nil {}
    return try source.next()
  }

  /// Whether a line is empty or a comment.
  private func isNoRecord(_ piece: LineSource.Piece) -> Bool {
    if piece.content.isEmpty { return piece.isLast }
    return comment.map { source.bytes[piece.content.lowerBound] == $0 } ?? false
  }

  /// Passes over the lines before the header, which are counted.
  mutating func skipLines() throws(CorpusError) {
    for _ in 0..<skippedLines {
      guard try nextLine() != nil else { return }
      line += 1
    }
  }

  /// Takes a spreadsheet's first line `sep=;`, in quotes or not, and returns the delimiter that it declares.
  mutating func takeSeparatorLine() throws(CorpusError) -> UInt8? {
    source.setMark()
    var passed = 0
    while let piece = try nextLine() {
      passed += 1
      if isNoRecord(piece) { continue }
      let quote = UInt8(ascii: "\"")
      var content = source.bytes[piece.content]
      if content.count > 2, content.first == quote, content.last == quote { content = content.dropFirst().dropLast() }
      guard piece.isLast, content.count == 5, let separator = content.last, Delimiter.isUsable(separator),
        content.prefix(4).map({ $0 | 0x20 }).elementsEqual("sep=".utf8.map { $0 | 0x20 })
      else { break }
      source.forgetMark()
      line += passed
      return separator
    }
    source.rewind()
    return nil
  }

  /// The lines that come next, at most 20 of a file and none of a pipe; they are read again as records. The reading ends
  /// before a long line.
  mutating func peekLines() throws(CorpusError) -> [PeekedLine] {
    guard source.input.size != nil else { return [] }
    source.setMark()
    var lines: [PeekedLine] = []
    var number = line
    while number < line + 20, let piece = try nextLine(), piece.isLast {
      if !isNoRecord(piece) { lines.append(PeekedLine(number: number, bytes: Array(source.bytes[piece.content]))) }
      number += 1
    }
    source.rewind()
    return lines
  }

  /// Reads the first record; if it is not flawless, the file is rejected. Its number is not counted.
  ///
  /// If it is data and not a header, it is returned again as record 1.
  mutating func first(
    _ parser: inout RecordParser, isHeader: Bool
  ) throws(CorpusError) -> Record? {
    let start = line
    if !isHeader { source.setMark() }
    let record = try next(&parser, expecting: nil)
    if !isHeader {
      source.rewind()
      line = start
    }
    number = 0
    return record
  }

  /// Reads on as long as the record with an open quote may still turn out to be flawless.
  private mutating func lookAhead(
    _ record: inout Record, _ parser: inout RecordParser, _ expected: Int?
  ) throws(CorpusError) {
    source.setMark()
    var lines = 1
    while true {
      let piece = lines < limits.lines ? try source.next() : nil
      if let piece { try feed(piece, to: &parser) }
      let fault: RecordFault.QuoteFault
      if piece == nil {
        fault = lines < limits.lines ? .endOfFile : .tooManyLines(limit: limits.lines)
      } else if let excess = parser.fields.excess {
        fault = .tooLarge(limit: limit(of: excess))
      } else if parser.hasStrayQuote {
        fault = .strayQuote
      } else if let expected, isMiscounted(parser, expected) {
        fault = .otherFieldCount(expected: expected)
      } else {
        if piece?.isLast == true { lines += 1 }
        guard parser.fields.isClosed else { continue }
        source.forgetMark()
        line += lines - 1
        record.lines = lines
        record.fieldCount = parser.fields.count
        return
      }
      source.rewind()
      record.fault = .unbalancedQuote(fault)
      return
    }
  }

  private func isMiscounted(_ parser: borrowing RecordParser, _ expected: Int) -> Bool {
    let count = parser.fields.count
    return parser.fields.isClosed ? count != expected : count >= expected
  }

  private func fieldCountFault(_ parser: borrowing RecordParser, _ expected: Int?) -> RecordFault? {
    let found = parser.fields.count
    guard let expected, found != expected else { return nil }
    return found < expected
      ? .tooFewFields(found: found, expected: expected, hasStrayQuote: parser.hasStrayQuote)
      : .tooManyFields(found: found, expected: expected, hasStrayQuote: parser.hasStrayQuote)
  }

  private func limit(of part: RecordFault.Part) -> Int {
    part == .record ? limits.recordBytes : limits.fieldBytes
  }

  private func feed(_ piece: LineSource.Piece, to parser: inout RecordParser) throws(CorpusError) {
    guard parser.feed(piece, of: source.bytes) else { throw .outOfMemory(file: source.input.path) }
  }
}

/// A line that was looked at before it is read.
struct PeekedLine {
  /// The line's number in the file, from 1.
  var number: Int
  var bytes: [UInt8]

  /// The number of times that a byte occurs.
  func count(of byte: UInt8) -> Int { bytes.count { $0 == byte } }

  /// The number of times that some bytes occur, one after the other.
  func count(of word: [UInt8]) -> Int {
    guard let first = word.first else { return 0 }
    if word.count == 1 { return count(of: first) }
    var (count, place) = (0, 0)
    while place + word.count <= bytes.count {
      let isThere = bytes[place] == first && bytes[place..<place + word.count].elementsEqual(word)
      count += isThere ? 1 : 0
      place += isThere ? word.count : 1
    }
    return count
  }

  /// Whether a quote begins and another ends it.
  var isInQuotes: Bool { bytes.count > 1 && bytes.first == UInt8(ascii: "\"") && bytes.last == UInt8(ascii: "\"") }

  /// The parts between the bytes `delimiter`, whatever quotes say.
  func parts(by delimiter: UInt8) -> [ArraySlice<UInt8>] {
    bytes.split(separator: delimiter, omittingEmptySubsequences: false)
  }
}
