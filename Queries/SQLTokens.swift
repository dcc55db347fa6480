/// SQL split into tokens as SQLite does, so that a bracket inside a text is not mistaken for one.
package struct SQLToken: Equatable, Sendable {
  /// The kinds of tokens.
  package enum Kind: Sendable {
    /// Blanks and line ends.
    case blank
    /// `-- …` up to the line's end, or `/* … */`.
    case comment
    /// A text in single quotes.
    case text
    /// A name in double quotes, backquotes or brackets.
    case quotedName
    /// `:name`, `@name`, `$name` or `?1`.
    case parameter
    /// A name, a keyword or a number.
    case word
    /// One byte of anything else.
    case symbol
  }

  package var kind: Kind
  /// The range of its bytes.
  package var range: Range<Int>
  /// Whether a comment in slashes, a text or a quoted name is closed.
  package var isClosed = true
}

/// Splits SQL into tokens, which together cover all of it.
package enum SQLTokens {
  /// The tokens of SQL, in order.
  /// - Complexity: O(n) for n bytes.
  package static func of(_ sql: [UInt8]) -> [SQLToken] {
    var tokens: [SQLToken] = []
    var place = 0
    while place < sql.count {
      let token = token(sql, at: place)
      tokens.append(token)
      place = token.range.upperBound
    }
    return tokens
  }

  private static func token(_ sql: [UInt8], at start: Int) -> SQLToken {
    let byte = sql[start]
    let second = start + 1 < sql.count ? sql[start + 1] : 0
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0C:
      return SQLToken(kind: .blank, range: start..<start + 1)
    case UInt8(ascii: "-") where second == UInt8(ascii: "-"):
      let end = sql[start...].firstIndex(of: UInt8(ascii: "\n")) ?? sql.count
      return SQLToken(kind: .comment, range: start..<end)
    case UInt8(ascii: "/") where second == UInt8(ascii: "*"):
      var end = start + 2
      while end + 1 < sql.count {
        if sql[end] == UInt8(ascii: "*"), sql[end + 1] == UInt8(ascii: "/") {
          return SQLToken(kind: .comment, range: start..<end + 2)
        }
        end += 1
      }
      return SQLToken(kind: .comment, range: start..<sql.count, isClosed: false)
    case UInt8(ascii: "'"): return quoted(sql, start, .text, by: byte)
    case UInt8(ascii: "\""), UInt8(ascii: "`"): return quoted(sql, start, .quotedName, by: byte)
    case UInt8(ascii: "["):
      guard let end = sql[start...].firstIndex(of: UInt8(ascii: "]")) else {
        return SQLToken(kind: .quotedName, range: start..<sql.count, isClosed: false)
      }
      return SQLToken(kind: .quotedName, range: start..<end + 1)
    case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"):
      let end = endOfWord(sql, from: start + 1)
      let isParameter = end > start + 1 || byte == UInt8(ascii: "?")
      return SQLToken(kind: isParameter ? .parameter : .symbol, range: start..<end)
    case _ where isOfWord(byte): return SQLToken(kind: .word, range: start..<endOfWord(sql, from: start))
    default: return SQLToken(kind: .symbol, range: start..<start + 1)
    }
  }

  /// A text or a name up to its closing quote; a doubled quote is one inside it.
  private static func quoted(_ sql: [UInt8], _ start: Int, _ kind: SQLToken.Kind, by quote: UInt8) -> SQLToken {
    var place = start + 1
    while place < sql.count {
      guard sql[place] == quote else {
        place += 1
        continue
      }
      guard place + 1 < sql.count, sql[place + 1] == quote else {
        return SQLToken(kind: kind, range: start..<place + 1)
      }
      place += 2
    }
    return SQLToken(kind: kind, range: start..<sql.count, isClosed: false)
  }

  private static func endOfWord(_ sql: [UInt8], from start: Int) -> Int {
    sql[start...].firstIndex { !isOfWord($0) } ?? sql.count
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }
}
