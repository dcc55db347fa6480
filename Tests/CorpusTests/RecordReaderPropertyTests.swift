import Bytes
import Corpus
import Evaluation
import TestSupport
import Testing

/// Random files, read by the reader and by a simple implementation that has the whole file in memory, parses each
/// possible record from its beginning, and does not use libcsv, chunks or marks.
@Suite struct RecordReaderPropertyTests {
  private static let limits: RecordLimits = {
    var limits = RecordLimits(fieldBytes: 24, recordBytes: 1 << 20, lines: 4)
    limits.pieceBytes = 64
    return limits
  }()

  @Test(arguments: 0..<8 as Range<UInt64>) func theReaderEqualsItsNaiveTwin(seed: UInt64) throws {
    let scratch = try Scratch()
    var generator = SeededGenerator(seed: seed)
    let header = Array("text,a,b\n".utf8)
    for _ in 0..<400 {
      let body = Self.body(&generator)
      // Every column is read: a long cell of any other costs no record.
      let options = CorpusOptions(columns: ColumnMap(knowledge: "a", label: "b"), limits: Self.limits)
      let rows = try scratch.rows(bytes: header + body, options)
      let twin = NaiveReader(header + body, limits: Self.limits, columns: 3).rows()
      var fewBytes = options
      fewBytes.limits.chunkBytes = 7
      #expect(try read([scratch.file("posts.csv")], fewBytes) == rows, "seed \(seed): \(body)")
      #expect(rows.map(Self.outcome) == twin, "seed \(seed): \(body)")
      #expect(rows.map(\.position.record) == Array(0..<rows.count).map { $0 + 1 }, "seed \(seed): \(body)")
      #expect(
        zip(rows, rows.dropFirst()).allSatisfy { $0.position.line < $1.position.line },
        "seed \(seed): \(body)")
    }
  }

  /// With any bytes and options, reading ends with rows or with an error message.
  @Test(arguments: 0..<6 as Range<UInt64>) func noFileIsFatal(seed: UInt64) throws {
    let scratch = try Scratch()
    var generator = SeededGenerator(seed: 1000 + seed)
    for round in 0..<300 {
      var bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      if round % 3 > 0 { bytes = Array("id,text\n".utf8) + bytes }
      if round % 3 > 1 { bytes = [0xFF, 0xFE] + bytes.flatMap { [$0, $0 & 1 == 0 ? 0 : $0] } }
      let encodings = TextEncoding.allCases
      let dialect = Dialect(
        quote: [.double, .single, .none][round % 5 % 3], escapesByBackslash: round % 7 < 2,
        skippedLines: round % 11 % 3,
        comment: round % 13 < 3 ? UInt8(ascii: "#") : nil)
      let options = CorpusOptions(
        dialect: dialect, encoding: encodings[Int.random(in: 0..<encodings.count, using: &generator)],
        hasHeader: Bool.random(using: &generator), limits: Self.limits)
      let path = try scratch.write("x.csv", bytes)
      do throws(CorpusError) {
        let rows = try read([path], options)
        #expect(rows.map(\.position.record) == Array(0..<rows.count).map { $0 + 1 })
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.position.line < $1.position.line })
      } catch {
        #expect("\(error)".contains(path))
      }
    }
  }

  /// Valid records with damage: replaced characters, inserted quotes, a truncated end.
  private static func body(_ generator: inout SeededGenerator) -> [UInt8] {
    let alphabet = ["a", "b", " ", ",", "\"\"", "\n", "\r\n", "\r", "é", "\u{0}"]
    let wild: [UInt8] = Array("ab,,\"\"\"\"\n\n\r \u{0}".utf8) + [0xC3, 0xFF]
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      for column in 0..<3 {
        let isQuoted = Bool.random(using: &generator)
        var field = ""
        let usual = isQuoted ? alphabet.count : 3
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
          field += alphabet[Int.random(in: 0..<usual, using: &generator)]
        }
        if Int.random(in: 0..<40, using: &generator) == 0 { field += String(repeating: "long", count: 30) }
        bytes += Array((isQuoted ? "\"\(field)\"" : field).utf8)
        bytes += Array((column < 2 ? "," : Bool.random(using: &generator) ? "\n" : "\r\n").utf8)
      }
    }
    for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let byte = wild[Int.random(in: 0..<wild.count, using: &generator)]
      if Bool.random(using: &generator) { bytes[place] = byte } else { bytes.insert(byte, at: place) }
    }
    if Int.random(in: 0..<3, using: &generator) == 0 {
      bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
    }
    return bytes
  }

  private static func outcome(_ row: CorpusRow) -> NaiveReader.Row {
    switch row {
    case .fault(let fault):
      NaiveReader.Row(line: fault.position.line, code: fault.code, cells: [])
    case .post(let post):
      NaiveReader.Row(
        line: post.position.line, code: nil,
        cells: [post.text, post.knowledge, post.label?.text ?? ""].map { Array($0.utf8) })
    }
  }
}
