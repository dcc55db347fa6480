import Corpus
import TestSupport
import Testing

/// Rows and errors are the same however many bytes a read returns.
@Suite struct LineSourceTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// The result of reading a file: its rows, and the error that ends them.
  private struct Outcome: Equatable {
    var rows: [CorpusRow] = []
    var error: CorpusError?
  }

  private func outcome(_ path: String, _ options: CorpusOptions, chunk: Int) -> Outcome {
    var options = options
    options.limits.chunkBytes = chunk
    var outcome = Outcome()
    do throws(CorpusError) {
      var reader = try CorpusReader(paths: [path], options: options)
      while let row = try reader.next() { outcome.rows.append(row) }
    } catch {
      outcome.error = error
    }
    return outcome
  }

  /// Records that exceed each limit after the first chunk, each followed by a valid one.
  @Test func recordsOverALimitAreTheSameForAllReads() throws {
    let mebibyte = String(repeating: "x", count: 1 << 20)
    let large = String(repeating: "y", count: 300_000)
    let lines = String(repeating: String(repeating: "z", count: 3000) + "\n", count: 101)
    let commas = String(repeating: ",", count: 300_000)
    let blank = String(repeating: ",", count: 17)
    let records: [(record: String, faults: [String])] = [
      // Of the maximum size: a field, a quoted one, one over several lines.
      (mebibyte + blank, []), ("\"\(mebibyte)\"" + blank, []), ("\"\(lines.dropLast(6002))\"" + blank, []),
      // A field, a quoted one and all fields together are too large.
      (mebibyte + "x" + blank, ["field_too_large"]), ("\"\(mebibyte)x\"" + blank, ["field_too_large"]),
      (mebibyte + String(repeating: "," + mebibyte, count: 16) + ",", ["field_too_large"]),
      // Too many fields, then a field that is too large.
      (commas, ["too_many_fields"]), (commas + mebibyte + "x", ["field_too_large"]),
      // A quote within a field, then a field that is too large; and the other way round.
      ("\(large)\"," + mebibyte + "x", ["field_too_large"]), ("\(mebibyte)x,\"a\"b,\(large)", ["field_too_large"]),
      ("\"a\"b\(large)", ["unbalanced_quote"]),
      // An open quote over lines, where the next meets two of the limits at once.
      ("\"a\nb\"c\(large)," + mebibyte + "x", ["unbalanced_quote", "field_too_large"]),
      ("\"a\n\(mebibyte)x\"b", ["unbalanced_quote", "field_too_large"]),
      ("\"a\nb\"\(commas)" + mebibyte + "x", ["unbalanced_quote", "field_too_large"]),
      (
        "\"\(lines)\"" + blank,
        ["unbalanced_quote"] + Array(repeating: "too_few_fields", count: 100) + ["unbalanced_quote"]
      ),
      // Carriage returns between two chunks, and more of them than fit into a chunk.
      (String(large.prefix(1 << 18)) + "\r\ry" + blank, []),
      ("a\(String(repeating: "\r", count: 300_000))b" + blank, []),
      // The file ends within the quotes.
      ("\"\(large)\n\(large)", ["unbalanced_quote", "too_few_fields"]),
    ]
    let columns = "text" + (1...17).map { ",c\($0)" }.joined() + "\n"
    for (index, (record, faults)) in records.enumerated() {
      let isLast = index == records.count - 1
      let path = try scratch.write("posts.csv", columns + record + (isLast ? "" : "\nsound" + blank + "\n"))
      let whole = outcome(path, CorpusOptions(), chunk: 64 << 20)
      #expect(whole.rows.compactMap(\.fault?.code.rawValue) == faults && whole.error == nil, "record \(index)")
      if !isLast { #expect(whole.rows.last?.post?.text == "sound", "record \(index)") }
      for chunk in [4093, 65_536, 256 << 10] {
        // A failed comparison must not print megabytes.
        let isEqual = outcome(path, CorpusOptions(), chunk: chunk) == whole
        #expect(isEqual, "record \(index), \(chunk) bytes a read")
      }
    }
  }

  /// The error of a bad header does not depend on the lines after it.
  @Test(arguments: [1, 7, 64, 1 << 18]) func aHeadersErrorIsTheSameForAllReads(chunk: Int) throws {
    let limits = RecordLimits(fieldBytes: 64, recordBytes: 256, lines: 4, columns: 8)
    let long = String(repeating: "x", count: 70)
    func error(_ text: String) throws -> CorpusError? {
      try outcome(scratch.write("posts.csv", text), CorpusOptions(limits: limits), chunk: chunk).error
    }
    func isMalformed(_ error: CorpusError?, _ trouble: RecordFault) -> Bool {
      guard case .malformedHeader(_, line: 1, fault: trouble) = error else { return false }
      return true
    }
    // The lines within the open quote have more columns than allowed, and a NUL.
    #expect(isMalformed(try error("id,\"text\nb\",1,2,3,4,5,6,7,8,\(long)\n"), .unbalancedQuote(.tooLarge(limit: 64))))
    #expect(isMalformed(try error("id,\"text\n\u{0}\",a,\"b\" c\n"), .unbalancedQuote(.strayQuote)))
    #expect(isMalformed(try error("id,\"text\n\(long)\n"), .unbalancedQuote(.tooLarge(limit: 64))))
    #expect(isMalformed(try error("id,\"text\na,\u{0}\n"), .unbalancedQuote(.endOfFile)))
    #expect(isMalformed(try error("id,\"text\n\n\n\n\n"), .unbalancedQuote(.tooManyLines(limit: 4))))
    #expect(isMalformed(try error("id,\(long),text\n"), .tooLarge(.field(2), limit: 64)))
    guard case .tooManyColumns(_, found: 9, limit: 8) = try error("id,text,c,d,e,f,g,h,i\n") else {
      Issue.record("no error for nine columns")
      return
    }
  }
}
