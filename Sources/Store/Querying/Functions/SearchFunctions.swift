import GRDBSQLite

/// `snippet` and `highlight` of the search index, instead of SQLite's own: those take a time that grows with the square
/// of the number of matches in a text (20 seconds for a text of 1 MiB), and cannot be interrupted.
///
/// Arguments and results are the same as SQLite's. They end the query as interrupted once its caller asks to stop.
enum SearchFunctions {
  /// Makes a connection use these functions in statements compiled from now on; does nothing without FTS5.
  ///
  /// - Parameters:
  ///   - connection: the connection.
  ///   - stop: says whether to stop; it must outlive the connection's statements.
  static func add(to connection: OpaquePointer, stop: CancellationToken) {
    guard let api = api(of: connection), let create = api.pointee.xCreateFunction else { return }
    let context = Unmanaged.passUnretained(stop).toOpaque()
    _ = create(
      api, "snippet", context,
      { api, row, result, count, values in
        SearchFunctions.answer(api, row, result) { row throws(Failure) in
          guard count == 5, let values else {
            throw Failure(message: "wrong number of arguments to function snippet()")
          }
          let width = Int(sqlite3_value_int(values[4]))
          return try SearchFunctions.snippet(
            row, column: Int(sqlite3_value_int(values[0])), width: max(1, min(width, 64)),
            marks: Excerpt.Marks(
              open: SearchFunctions.bytes(values[1]), close: SearchFunctions.bytes(values[2]),
              ellipsis: SearchFunctions.bytes(values[3])))
        }
      }, nil)
    _ = create(
      api, "highlight", context,
      { api, row, result, count, values in
        SearchFunctions.answer(api, row, result) { row throws(Failure) in
          guard count == 3, let values else {
            throw Failure(message: "wrong number of arguments to function highlight()")
          }
          return try SearchFunctions.highlight(
            row, column: Int(sqlite3_value_int(values[0])),
            marks: Excerpt.Marks(
              open: SearchFunctions.bytes(values[1]), close: SearchFunctions.bytes(values[2]), ellipsis: []))
        }
      }, nil)
  }

  /// A function's error, reported by SQLite.
  private struct Failure: Error {
    var code = SQLITE_ERROR
    var message: String?
  }

  private static func snippet(
    _ row: SearchRow, column: Int, width: Int, marks: Excerpt.Marks
  ) throws(Failure) -> [UInt8] {
    let matches = try row.matches()
    var excerpt = Excerpt(phraseSizes: row.phraseSizes, width: width)
    for place in 0..<row.columns where column < 0 || column == place {
      let own = matches.filter { $0.column == place }
      if own.isEmpty { continue }
      let (text, tokens) = try row.text(place)
      excerpt.add(column: place, matches: own, size: tokens.count, sentences: sentences(text, tokens))
    }
    let best = excerpt.best ?? Excerpt.Part(column: max(0, column), start: 0, score: 0)
    let (text, tokens) = try row.text(best.column)
    let ranges = Excerpt.ranges(matches.filter { $0.column == best.column }, phraseSizes: row.phraseSizes)
    return Excerpt.written(
      text, tokens: tokens, ranges: ranges, part: best.start...best.start + width - 1, marks: marks)
  }

  private static func highlight(_ row: SearchRow, column: Int, marks: Excerpt.Marks) throws(Failure) -> [UInt8]? {
    guard (0..<row.columns).contains(column) else { return nil }
    let (text, tokens) = try row.text(column)
    let ranges = Excerpt.ranges(try row.matches().filter { $0.column == column }, phraseSizes: row.phraseSizes)
    return Excerpt.written(text, tokens: tokens, ranges: ranges, part: nil, marks: marks)
  }

  /// The tokens that begin a sentence: the first, and those after a full stop or a colon.
  private static func sentences(_ text: UnsafeBufferPointer<UInt8>, _ tokens: [Range<Int>]) -> [Int] {
    tokens.indices.filter { place in
      if place == 0 { return true }
      var at = tokens[place].lowerBound - 1
      // Not past the previous token: nothing before it belongs here, so a long run of white space is scanned only once.
      let end = tokens[place - 1].upperBound
      while at >= end, text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0A || text[at] == 0x0D { at -= 1 }
      return at >= end && at != tokens[place].lowerBound - 1
        && (text[at] == UInt8(ascii: ".") || text[at] == UInt8(ascii: ":"))
    }
  }

