import Bytes

/// The character between two fields.
public enum Delimiter {
  /// Reads a delimiter as a user types it: one ASCII character, or the words `tab` and `\t`.
  public static func parse(_ argument: String) throws(OptionError) -> UInt8 {
    if ["tab", "\\t"].contains(where: { $0.hasSameBytes(as: argument.lowercased()) }) { return tab }
    guard argument.utf8.count == 1, let byte = argument.utf8.first, isUsable(byte) else {
      throw .unusableDelimiter(argument)
    }
    return byte
  }

  /// Whether a byte can part fields: printable ASCII or a tab, and not the quote.
  static func isUsable(_ byte: UInt8) -> Bool {
    byte == tab || ((0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\""))
  }

  /// The delimiter that a file's name stands for: a tab for `.tsv`, a comma otherwise.
  static func implied(by path: String) -> UInt8 {
    path.lowercased().utf8.suffix(4).elementsEqual(".tsv".utf8)
      ? tab : UInt8(ascii: ",")
  }

  static let tab = UInt8(ascii: "\t")

  /// A delimiter as a message or a command line spells it.
  static func spelled(_ byte: UInt8) -> String {
    byte == tab ? "'\\t'" : "'\(Character(Unicode.Scalar(byte)))'"
  }
}
