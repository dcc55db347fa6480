import Bytes
import Corpus
internal import Files
import Inputs

/// A small vocabulary out of a large one, for a model that reads one kind of texts.
package enum VocabularyCut {
  /// The special pieces of every BERT vocabulary, in the order in which the cut begins.
  package static let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

  /// Writes lines to a file, which appears whole or not at all.
  package static func write(_ text: String, to path: String) throws(SampleGeneratorError) {
    try SampleGeneratorError.writing(path) { () throws(FileError) in
      try AtomicWriter.write(Array(text.utf8), to: path, .replacing)
    }
  }

  private static func contents(of path: String) throws(SampleGeneratorError) -> [UInt8] {
    do throws(FileError) {
      // One byte more than it may have is enough to be rejected.
      return try OpenFile(path).beginning(Vocabulary.byteLimit + 1)
    } catch {
      throw .cannotRead(path: path, reason: error.description)
    }
  }

  /// Cuts a vocabulary: the special pieces first, then, in their old order, the pieces that the texts use, all single
  /// characters, and as many of the first others as there is room for; last, the characters of the texts that the
  /// vocabulary lacks.
  ///
  /// - Parameters:
  ///   - path: the `vocab.txt` to cut, of a model that lower-cases and strips accents.
  ///   - corpus: CSV files whose column `text` is read; rows that cannot be read are passed over.
  ///   - size: how many pieces are wanted; more are kept where texts and characters need more.
  /// - Returns: the lines of the new file.
  /// - Throws: `SampleGeneratorError`, `VocabularyError`, `CorpusError`.
  package static func pieces(of path: String, corpus: [String], size: Int) throws -> [String] {
    let bytes = try contents(of: path)
    let vocabulary = try Vocabulary(bytes: bytes)
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(piece)
    for piece in special where vocabulary[piece.utf8] == nil {
      throw SampleGeneratorError.missingPiece(piece, path: path)
    }
    let (used, missing) = try usedPieces(vocabulary, corpus)
    let isSpecial = Set(special.map { ByteText($0) })
    let ordinary = lines.indices.filter { index in
      !lines[index].isEmpty && !lines[index].hasPrefix("[unused") && !isSpecial.contains(ByteText(lines[index]))
    }
    let needed = Set(ordinary.filter { used.contains(Int32($0)) || isCharacter(lines[$0]) })
    let room = max(0, size - special.count - needed.count)
    let kept = needed.union(ordinary.lazy.filter { !needed.contains($0) }.prefix(room))
    return special + ordinary.filter(kept.contains).map { lines[$0] } + missing
  }

  /// A line without the white space at its end, as `Vocabulary` reads it.
  private static func piece(_ line: ArraySlice<UInt8>) -> String {
    var scalars = String(decoding: line, as: UTF8.self).unicodeScalars
    while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    return String(scalars)
  }

  /// The numbers of the pieces that the texts use, and the characters, in order, that no piece spells.
  private static func usedPieces(_ vocabulary: Vocabulary, _ corpus: [String]) throws -> (Set<Int32>, [String]) {
    let tokenizer = WordPieceTokenizer(vocabulary: vocabulary, lowercase: true, stripAccents: true)
    let words = BasicTokenizer(lowercase: true, stripAccents: true)
    let unknown = vocabulary["[UNK]".utf8]
    var reader = try CorpusReader(paths: corpus, options: CorpusOptions())
    var used: Set<Int32> = [], missing: Set<String> = []
    while let row = try reader.next() {
      guard case .post(let post) = row else { continue }
      used.formUnion(tokenizer.encode(post.text, limit: .max).ids)
      for word in words.words(post.text)
      where tokenizer.encode(word, limit: .max).ids.contains(where: { $0 == unknown }) {
        for (index, scalar) in word.unicodeScalars.enumerated() {
          let piece = (index == 0 ? "" : "##") + String(scalar)
          if vocabulary[piece.utf8] == nil { missing.insert(piece) }
        }
      }
    }
    return (used, missing.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  /// Whether a piece is one character, at a word's beginning or inside it.
  private static func isCharacter(_ piece: String) -> Bool {
    let scalars = piece.unicodeScalars
    return scalars.count == 1 || (scalars.count == 3 && piece.hasPrefix("##"))
  }
}
