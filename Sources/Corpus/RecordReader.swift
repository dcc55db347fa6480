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
  }

  private(set) var source: LineSource
  private let limits: RecordLimits
  /// Whether cells beyond those of the header are kept, too.
  private let keepsSurplus: Bool
  /// The number of the next line.
  private var line = 1
  private var number = 0

  init(_ source: LineSource, limits: RecordLimits, keepsSurplus: Bool = false) {
    self.source = source
    self.limits = limits
    self.keepsSurplus = keepsSurplus
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
    // The rest of a line that was too long to be kept.
    while source.isMidLine, try source.next() != nil {}
    guard var piece = try source.next() else { return nil }
    while piece.content.isEmpty, piece.isLast {
      line += 1
      guard let next = try source.next() else { return nil }
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

  /// Reads the first record; if it is not flawless, the file is rejected. Its number is not counted.
  ///
  /// If it is data and not a header, it is returned again as record 1.
  mutating func first(
    _ parser: inout RecordParser, isHeader: Bool
  ) throws(CorpusError) -> Record? {
    if !isHeader { source.setMark() }
    let record = try next(&parser, expecting: nil)
    if !isHeader {
      source.rewind()
      line = 1
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
