import Bytes
import Corpus
import Foundation

/// JSON records of posts. The first byte chooses the form, the encoding and the limits, the rest is the file.
///
/// The rows must be the same however many bytes are read at a time. Of lines, each that is not blank must be one row, and
/// no object of valid JSON may be called damaged.
enum RecordFuzzing {
  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    guard let choice = bytes.first else { return false }
    let path = try CorpusFuzzing.write(bytes.dropFirst(), "jsonl")
    defer { unlink(path) }
    let isNarrow = choice & 0x10 != 0, isLatin = choice & 0x20 != 0
    var options = CorpusOptions(
      encoding: isLatin ? .windows1252 : .utf8, columns: ColumnMap(date: choice & 8 != 0 ? "a.0.b" : nil),
      records: [nil, nil, "a", "a.b"][Int(choice & 3)],
      limits: isNarrow ? RecordLimits(fieldBytes: 64, recordBytes: 256, columns: 8) : RecordLimits())
    if isNarrow { options.limits.pieceBytes = 64 }
    guard let rows = try CorpusFuzzing.rows(path, options) else { return false }
    let first = bytes.dropFirst().first { !isBlank($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    if options.records == nil, first == UInt8(ascii: "{"), !isNarrow, !isLatin {
      try check(rows, bytes.dropFirst())
    }
    return true
  }

  private static func check(_ rows: [CorpusRow], _ bytes: ArraySlice<UInt8>) throws(BrokenPromise) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
    let lines = text.split(separator: 0x0A).filter { !$0.allSatisfy(isBlank) }
    try BrokenPromise.unless(lines.count == rows.count, "\(rows.count) rows of \(lines.count) lines")
    for (row, line) in zip(rows, lines) {
      guard case .fault(let fault) = row, fault.code == .invalidJSON,
        case .object? = try? JSONParser.parse(Array(line))
      else { continue }
      // Two keys may spell one column: `a.b`, and `b` within `a`.
      try BrokenPromise.unless(fault.detail.contains("occurs twice"), "valid JSON is called damaged: \(fault.detail)")
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
