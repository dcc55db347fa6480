/// The elements of a list in a JSON file as records: of the file itself, or of a member such as `messages` in
/// `{"name": …, "messages": [ … ]}`.
///
/// It reads on from piece to piece and keeps one record at a time, so that lists may be of any length and lines, too. It
/// only matches quotes and brackets; ``JSONRecordParser`` checks each record. A record without an end is a fault, and
/// reading goes on at the next line that begins as the record's own did.
final class JSONTree: JSONRecords {
  private(set) var source: LineSource
  /// The keys on the way to the list; lists on the way are gone through.
  private let path: [[UInt8]]
  private let limit: Int
  /// The lists and objects that are open, each with the number of keys of the path above it.
  private var open: [Level] = []
  private var number = 0
  /// The record, or a key.
  private var buffer: [UInt8] = []

  /// The rest of the piece that is being read, in `source.bytes`.
  private var rest = 0..<0
  private var piece: LineSource.Piece?
  /// The line of the piece.
  private var line = 0
  /// How the line begins: its blanks, and whether `{` follows them.
  private var beginning = (blanks: 0, isObject: false)
  /// Whether the piece is the first of its line.
  private var isFirst = true
  /// The line of the last record, and the records that began on it.
  private var last = (line: 0, records: 0)

  private struct Level {
    var isList: Bool
    var matched: Int
  }

  /// Finds the list by its dotted path; an empty one is the file itself.
  init(_ source: LineSource, path: String?, limits: RecordLimits) {
    self.source = source
    let dot = UInt8(ascii: ".")
    self.path = path?.utf8.split(separator: dot, omittingEmptySubsequences: false).map(Array.init) ?? []
    limit = limits.recordBytes
  }

