import Bytes

/// The comment that a query's text begins with, read.
struct QueryHeader {
  /// What the query answers; empty without a header.
  var summary = ""
  /// The declared parameters; `nil` without a header.
  var parameters: [QueryParameter]?
  /// What a run must be able to tell.
  var needs: [QueryNeed] = []

  /// Reads the comment lines before the first line of SQL.
  ///
  /// Where the header is not required, comments that do not look like one are left alone: a header is a
  /// first line `name: …`, or a line that reads `@name type`.
  init(name: String, file: String, sql: String, isRequired: Bool) throws(QueryHeaderError) {
    let lines = Self.commentLines(of: sql)
    let first = lines.first.flatMap { Self.summary(in: $0.text, of: name) }
    if let first {
      summary = first
    } else if isRequired {
      throw QueryHeaderError(file: file, line: lines.first?.number ?? 1, reason: .noName(expected: name))
    }
    var declared: [QueryParameter] = []
    var seesParameter = false
    for line in lines.dropFirst(first == nil ? 0 : 1) {
      if let need = QueryNeed(line: line.text) {
        needs.append(need)
      } else if line.text.utf8.first == UInt8(ascii: "@") {
        do throws(QueryHeaderReason) {
          let parameter = try ParameterLine(line.text).parameter
          guard !declared.contains(where: { $0.name.hasSameBytes(as: parameter.name) }) else {
            throw QueryHeaderReason(.repeatedParameter(parameter.name))
          }
          declared.append(parameter)
          seesParameter = true
        } catch {
          // In plain SQL a comment may begin with @ and mean something else.
          if first == nil, !seesParameter, error.mayBeProse, !Self.isUsed(line.text, in: sql) { continue }
          throw QueryHeaderError(file: file, line: line.number, reason: error.reason)
        }
      } else if first != nil, declared.isEmpty {
        summary = Self.join(summary, line.text)
      }
    }
    if first != nil, summary.isEmpty {
      throw QueryHeaderError(file: file, line: lines.first?.number ?? 1, reason: .noSummary)
    }
    if first != nil || seesParameter { parameters = declared }
  }

  /// Whether the SQL has a parameter of the name that a line begins with.
  private static func isUsed(_ line: String, in sql: String) -> Bool {
    let name = line.utf8.dropFirst().prefix { !$0.isBlank }
    guard !name.isEmpty else { return false }
    return sql.contains(":" + String(decoding: name, as: UTF8.self))
  }

  private static func summary(in line: String, of name: String) -> String? {
    let prefix = Array(name.utf8) + [UInt8(ascii: ":")]
    guard line.utf8.starts(with: prefix) else { return nil }
    return String(decoding: line.utf8.dropFirst(prefix.count), as: UTF8.self).trimmingBlanks
  }

  private static func join(_ left: String, _ right: String) -> String {
    left.isEmpty ? right : right.isEmpty ? left : left + " " + right
  }

  /// The lines from the first on that are blank or comments: numbers from 1, texts without `--` and blanks.
  private static func commentLines(of sql: String) -> [(number: Int, text: String)] {
    var lines: [(number: Int, text: String)] = []
    var number = 0
    var rest = sql.utf8[...]
    while !rest.isEmpty {
      number += 1
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest[line.endIndex...].dropFirst()
      var text = String(decoding: line, as: UTF8.self)
      if number == 1, text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
      text = text.trimmingBlanks
      if text.isEmpty { continue }
      guard text.utf8.starts(with: "--".utf8) else { break }
      lines.append((number, String(decoding: text.utf8.dropFirst(2), as: UTF8.self).trimmingBlanks))
    }
    return lines
  }
}

/// A reason without its place, on its way to the line that knows it.
struct QueryHeaderReason: Error {
  let reason: QueryHeaderError.Reason

  /// Whether the line may as well be a sentence that begins with `@`.
  var mayBeProse: Bool {
    switch reason {
    case .badParameterName, .unknownKind: true
    case .noName, .noSummary, .badDefault, .repeatedParameter: false
    }
  }

  init(_ reason: QueryHeaderError.Reason) {
    self.reason = reason
  }
}
