/// The pieces of a vocabulary by their ids, to show people what a model read.
public struct PieceNames: Sendable {
  private let names: [String?]

  /// Reads a `vocab.txt`, a piece a line, as ``Vocabulary`` does. White space at a piece's end is no part of its name.
  ///
  /// - Parameter bytes: the file's content. O(bytes).
  public init(bytes: [UInt8]) {
    names = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { bytes in
      var line = Substring(decoding: bytes, as: UTF8.self).unicodeScalars
      while line.last?.properties.isWhitespace == true { line.removeLast() }
      return line.isEmpty ? nil : String(line)
    }
  }

  /// Names by their ids.
  init(_ names: [String?]) { self.names = names }

  /// The piece of an id; nil where the vocabulary has none.
  public subscript(id: Int32) -> String? { names.indices.contains(Int(id)) ? names[Int(id)] : nil }
}
