import Bytes

extension RecordFault {
  /// What is wrong with a record of JSON.
  package enum JSONFault: Equatable, Sendable {
    /// Something else was expected at this byte of the record, from 1.
    case syntax(Expected, at: Int)
    /// A line break or the end of the file within a record of a list, or brackets that do not match.
    case broken
    /// A value of this kind where an object is expected.
    case notAnObject(String)
    /// Lists and objects nested too deeply.
    case tooDeep(limit: Int)
    /// A member twice.
    case repeatedMember(String)
    /// A key that is not valid UTF-8.
    case keyNotText
    /// A member's value over the limit in bytes.
    case tooLong(String, limit: Int)
    /// More members than columns are allowed.
    case tooManyMembers(limit: Int)
    /// Half of a surrogate pair in a member's value; an empty name for one in a key.
    case halfCharacter(String, UInt32)
    /// An object or a list as the value of a member that is a role's cell; a column that reads a value within it.
    case nestedValue(member: String, kind: String, role: ColumnRole, suggestion: String?)
    /// A cell from which a column expression takes values, and which begins like a list but cannot be read as one.
    case unreadableList(String)
  }

  /// What the grammar of JSON expects.
  package enum Expected: String, Equatable, Sendable {
    case value = "a value"
    case key = "a key in double quotes"
    case colon = "a colon"
    case commaOrBrace = "a comma or }"
    case commaOrBracket = "a comma or ]"
    case quote = "the quote that ends a string"
    case escape = "an escape such as \\n or \\u00e9"
    case hexDigit = "four hexadecimal digits"
    case digit = "a digit"
    case noLeadingZero = "a number without leading zeros"
    case noControlCharacter = "an escape such as \\t, not the control character itself,"
    case end = "the end of the record"
  }
}

extension RecordFault.JSONFault: CustomStringConvertible {
  var code: FaultCode {
    switch self {
    case .syntax, .broken, .notAnObject, .tooDeep, .repeatedMember, .tooManyMembers, .nestedValue, .unreadableList:
      .invalidJSON
    case .keyNotText, .halfCharacter: .invalidEncoding
    case .tooLong: .fieldTooLarge
    }
  }

  /// The message: the finding and how to fix it.
  package var description: String {
    switch self {
    case .syntax(.end, let at):
      "not valid JSON: the end of the record is expected at byte \(at) of the record: correct the record, or, if records "
        + "share lines or have commas between them, read the file with --records ."
    case .syntax(let expected, let at):
      "not valid JSON: \(expected.rawValue) is expected at byte \(at) of the record: correct the record"
    case .broken: "not valid JSON: the record does not end as it should: correct it; reading goes on at a later line"
    case .notAnObject(let kind): "the record is \(kind), not an object such as {\"id\": 1}: remove it"
    case .tooDeep(let limit): "more than \(limit) lists and objects within each other: flatten the record"
    case .repeatedMember(let name): "the member '\(name.clipped(to: 60))' occurs twice: remove one"
    case .keyNotText: "a member's name is not valid UTF-8: save the file as UTF-8"
    case .tooLong(let name, let limit):
      "the member '\(name.clipped(to: 60))' is over \(RecordFault.size(limit)): shorten it"
    case .tooManyMembers(let limit): "more than \(limit) members: remove those that are not needed"
    case .nestedValue(let member, let kind, let role, let suggestion):
      "the member '\(member.clipped(to: 60))' is \(kind), not \(role.value): "
        + (suggestion.map { "name the member within it, such as --\(role.rawValue) \(Shell.word($0.clipped(to: 120)))" }
          ?? "correct the record")
    case .unreadableList(let name):
      "the list in '\(name.clipped(to: 60))' is not valid JSON, or has half of a character: correct it"
    case .halfCharacter(let name, let unit):
      "\(name.isEmpty ? "a member's name" : "the member '\(name.clipped(to: 60))'") has half of a character, "
        + "\\u\(String(unit, radix: 16)), where a text was cut in the middle of an emoji: remove it"
    }
  }
}
