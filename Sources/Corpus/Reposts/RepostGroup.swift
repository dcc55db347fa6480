package import Bytes

/// The posts that repeat one post: the original and its retweets, shares and copies with other marks.
///
/// It follows from the post alone, so it does not depend on which posts came before. `docs/design.md` has the rules.
package struct RepostGroup: Equatable, Sendable {
  /// A text with fewer letters is one that many people write by themselves. A letter of Chinese, Japanese or Korean
  /// counts as two.
  static let fewLetters = 20
  /// A text counts by so many letters, since a retweet is cut off behind the 140th character.
  static let beginning = 80
  /// A text with more letters than a tweet can have counts as a whole.
  static let tweet = 280

  /// 32 digits, lower-case hexadecimal; equal for the posts of one group.
  package let id: String
  /// Whether the text says that it repeats another post, as in `RT @name: …`.
  package let isMarked: Bool
  /// Whether no other post can have this group: the text is too short and there is no picture.
  package let isSingle: Bool

  /// Finds the group of a post; hashes are lower-case hexadecimal. O(bytes of the text).
  package init(text: String, pictureHash: String?, key: ByteText, contentHash: String) {
    let read = RepostText(text)
    isMarked = read.isMarked
    isSingle = read.weight < Self.fewLetters && pictureHash == nil
    var parts: [UInt8] = []
    parts.reserveCapacity(5 + Self.beginning)
    if read.weight >= Self.fewLetters {
      parts += "text\0".utf8
      parts += read.bytes(upTo: read.count <= Self.tweet ? Self.beginning : read.count)
    } else if let pictureHash {
      parts += "picture\0\(pictureHash)\0".utf8
      parts += read.letters
    } else {
      parts += "post\0\(key.text)\0\(contentHash)".utf8
    }
    id = SHA256.hash(data: parts).prefix(16).hexadecimal
  }
}
