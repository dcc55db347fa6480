import Corpus

/// A simple implementation of the rules of a corpus file, without regard to speed or memory.
struct NaiveReader {
  struct Row: Equatable {
    var line: Int
    var code: FaultCode?
    var cells: [[UInt8]]
  }

  /// One reading of some lines as one record.
  private struct Reading {
    var cells: [[UInt8]] = []
    var isClosed = false
    var hasStrayQuote = false
    var isTooLarge = false
  }

  private let lines: [(content: [UInt8], ending: [UInt8])]
  private let limits: RecordLimits
  private let columns: Int

  init(_ bytes: [UInt8], limits: RecordLimits, columns: Int) {
    self.limits = limits
    self.columns = columns
    var parts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    // The text after the last line feed is a line only if it is not empty.
    if parts.last?.isEmpty == true { parts.removeLast() }
    let endsOpen = bytes.last != 0x0A
    lines = parts.enumerated().map { index, part in
      var content = part
      while content.last == 0x0D { content.removeLast() }
      let returns = Array(part[content.count...])
      return (content, returns + (endsOpen && index == parts.count - 1 ? [] : [0x0A]))
    }
  }

  func rows() -> [Row] {
    var rows: [Row] = []
    var index = 1
    while index < lines.count {
      guard !lines[index].content.isEmpty else {
        index += 1
        continue
      }
      let (row, next) = record(at: index)
      rows.append(row)
      index = next
    }
    return rows
  }

  private func record(at index: Int) -> (row: Row, next: Int) {
    func fault(_ code: FaultCode) -> (Row, Int) { (Row(line: index + 1, code: code, cells: []), index + 1) }
    let alone = reading(index...index)
    if alone.isTooLarge { return fault(.fieldTooLarge) }
    if alone.isClosed {
      if alone.cells.count < columns { return fault(.tooFewFields) }
      if alone.cells.count > columns { return fault(.tooManyFields) }
      return (row(alone.cells, index), index + 1)
    }
    for last in index..<min(index + limits.lines, lines.count) {
      let together = reading(index...last)
      if together.hasStrayQuote || together.isTooLarge { break }
      guard together.isClosed else { continue }
      if together.cells.count != columns { break }
      return (row(together.cells, index), last + 1)
    }
    return fault(.unbalancedQuote)
  }

  private func row(_ cells: [[UInt8]], _ index: Int) -> Row {
    if cells.contains(where: { $0.contains(0) }) {
      return Row(line: index + 1, code: .nulCharacter, cells: [])
    }
    if cells.contains(where: { String(validating: $0, as: UTF8.self) == nil }) {
      return Row(line: index + 1, code: .invalidEncoding, cells: [])
    }
    // The first column is the text; the picture has no column.
    if cells[0].allSatisfy({ [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D].contains($0) }) {
      return Row(line: index + 1, code: .emptyPost, cells: [])
    }
    return Row(line: index + 1, code: nil, cells: cells)
  }

  /// Reads lines as RFC 4180 says; a quote in the wrong place is an ordinary character.
  private func reading(_ range: ClosedRange<Int>) -> Reading {
    enum State { case start, bare, quoted, afterQuote }
    var reading = Reading()
    var state = State.start
    var cell: [UInt8] = []
    func finish() {
      if cell.count > limits.fieldBytes { reading.isTooLarge = true }
      reading.cells.append(cell)
      cell = []
      state = .start
    }
    for line in lines[range] {
      for byte in line.content {
        switch (state, byte) {
        case (.start, 0x22): state = .quoted
        case (.start, 0x2C), (.bare, 0x2C), (.afterQuote, 0x2C): finish()
        case (.start, _):
          state = .bare
          cell.append(byte)
        case (.bare, _):
          if byte == 0x22 { reading.hasStrayQuote = true }
          cell.append(byte)
        case (.quoted, 0x22): state = .afterQuote
        case (.quoted, _): cell.append(byte)
        case (.afterQuote, 0x22):
          state = .quoted
          cell.append(0x22)
        case (.afterQuote, _):
          reading.hasStrayQuote = true
          state = .quoted
          cell += [0x22, byte]
        }
      }
      if state == .quoted {
        cell += line.ending.isEmpty || line.ending.last != 0x0A ? line.ending + [0x0A] : line.ending
        if cell.count > limits.fieldBytes + 1 { reading.isTooLarge = true }
      } else {
        finish()
        reading.isClosed = true
      }
    }
    return reading
  }
}