  /// A whole list may be one line, so the rest of a piece is not taken yet.
  var bytesTaken: Int { source.bytesConsumed(leaving: rest.count) }

  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool {
    if !rest.isEmpty { return true }
    return try source.hasPiece(before: deadline)
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { buffer.withUnsafeBytes(body) }

  func next() throws(CorpusError) -> JSONRecord? {
    while let byte = try significant() {
      guard let level = open.last else {
        // Records that were taken out of a list.
        if byte == UInt8(ascii: ","), number > 0 {
          advance()
          continue
        }
        if let record = try enter(0) { return record }
        continue
      }
      switch (byte, level.isList) {
      case (UInt8(ascii: ","), _):
        advance()
      case (UInt8(ascii: "]"), true), (UInt8(ascii: "}"), false):
        advance()
        open.removeLast()
      case (UInt8(ascii: "}"), true), (UInt8(ascii: "]"), false), (UInt8(ascii: ":"), _):
        throw .damagedJSON(file: source.input.path, line: line)
      case (_, true):
        if let record = try enter(level.matched) { return record }
      case (UInt8(ascii: "\""), false):
        let isNext = try readKey().elementsEqual(path[level.matched])
        guard try significant() != nil else { continue }
        if isNext {
          if let record = try enter(level.matched + 1) { return record }
        } else {
          try pass()
        }
      default:
        throw .damagedJSON(file: source.input.path, line: line)
      }
    }
    guard open.isEmpty else { throw .cutJSON(file: source.input.path, line: line, records: number) }
    return nil
  }

  /// Goes into a value below so many keys of the path, or takes it as a record.
  private func enter(_ matched: Int) throws(CorpusError) -> JSONRecord? {
    switch source.bytes[rest.lowerBound] {
    case UInt8(ascii: "[") where open.last?.isList != true || matched < path.count:
      advance()
      open.append(Level(isList: true, matched: matched))
    case UInt8(ascii: "{") where matched < path.count:
      advance()
      open.append(Level(isList: false, matched: matched))
    default:
      if matched == path.count { return try record() }
      try pass()
    }
    return nil
  }

  private func record() throws(CorpusError) -> JSONRecord? {
    let start = line, blanks = beginning.blanks
    let beginsLine = isFirst && piece.map { rest.lowerBound - $0.content.lowerBound } == blanks
    number += 1
    last = (start, start == last.line ? last.records + 1 : 1)
    var record = JSONRecord(number: number, line: start, place: last.records, fault: nil)
    switch try capture() {
    case .whole: break
    case .large: record.fault = .tooLarge(.record, limit: limit)
    case .broken:
      record.fault = .json(.broken)
      try recover(from: start, blanks: beginsLine ? blanks : nil)
    }
    return record
  }

  /// Goes to the next line that begins like a record.
  private func recover(from start: Int, blanks: Int?) throws(CorpusError) {
    while line == start || !isFirst || !beginning.isObject || blanks.map({ $0 != beginning.blanks }) == true {
      guard try load() else { return }
    }
    if let piece { rest = piece.content }
  }

  /// Passes over a value that is not a record.
  private func pass() throws(CorpusError) {
    if try capture() == .broken { throw .damagedJSON(file: source.input.path, line: line) }
  }

  /// A key without its quotes, as written, and the colon after it.
  private func readKey() throws(CorpusError) -> ArraySlice<UInt8> {
    guard try capture() != .broken, try significant() == UInt8(ascii: ":") else {
      throw .damagedJSON(file: source.input.path, line: line)
    }
    advance()
    return buffer.dropFirst().dropLast()
  }

  // MARK: Pieces

  private func advance() { rest = (rest.lowerBound + 1)..<rest.upperBound }

  /// Reads the next piece; false at the end.
  private func load() throws(CorpusError) -> Bool {
    isFirst = piece?.isLast ?? true
    guard let next = try source.next() else {
      rest = 0..<0
      piece = nil
      return false
    }
    if isFirst {
      line += 1
      let content = source.bytes[next.content]
      let blanks = content.prefix(while: isBlank).count
      beginning = (blanks, content.dropFirst(blanks).first == UInt8(ascii: "{"))
    }
    piece = next
    rest = next.content
    return true
  }

  /// The next byte that is not blank, without taking it; `nil` at the end.
  private func significant() throws(CorpusError) -> UInt8? {
    while true {
      while let place = rest.first {
        if !isBlank(source.bytes[place]) { return source.bytes[place] }
        advance()
      }
      guard try load() else { return nil }
    }
  }

  private enum Capture { case whole, large, broken }

  /// Takes a value into ``buffer``.
  private func capture() throws(CorpusError) -> Capture {
    buffer.removeAll(keepingCapacity: true)
    var matcher = BracketMatcher(), isLarge = false
    while true {
      let (end, state) = source.bytes.withUnsafeBytes { matcher.scan($0, rest) }
      isLarge = isLarge || buffer.count + (end - rest.lowerBound) > limit
      if !isLarge { buffer.append(contentsOf: source.bytes[rest.lowerBound..<end]) }
      rest = end..<rest.upperBound
      switch state {
      case .ended: return isLarge ? .large : .whole
      case .broken: return .broken
      case .open: break
      }
      if piece?.isLast == true {
        // A number or a word ends with its line, a string may not.
        if matcher.depth == 0 && !matcher.isInString { return isLarge ? .large : .whole }
        if matcher.isInString { return .broken }
        if !isLarge { buffer.append(UInt8(ascii: "\n")) }
      }
      guard try load() else { return .broken }
    }
  }
}

/// Finds the end of a JSON value by its quotes and brackets.
private struct BracketMatcher {
  enum State { case open, ended, broken }

  private(set) var depth = 0
  private(set) var isInString = false
  private var isEscaped = false
  /// Whether each open bracket is that of an object, the innermost lowest.
  private var objects: UInt64 = 0
  /// Whether there were more brackets than `objects` has bits; then they are only counted.
  private var isDeep = false
  /// The last byte that is neither blank nor in a string.
  private var last: UInt8 = 0

  /// Goes on through a part of the bytes; where the value ends, or the part.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> (end: Int, State) {
    var at = range.lowerBound
    while at < range.upperBound {
      let byte = bytes[at]
      if isInString {
        at += 1
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
          if depth == 0 { return (at, .ended) }
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        // Where a key is expected, the brackets before were not closed.
        if depth > 0, !isDeep, objects & 1 == 1, last != UInt8(ascii: ":") { return (at, .broken) }
        objects = objects << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
        depth += 1
        isDeep = isDeep || depth > UInt64.bitWidth
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return (at, last == 0 ? .broken : .ended) }
        if !isDeep, (objects & 1 == 1) != (byte == UInt8(ascii: "}")) { return (at, .broken) }
        objects >>= 1
        depth -= 1
        if depth == 0 { return (at + 1, .ended) }
      case UInt8(ascii: ","):
        if depth == 0 { return (at, last == 0 ? .broken : .ended) }
      default:
        if depth == 0, isBlank(byte) { return (at, .ended) }
      }
      if !isBlank(byte) { last = byte }
      at += 1
    }
    return (at, .open)
  }
}
