internal import Bytes
internal import Files

/// A file with rows that are no UTF-8.
package struct UndecodedFile: Sendable, Equatable {
  /// The file's path as given.
  package var path: String
  /// Rows that cannot be read.
  package var rows: Int
  /// Its likely encoding; nil if none can be defended.
  package var encoding: EncodingGuess?
  /// Whether other lines are UTF-8 beyond ASCII.
  package var isMixed: Bool

  /// The least number of rows that are a finding.
  static let few = 3
  /// The bytes that are read of a file, and those lines of it that are kept.
  private static let read = 16 << 20, kept = 1 << 20

  /// Reads the beginning of a file for its encoding; that stays unknown for compressed data and a pipe.
  init(path: String, rows: Int) {
    (self.path, self.rows, isMixed) = (path, rows, false)
    guard path != "-", let file = try? OpenFile(path), let bytes = try? file.beginning(Self.read),
      !bytes.starts(with: [0x1F, 0x8B]), !bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]), !bytes.prefix(4096).contains(0)
    else { return }
    var lines: [UInt8] = [], sound = 0, broken = 0
    for line in bytes.split(separator: 0x0A) where line.contains(where: { $0 >= 0x80 }) {
      // The last line may be cut.
      guard line.endIndex < bytes.endIndex || bytes.count < Self.read else { break }
      if String(validating: line, as: UTF8.self) != nil {
        sound += 1
        continue
      }
      broken += 1
      if lines.count < Self.kept { lines += line + [0x0A] }
    }
    encoding = EncodingGuess(lines)
    isMixed = sound * 20 > sound + broken
  }

  /// The finding, with a command that converts the file.
  var words: String {
    let file = Shell.word(path)
    let command = "iconv -f \(encoding?.iconv ?? "ENCODING") -t UTF-8 \(file) > FIXED"
    let looks = encoding.map { "; it looks like \($0.rawValue)" } ?? ", and its encoding does not follow from its bytes"
    guard isMixed else {
      return "\(path.printable) is not UTF-8, so \(rows) of its rows cannot be read\(looks): \(command)"
    }
    return "\(path.printable) holds lines in UTF-8, and others that are not, so \(rows) of its rows cannot be read"
      + (encoding.map { "; they look like \($0.rawValue)" } ?? "")
      + ": files of two encodings were joined; convert each before they are joined, with iconv -f "
      + "\(encoding?.iconv ?? "ENCODING") -t UTF-8"
  }
}
