import Bytes

/// The pieces of a vocabulary by their ids, to show what a model reads.
package struct PieceNames: Sendable {
  private let names: [String?]

  /// Reads a `vocab.txt`, one piece per line, as ``Vocabulary`` does. White space at the end of a line is ignored.
  ///
  /// - Parameter bytes: the file's content. O(bytes).
  package init(bytes: [UInt8]) {
    names = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { bytes in
      var line = Substring(decoding: bytes, as: UTF8.self).unicodeScalars
      while line.last?.properties.isWhitespace == true { line.removeLast() }
      return line.isEmpty ? nil : String(line)
    }
  }

  /// Names by their ids.
  init(_ names: [String?]) { self.names = names }

  /// The same names and those of added tokens, which are not in a vocabulary's file.
  package func with(_ tokens: [AddedToken]) -> PieceNames {
    var names = names
    for token in tokens where (0..<SubwordTokenizer.pieceLimit).contains(Int(token.id)) {
      let id = Int(token.id)
      if id >= names.count { names += Array(repeating: nil, count: id + 1 - names.count) }
      names[id] = String(decoding: token.bytes, as: UTF8.self)
    }
    return PieceNames(names)
  }

  /// The piece of an id; nil if the vocabulary has none.
  package subscript(id: Int32) -> String? { names.indices.contains(Int(id)) ? names[Int(id)] : nil }
}

extension PieceNames {
  /// Reads the pieces of a hub's `tokenizer.json`: byte pairs are decoded to text, and blanks are written as `▁`, as in
  /// unigram models; word pieces are as they are. A part of a scalar, which is not text, is written in hexadecimal.
  ///
  /// Any other file gives no names. O(bytes).
  package init(json bytes: [UInt8]) {
    guard bytes.count <= SubwordTokenizer.byteLimit, let file = try? JSONParser.parse(bytes),
      let model = file["model"]
    else {
      self.init([])
      return
    }
    var names: [String?] = []
    func name(_ id: Int, _ text: String) {
      guard (0..<SubwordTokenizer.pieceLimit).contains(id) else { return }
      if id >= names.count { names += Array(repeating: nil, count: id + 1 - names.count) }
      names[id] = text
    }
    switch model["vocab"] {
    case .object(let members)?:
      let isWordPiece = model["continuing_subword_prefix"] != nil && model["merges"] == nil
      var suffix = ""
      let isOfBytes = model["type"]?.asString != SubwordTokenizer.tweetModel
      if case .string(let text)? = model["end_of_word_suffix"] { suffix = text }
      for member in members {
        guard case .integer(let id) = member.value else { continue }
        let text = member.key.text
        name(Int(id), isOfBytes && !isWordPiece ? Self.text(ofLetters: text, suffix: suffix) : text)
      }
    case .array(let entries)?:
      for (id, entry) in entries.enumerated() {
        if case .array(let pair) = entry, case .string(let text)? = pair.first { name(id, text) }
      }
    default: break
    }
    if case .array(let addedTokens)? = file["added_tokens"] {
      for literal in addedTokens {
        guard case .string(let text)? = literal["content"], case .integer(let id)? = literal["id"] else {
          continue
        }
        name(Int(id), text)
      }
    }
    self.init(names)
  }

  private static let bytesOfLetters: [Unicode.Scalar: UInt8] = {
    Dictionary(zip(ByteAlphabet.letters, UInt8.min...UInt8.max)) { first, _ in first }
  }()

  private static func text(ofLetters piece: String, suffix: String) -> String {
    let endsWord =
      piece.utf8.count > suffix.utf8.count && piece.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    let scalars = piece.unicodeScalars.dropLast(endsWord ? suffix.unicodeScalars.count : 0)
    let bytes = scalars.compactMap { bytesOfLetters[$0] }
    guard bytes.count == scalars.count else { return piece }
    if let text = String(validating: bytes, as: UTF8.self) {
      return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == " " ? "▁" : $0 }))
    }
    return "<" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ") + ">"
  }
}
