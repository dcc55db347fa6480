import Bytes

/// Finds what separates the names in a header that was read as one column.
enum HeaderSeparator {
  /// The characters between all names of a line, if they are the same and the line seems to be a header.
  ///
  /// - Parameters:
  ///   - line: the line.
  ///   - wanted: names of columns that a corpus has.
  ///   - rows: the lines below. Without a wanted name, all of them must be separated like the line.
  /// - Returns: one character or several; `nil` if it is not certain.
  static func find(in line: String, wanted: Set<ByteText>, rows: [PeekedLine]) -> String? {
    var names: [String] = [""], separators: Set<String> = [], separator = ""
    for scalar in line.unicodeScalars where scalar != "\"" && scalar != "'" {
      guard isOfName(scalar) else {
        separator.unicodeScalars.append(scalar)
        continue
      }
      if !separator.isEmpty {
        if names != [""] {
          separators.insert(separator)
          names.append("")
        }
        separator = ""
      }
      names[names.count - 1].unicodeScalars.append(scalar)
    }
    guard let found = separators.first, separators.count == 1 else { return nil }
    let counts = rows.map { $0.count(of: Array(found.utf8)) }
    let isRegular = !rows.isEmpty && counts.allSatisfy { $0 == names.count - 1 }
    // Blanks are between words, too.
    if found.utf8.allSatisfy({ $0 == 0x20 }) { return isRegular && hasWanted(names, wanted) ? found : nil }
    guard isRegular || hasWanted(names, wanted) && (rows.isEmpty || counts.contains { $0 > 0 }) else {
      // Blanks may be in the header alone: `id; text; label`.
      let core = found.filter { $0 != " " }
      return core.utf8.count == 1 && core != found && hasWanted(names, wanted) ? core : nil
    }
    return found
  }

  /// The byte, if it is one that can separate cells.
  static func byte(_ separator: String) -> UInt8? {
    guard let byte = separator.utf8.first, separator.utf8.count == 1, Delimiter.isUsable(byte) else { return nil }
    return byte
  }

  private static func hasWanted(_ names: [String], _ wanted: Set<ByteText>) -> Bool {
    names.contains { wanted.contains(ByteText($0)) }
  }

  private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "_-.".unicodeScalars.contains(scalar)
  }
}
