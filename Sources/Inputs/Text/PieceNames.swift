/// The pieces of a vocabulary by their ids, to show people what a model read.
public struct PieceNames: Sendable {
  private let lines: [ArraySlice<UInt8>]

  /// Reads a `vocab.txt`, a piece a line, as ``Vocabulary`` does.
  ///
  /// - Parameter bytes: the file's content. O(bytes).
  public init(bytes: [UInt8]) {
    lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  /// The piece of an id, white space at its end apart; nil where the vocabulary has none.
  public subscript(id: Int32) -> String? {
    guard lines.indices.contains(Int(id)) else { return nil }
    var line = Substring(decoding: lines[Int(id)], as: UTF8.self).unicodeScalars
    while line.last?.properties.isWhitespace == true { line.removeLast() }
    return line.isEmpty ? nil : String(line)
  }
}
