import Bytes

/// How a corpus file spells its characters.
public enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8, with or without a byte-order mark.
  case utf8 = "utf-8"
  /// UTF-16; the byte-order mark says in which order, little-endian where there is none.
  case utf16 = "utf-16"
  /// Windows code page 1252, which most spreadsheets in western Europe mean by "ANSI".
  case windows1252 = "windows-1252"

  /// Finds an encoding by its name, in any case.
  public init(parsing name: String) throws(OptionError) {
    guard let found = Self.allCases.first(where: { $0.rawValue.hasSameBytes(as: name.lowercased()) }) else {
      throw .unknownEncoding(name)
    }
    self = found
  }
}
