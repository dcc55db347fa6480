import Bytes
import Corpus
import Foundation

/// Reads the records of a part on a thread of its own, while the caller writes those before them.
final class PartRows: @unchecked Sendable {
  /// A record, the number of its line, and what a store needs besides; the last is nil for a fault.
  typealias Row = (line: Int, row: LedgerRow, values: DerivedValues?)

  /// The rows that are handed over together, at most.
  private static let batchRows = 256
  /// The bytes of lines after which rows are handed over.
  private static let batchBytes = 1 << 20
  /// The batches that may wait.
  private static let mostWaiting = 8

  private let part: PartFile
  private let widths: [String: Int]
  private let shouldStop: @Sendable () -> Bool
  private let condition = NSCondition()
  // These are guarded by the condition.
  private var waiting: [[Row]] = []
  private var failure: (any Error)?
  private var hasEnded = false, isCancelled = false

  private init(_ part: PartFile, widths: [String: Int], shouldStop: @escaping @Sendable () -> Bool) {
    (self.part, self.widths, self.shouldStop) = (part, widths, shouldStop)
  }

  /// Gives every record of a part to `body`, in order.
  ///
  /// - Parameters:
  ///   - part: the part; its file is read again.
  ///   - widths: the numbers in a vector, by space, as far as they are known.
  ///   - shouldStop: asked from time to time.
  ///   - body: takes the next records.
  /// - Throws: `CollectError` if a line is not what it should be, or the file is not the one that was scanned;
  ///   `CancellationError` after a request to stop; what `body` throws.
  static func forEach(
    of part: PartFile, widths: [String: Int], shouldStop: @escaping @Sendable () -> Bool, _ body: ([Row]) throws -> Void
  ) throws {
    let rows = PartRows(part, widths: widths, shouldStop: shouldStop)
    Thread.detachNewThread { rows.readAll() }
    defer { rows.cancel() }
    while let batch = try rows.next() { try body(batch) }
  }

  private func next() throws -> [Row]? {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty && !hasEnded { condition.wait() }
    if !waiting.isEmpty {
      condition.broadcast()
      return waiting.removeFirst()
    }
    if let failure { throw failure }
    return nil
  }

  /// Ends the thread, and waits for it.
  private func cancel() {
    condition.withLock {
      isCancelled = true
      waiting = []
      condition.broadcast()
      while !hasEnded { condition.wait() }
    }
  }

  private func readAll() {
    var problem: (any Error)?
    do { try read() } catch { problem = error }
    condition.withLock {
      failure = problem
      hasEnded = true
      condition.broadcast()
    }
  }

  /// Hands a batch over.
  private func put(_ batch: [Row]) throws {
    if shouldStop() { throw CancellationError() }
    try condition.withLock {
      while waiting.count >= Self.mostWaiting && !isCancelled { condition.wait() }
      if isCancelled { throw CancellationError() }
      waiting.append(batch)
      condition.broadcast()
    }
  }

  private func read() throws {
    let lines = try LineFile(path: part.path, limit: PartFile.lineLimit, shouldStop: shouldStop)
    let reader = StreamedRecordReader(labels: part.end.scorer.labels)
    var order = RecordOrder(part, widths: widths), hash = SHA256()
    var batch: [Row] = [], bytes = 0
    let feed: [UInt8] = [0x0A]
    for _ in 0..<part.end.read {
      let row: LedgerRow?
      do {
        row = try lines.next { line in
          hash.update(bufferPointer: line)
          hash.update(data: feed)
          bytes += line.count
          let record = try reader.read(line)
          try order.add(record)
          return record.row
        }
      } catch StreamLineFault.withoutPost {
        throw CollectError.withoutPosts(file: part.path, line: lines.line)
      } catch let fault as StreamLineFault {
        throw CollectError.line(file: part.path, line: lines.line, words: "\(fault)")
      } catch let fault as JSONScanner.Fault {
        throw CollectError.line(file: part.path, line: lines.line, words: "\(fault)")
      } catch is LineFile.Failure {
        throw CollectError.changed(file: part.path)
      }
      guard let row else { throw CollectError.changed(file: part.path) }
      batch.append((lines.line, row, DerivedValues(row)))
      if batch.count == Self.batchRows || bytes > Self.batchBytes {
        try put(batch)
        (batch, bytes) = ([], 0)
      }
    }
    guard hash.finalize().hexadecimal == part.hash else { throw CollectError.changed(file: part.path) }
    try order.end()
    if !batch.isEmpty { try put(batch) }
  }
}

/// Checks that a part's records are exactly those that its last line names, and that their vectors have one size each.
struct RecordOrder {
  private let part: PartFile
  private var ranges: [(file: ByteText, first: Int, records: Int)]
  /// The present file's place among the ranges, and the records of it so far.
  private var place = 0, records = 0
  private var widths: [String: Int]
  private var scored = 0, withoutPicture = 0, faults = 0

  init(_ part: PartFile, widths: [String: Int]) {
    (self.part, self.widths) = (part, widths)
    ranges = part.ranges
  }

  /// Takes the next record.
  mutating func add(_ record: StreamedRecord) throws(StreamLineFault) {
    while place < ranges.count, records == ranges[place].records { (place, records) = (place + 1, 0) }
    guard place < ranges.count else { throw .beyond(records: part.end.read) }
    let (expected, position) = (ranges[place], record.row.position)
    guard position.file == expected.file, position.record == expected.first + records, position.line >= 1 else {
      throw .position(
        file: position.file.text, record: position.record, expectedFile: expected.file.text,
        expected: expected.first + records)
    }
    records += 1
    switch record.state {
    case .scored: scored += 1
    case .withoutPicture: withoutPicture += 1
    case .faulted, .duplicate, .forgotten: faults += 1
    }
    guard case .post(_, let prediction?) = record.row.outcome else { return }
    for vector in prediction.vectors {
      let expected = widths[vector.space]
      if expected == nil { widths[vector.space] = vector.values.count }
      if let expected, expected != vector.values.count {
        throw .vectorSize(vector.space, found: vector.values.count, expected: expected)
      }
    }
  }

  /// Checks the sums after the last record.
  func end() throws(CollectError) {
    let end = part.end
    guard scored == end.scored, withoutPicture == end.withoutPicture, faults == end.faults else {
      throw .badEnd(file: part.path, what: "number of faults or of scored posts")
    }
  }
}
