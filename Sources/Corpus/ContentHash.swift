import Bytes

/// The identity of what the model reads of a post; its label, date and other columns do not count.
public enum ContentHash {
  /// SHA-256, in lower-case hexadecimal, over text, knowledge, picture and features, each behind its length.
  ///
  /// A length is 8 bytes, little-endian, counting bytes. `pictureHash` is the SHA-256 of the picture file's
  /// bytes; a post without a picture has eight bytes of 0xFF in its place, a length that nothing can have.
  /// `features`: the SHA-256 of the file of each stream of features that the post has something in; they follow in the
  /// order of the streams' names, each behind its name.
  public static func hex(
    text: String, knowledge: String, pictureHash: [UInt8]?, features: [(stream: String, hash: [UInt8])] = []
  ) -> String {
    var hash = SHA256()
    for string in [text, knowledge] {
      hash.update(length: string.utf8.count)
      hash.update(string: string)
    }
    if let pictureHash {
      hash.update(length: pictureHash.count)
      hash.update(data: pictureHash)
    } else {
      hash.update(length: -1)
    }
    for (stream, own) in features.sorted(by: { $0.stream.utf8.lexicographicallyPrecedes($1.stream.utf8) }) {
      hash.update(length: stream.utf8.count)
      hash.update(string: stream)
      hash.update(length: own.count)
      hash.update(data: own)
    }
    return hash.finalize().hexadecimal
  }
}

extension SHA256 {
  /// Takes in a length as 8 bytes, little-endian.
  mutating func update(length: Int) {
    withUnsafeBytes(of: UInt64(bitPattern: Int64(length)).littleEndian) { update(bufferPointer: $0) }
  }
}
