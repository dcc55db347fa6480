import Bytes
import Corpus

/// A complete output of `clfa stream`: the lines of one part of a corpus, or of all of it.
package struct PartFile: Sendable {
  /// The file's path as given.
  package let path: String
  /// The last line.
  package let end: StreamEnd
  /// SHA-256 of the lines before the last one, in hexadecimal: equal parts have equal hashes.
  package let hash: String

  /// The maximum number of bytes in a line.
  static let lineLimit = 64 << 20
  /// The maximum number of parts of a corpus.
  static let mostParts = 10_000_000

  /// The part's number, from 1.
  var number: Int { end.part?.number ?? 1 }
  /// How many parts there are.
  var total: Int { end.part?.of ?? 1 }
  /// SHA-256 of the file of parts; empty for a corpus that was not divided.
  var division: String { end.part?.parts ?? "" }
  /// The files of the corpus of which it has records, with the first record of each and their number.
  var ranges: [(file: ByteText, first: Int, records: Int)] {
    if let part = end.part { return [(part.file, part.firstRecord, part.records)] }
    return end.files.map { ($0.name, 1, $0.read) }
  }

  /// A file after it was read to its end.
  enum Scan {
    case complete(PartFile)
    /// It has no end line: it was cut short.
    case cutShort
  }

  /// Reads a file to its end, and checks its last line.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - shouldStop: asked from time to time.
  /// - Returns: the part, or that the file was cut short.
  /// - Throws: `CollectError`; `CorpusError` if the file cannot be read; `CancellationError` after a request to stop.
  static func scan(_ path: String, shouldStop: @escaping @Sendable () -> Bool) throws -> Scan {
    let lines = try LineFile(path: path, limit: lineLimit, shouldStop: shouldStop)
    var hash = SHA256(), last: [UInt8] = [], count = 0
    do {
      while true {
        let more: Void? = try lines.next { line in
          if count > 0 { hash.update(line: last) }
          last.removeAll(keepingCapacity: true)
          last.append(contentsOf: line)
          count += 1
        }
        if more == nil { break }
        if count.isMultiple(of: 4096), shouldStop() { throw CancellationError() }
      }
    } catch CorpusError.cutCompression {
      return .cutShort
    } catch LineFile.Failure.tooLong(let line, let limit) {
      throw CollectError.line(file: path, line: line, words: "the line is longer than \(limit >> 20) MiB")
    }
    guard let end = try end(in: last, path: path, line: count) else { return .cutShort }
    guard end.read == end.written, end.read == count - 1 else {
      throw CollectError.otherCount(file: path, said: end.read, found: count - 1)
    }
    let part = PartFile(path: path, end: end, hash: hash.finalize().hexadecimal)
    try part.check()
    return .complete(part)
  }

  /// The end that a file's last line is; nil if it is another line, or a beginning of one.
  private static func end(in line: [UInt8], path: String, line number: Int) throws -> StreamEnd? {
    do {
      return try StreamEnd(parsing: line)
    } catch .notJSON {
      return nil
    } catch {
      // A line of another kind is judged as a record, if the file is read again with its end.
      guard line.starts(with: Array(#"{"end""#.utf8)) else { return nil }
      throw CollectError.line(file: path, line: number, words: "\(error)")
    }
  }

  /// Checks that the numbers of the last line fit together.
  private func check() throws(CollectError) {
    func require(_ isSo: Bool, _ what: String) throws(CollectError) {
      guard isSo else { throw .badEnd(file: path, what: what) }
    }
    if let part = end.part {
      try require(1...Self.mostParts ~= part.of && 1...part.of ~= part.number, "number of the part")
      try require(1...(1 << 60) ~= part.firstRecord && part.records == end.read, "number of records")
      try require(!part.file.isEmpty && !part.parts.isEmpty, "file")
    } else {
      let (sum, overflow) = end.files.reduce((0, false)) { sum, file in
        let (next, isTooLarge) = sum.0.addingReportingOverflow(file.read)
        return (next, sum.1 || isTooLarge)
      }
      try require(!overflow && sum == end.read, "number of records")
      try require(Set(end.files.map(\.name)).count == end.files.count, "list of files")
    }
    let labels = end.scorer.labels
    try require(!labels.isEmpty && Set(labels).count == labels.count, "list of labels")
    guard case .object = end.machine else { throw .badEnd(file: path, what: "machine") }
  }
}

extension SHA256 {
  /// Adds a line with its line feed.
  mutating func update(line: [UInt8]) {
    update(data: line)
    update(data: [0x0A])
  }
}
