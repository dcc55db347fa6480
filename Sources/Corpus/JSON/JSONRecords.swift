/// The records of a JSON file as bytes, one after the other.
protocol JSONRecords: AnyObject {
  var source: LineSource { get }

  /// The bytes on the disk that the records so far took.
  var bytesTaken: Int { get }

  /// The next record; `nil` at the end.
  func next() throws(CorpusError) -> JSONRecord?

  /// Whether a record could be read without waiting for a pipe's writer; waits for this until a deadline.
  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool

  /// Calls `body` with the bytes of the last record.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result
}

/// A record's place, and its fault if its end could not be found.
struct JSONRecord {
  /// The number of the record in its file, from 1.
  var number: Int
  /// The line it begins on, from 1.
  var line: Int
  /// Its number among the records that begin on this line, from 1.
  var place: Int
  var fault: RecordFault?
}

/// JSON Lines: each line is a record, blank lines are none.
final class JSONLines: JSONRecords {
  private(set) var source: LineSource
  private let limit: Int
  private var line: Int
  private var number: Int
  /// The record in `source.bytes`; `nil` if it is in `buffer`.
  private var range: Range<Int>?
  /// A line that is longer than a piece.
  private var buffer: [UInt8] = []

  /// Begins with a line that may be the first of a later part of the file.
  init(_ source: LineSource, limits: RecordLimits, record: Int = 1, line: Int = 1) {
    self.source = source
    (self.line, number) = (line, record - 1)
    limit = limits.recordBytes
  }

  var bytesTaken: Int { source.bytesConsumed }

  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool {
    try source.hasPiece(before: deadline)
  }

  /// Where the search for the next record begins.
  var place: RecordPlace { RecordPlace(line: line, byte: source.position) }

  func next() throws(CorpusError) -> JSONRecord? {
    buffer.removeAll(keepingCapacity: true)
    range = nil
    while let piece = try source.next() {
      if piece.isLast {
        line += 1
        if source.bytes[piece.content].allSatisfy(isBlank) { continue }
        range = piece.content
        return record(isTooLarge: piece.content.count > limit)
      }
      buffer.append(contentsOf: source.bytes[piece.content])
      var isTooLarge = buffer.count > limit
      while source.isMidLine, let piece = try source.next() {
        if !isTooLarge { buffer.append(contentsOf: source.bytes[piece.content]) }
        isTooLarge = isTooLarge || buffer.count > limit
      }
      line += 1
      return record(isTooLarge: isTooLarge)
    }
    return nil
  }

  private func record(isTooLarge: Bool) -> JSONRecord {
    number += 1
    return JSONRecord(
      number: number, line: line - 1, place: 1, fault: isTooLarge ? .tooLarge(.record, limit: limit) : nil)
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    guard let range else { return buffer.withUnsafeBytes(body) }
    return source.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