  private static func bytes(_ value: OpaquePointer?) -> [UInt8] {
    guard let start = sqlite3_value_text(value) else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value))))
  }

  private static func answer(
    _ api: UnsafePointer<Fts5ExtensionApi>?, _ row: OpaquePointer?, _ result: OpaquePointer?,
    _ body: (SearchRow) throws(Failure) -> [UInt8]?
  ) {
    guard let api, let row else { return sqlite3_result_null(result) }
    do throws(Failure) {
      guard let written = try body(SearchRow(api: api, row: row)) else { return sqlite3_result_null(result) }
      let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      written.withUnsafeBytes { bytes in
        // An empty array has no address, which would mean NULL.
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_result_text(result, "", 0, copies) }
        sqlite3_result_text64(
          result, start.assumingMemoryBound(to: CChar.self), sqlite3_uint64(bytes.count), copies, UInt8(SQLITE_UTF8))
      }
    } catch {
      if let message = error.message { sqlite3_result_error(result, message, -1) }
      sqlite3_result_error_code(result, error.code)
    }
  }

  /// FTS5's own interface on a connection.
  private static func api(of connection: OpaquePointer) -> UnsafeMutablePointer<fts5_api>? {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nil) == SQLITE_OK else { return nil }
    var api: UnsafeMutablePointer<fts5_api>?
    withUnsafeMutablePointer(to: &api) { place in
      sqlite3_bind_pointer(statement, 1, place, "fts5_api_ptr", nil)
      sqlite3_step(statement)
    }
    return api
  }

  /// A row of the index that a query found.
  private struct SearchRow {
    let api: UnsafePointer<Fts5ExtensionApi>
    let row: OpaquePointer

    var columns: Int { Int(api.pointee.xColumnCount?(row) ?? 0) }

    var phraseSizes: [Int] {
      let count = api.pointee.xPhraseCount?(row) ?? 0
      return (0..<count).map { Int(api.pointee.xPhraseSize?(row, $0) ?? 0) }
    }

    private var stop: CancellationToken? {
      api.pointee.xUserData?(row).map { Unmanaged<CancellationToken>.fromOpaque($0).takeUnretainedValue() }
    }

    /// All matches, by column and offset.
    func matches() throws(Failure) -> [Excerpt.Match] {
      var count: Int32 = 0
      try check(api.pointee.xInstCount?(row, &count))
      var matches: [Excerpt.Match] = []
      matches.reserveCapacity(Int(count))
      for place in 0..<count {
        var (phrase, column, offset): (Int32, Int32, Int32) = (0, 0, 0)
        try check(api.pointee.xInst?(row, place, &phrase, &column, &offset))
        matches.append(Excerpt.Match(phrase: Int(phrase), column: Int(column), offset: Int(offset)))
      }
      return matches
    }

    /// A column's text, valid as long as the row is current, and the positions of its tokens.
    func text(_ column: Int) throws(Failure) -> (UnsafeBufferPointer<UInt8>, [Range<Int>]) {
      var start: UnsafePointer<CChar>?
      var count: Int32 = 0
      try check(api.pointee.xColumnText?(row, Int32(column), &start, &count))
      var found = Tokens(stop: stop)
      let code = withUnsafeMutablePointer(to: &found) { found in
        api.pointee.xTokenize?(row, start, count, found) { context, flags, _, _, from, to in
          guard let found = context?.assumingMemoryBound(to: Tokens.self), flags & FTS5_TOKEN_COLOCATED == 0 else {
            return SQLITE_OK
          }
          found.pointee.ranges.append(Int(from)..<Int(max(from, to)))
          let isTimely = found.pointee.ranges.count.isMultiple(of: 4096)
          return isTimely && found.pointee.stop?.isCancelled() == true ? SQLITE_INTERRUPT : SQLITE_OK
        }
      }
      try check(code)
      let bytes = UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self)
      return (UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(count)), found.ranges)
    }

    private struct Tokens {
      var ranges: [Range<Int>] = []
      var stop: CancellationToken?
    }

    private func check(_ code: Int32?) throws(Failure) {
      if let code, code != SQLITE_OK { throw Failure(code: code) }
    }
  }
}
