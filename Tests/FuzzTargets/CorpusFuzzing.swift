import Corpus
import Foundation

/// A CSV file of posts, or of predictions. The first byte chooses the dialect and the encoding, the rest is the file.
///
/// The rows must be the same however many bytes are read at a time.
enum CorpusFuzzing {
  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    guard let choice = bytes.first else { return false }
    let path = FileManager.default.temporaryDirectory.path + "/clfa-fuzz-\(UUID().uuidString).csv"
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes.dropFirst())) else {
      throw BrokenPromise(description: "\(path) cannot be written")
    }
    defer { unlink(path) }
    var options = options(choice)
    if choice & 0x40 != 0 { return try readPredictions(path, options) }
    let (rows, error) = rows(path, options)
    options.limits.chunkBytes = 7
    let (slowly, slowError) = Self.rows(path, options)
    try BrokenPromise.unless(rows == slowly && error == slowError, difference(rows, slowly, error, slowError))
    for (index, row) in rows.enumerated() {
      try BrokenPromise.unless(row.position.record == index + 1, "row \(index + 1) is called \(row.position.record)")
      if case .fault(let fault) = row {
        try BrokenPromise.unless(!"\(fault.code)".isEmpty, "a fault without a code")
      }
    }
    return try BrokenPromise.accepts { if let error { throw error } }
  }

  /// The first row or error that differs if seven bytes are read at a time.
  private static func difference(
    _ rows: [CorpusRow], _ slowly: [CorpusRow], _ error: CorpusError?, _ slowError: CorpusError?
  ) -> String {
    let place = zip(rows, slowly).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    guard let place else {
      return "\(rows.count) rows and \(error as Any), then \(slowly.count) and \(slowError as Any)"
    }
    return "row \(place + 1) is \(rows[place]), then \(slowly[place]) where seven bytes are read at a time"
  }

  private static func options(_ choice: UInt8) -> CorpusOptions {
    let encodings: [TextEncoding] = [.utf8, .utf8, .utf16, .windows1252]
    let delimiters: [UInt8?] = [nil, UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    let hasHeader = choice & 0x10 == 0, isNarrow = choice & 0x20 != 0
    var options = CorpusOptions(
      delimiter: delimiters[Int(choice >> 2 & 3)], encoding: encodings[Int(choice & 3)], hasHeader: hasHeader,
      columns: hasHeader ? ColumnMap() : ColumnMap(id: "1", text: "2"),
      limits: isNarrow ? RecordLimits(fieldBytes: 64, recordBytes: 256, lines: 4, columns: 8) : RecordLimits())
    if isNarrow { options.limits.pieceBytes = 64 }
    options.keepsSurplus = choice & 0x80 != 0
    if choice & 0x80 != 0, let names = try? LabelNames(parsing: "0=no,1=yes") { options.labelNames = names }
    return options
  }

  private static func rows(_ path: String, _ options: CorpusOptions) -> ([CorpusRow], CorpusError?) {
    var rows: [CorpusRow] = []
    do throws(CorpusError) {
      var reader = try CorpusReader(paths: [path], options: options)
      while let row = try reader.next() {
        rows.append(row)
        _ = reader.cells
      }
      return (rows, nil)
    } catch {
      return (rows, error)
    }
  }

  private static func readPredictions(_ path: String, _ options: CorpusOptions) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      var file = try PredictionFile(path: path, columns: PredictionColumns(), options: options)
      while let row = try file.next() {
        guard case .prediction(let prediction) = row else { continue }
        try BrokenPromise.unless(
          (0...1).contains(prediction.confidence), "a confidence of \(prediction.confidence)")
        try BrokenPromise.unless(prediction.probabilities.allSatisfy { (0...1).contains($0) }, "no probability")
      }
    }
  }
}
