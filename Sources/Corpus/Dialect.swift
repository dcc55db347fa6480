import Bytes

/// How the cells of a table are written: what quotes and escapes mean in it, and which lines do not belong to it.
package struct Dialect: Sendable, Equatable {
  /// The character around a cell that may contain delimiters and line breaks.
  package enum Quote: Sendable, Equatable {
    /// `"`, as in RFC 4180.
    case double
    /// `'`
    case single
    /// Quotes are ordinary characters, and a record is always one line.
    case none

    /// The byte; `nil` for none.
    package var byte: UInt8? {
      switch self {
      case .double: UInt8(ascii: "\"")
      case .single: UInt8(ascii: "'")
      case .none: nil
      }
    }

    /// Reads a quote as typed by a user.
    package init(parsing argument: String) throws(OptionError) {
      switch ByteText(argument) {
      case "\"", "double": self = .double
      case "'", "single": self = .single
      case "none": self = .none
      default: throw .unknownQuote(argument)
      }
    }

    /// The word for it in a run's record.
    package var word: String {
      switch self {
      case .double: "double"
      case .single: "single"
      case .none: "none"
      }
    }
  }

  /// The quote; it is doubled within a quoted cell.
  package var quote: Quote
  /// Whether the character after a backslash is taken as it is: a quote, a delimiter, a line end or a backslash.
  package var escapesByBackslash: Bool
  /// The number of lines before the header, or before the first record of a file without one.
  package var skippedLines: Int
  /// The byte at the beginning of lines that are comments, not records.
  package var comment: UInt8?

  /// Creates a dialect; the defaults are those of RFC 4180.
  package init(
    quote: Quote = .double, escapesByBackslash: Bool = false, skippedLines: Int = 0, comment: UInt8? = nil
  ) {
    self.quote = quote
    self.escapesByBackslash = escapesByBackslash
    self.skippedLines = skippedLines
    self.comment = comment
  }

  /// Reads an escape as typed by a user, the word `backslash` or the character, and returns the word.
  package static func parseEscape(_ argument: String) throws(OptionError) -> String {
    guard ["backslash", "\\"].contains(ByteText(argument)) else { throw .unknownEscape(argument) }
    return "backslash"
  }

  /// Reads the sign of comments as typed by a user: one ASCII character.
  package static func parseComment(_ argument: String) throws(OptionError) -> UInt8 {
    guard argument.utf8.count == 1, let byte = argument.utf8.first, (0x21..<0x7F).contains(byte),
      byte != UInt8(ascii: "\"")
    else { throw .unusableComment(argument) }
    return byte
  }
}

/// The character between two fields.
package enum Delimiter {
  /// Reads a delimiter as typed by a user: one ASCII character, the words `tab` and `\t`, or a control character as
  /// `\x01`, `\u0001`, `\001` or `^A`.
  package static func parse(_ argument: String) throws(OptionError) -> UInt8 {
    if ["tab", "\\t"].contains(ByteText(argument.lowercased())) { return tab }
    if let byte = control(argument) { return byte }
    guard argument.utf8.count == 1, let byte = argument.utf8.first, isUsable(byte) else {
      throw .unusableDelimiter(argument)
    }
    return byte
  }

  /// A control character by its number or its key.
  private static func control(_ argument: String) -> UInt8? {
    let bytes = Array(argument.utf8)
    if bytes.count == 2, bytes[0] == UInt8(ascii: "^"), (0x41...0x5F).contains(bytes[1] & 0xDF) {
      let byte = bytes[1] & 0x1F
      return isUsable(byte) ? byte : nil
    }
    for (mark, radix) in [("\\x", 16), ("0x", 16), ("\\u", 16), ("\\", 8)] where bytes.starts(with: mark.utf8) {
      let digits = bytes.dropFirst(mark.utf8.count)
      guard (2...4).contains(digits.count), let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: radix)
      else { continue }
      return isUsable(byte) ? byte : nil
    }
    return nil
  }

  /// Whether a byte can separate fields: any ASCII character but NUL, line ends and the quote.
  static func isUsable(_ byte: UInt8) -> Bool {
    (0x01..<0x7F).contains(byte) && ![0x0A, 0x0D, UInt8(ascii: "\"")].contains(byte)
  }

  /// The default delimiter for a file's name: a tab for `.tsv`, a comma otherwise.
  static func implied(by path: String) -> UInt8 {
    FileStem.ending(of: path) == "tsv" ? tab : UInt8(ascii: ",")
  }

  static let tab = UInt8(ascii: "\t")

  /// A delimiter as spelled in a message or a command line.
  package static func spelled(_ byte: UInt8) -> String {
    switch byte {
    case tab: "'\\t'"
    case ..<0x20: "'\(word(byte))'"
    default: "'\(Character(Unicode.Scalar(byte)))'"
    }
  }

  /// A delimiter in a sentence.
  static func described(_ byte: UInt8) -> String {
    switch byte {
    case tab: "tabs"
    case 0x20: "blanks"
    default: spelled(byte)
    }
  }

  /// A delimiter as ``parse(_:)`` reads it and a run records it.
  package static func word(_ byte: UInt8) -> String {
    switch byte {
    case tab: "tab"
    case ..<0x20: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    default: String(Unicode.Scalar(byte))
    }
  }
}
