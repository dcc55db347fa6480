import Bytes
import Corpus
import Testing

@Suite struct RepostGroupTests {
  private static func group(_ text: String, picture: String? = nil, key: ByteText = "1", content: String = "c")
    -> RepostGroup
  {
    RepostGroup(text: text, pictureHash: picture, key: key, contentHash: content)
  }

  @Test func aRepostIsInTheGroupOfItsOriginal() {
    let original = Self.group("I love Mondays, they are my favourite day!", key: "1", content: "a")
    let repost = Self.group(
      "RT @bob: I love Mondays, they are my favourite day! https://t.co/x", picture: "p", key: "2", content: "b")
    #expect(original.id == repost.id && !original.isMarked && repost.isMarked)
    #expect(original.id != Self.group("I love Sundays, they are my favourite day!").id)
    #expect(
      original.id.utf8.count == 32 && original.id.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) })
  }

  /// The stored groups of all posts depend on it.
  @Test func theGroupIsTheDocumentedHash() {
    let bytes = Array("text\0ilovemondaystheyaremyfavouriteday".utf8)
    let expected = SHA256.hash(data: bytes).prefix(16).hexadecimal
    #expect(Self.group("I love Mondays, they are my favourite day!").id == expected)
  }

  @Test func aCutRetweetIsInTheGroupOfItsOriginal() {
    let words = "the quick brown fox jumps over the lazy dog and then runs back to jump over the same dog once more "
    let original = Self.group(words + "until the sun sets behind the hills and everybody goes home")
    #expect(Self.group("RT @bob: \(words)unt…").id == original.id)
    // Of fewer than 80 letters nobody knows how they went on.
    #expect(Self.group("RT @bob: the quick brown fox jumps over the la…").id != original.id)
    // No tweet is that long, so it was not cut.
    let long = String(repeating: words, count: 4)
    #expect(Self.group(long + "one").id != Self.group(long + "two").id)
  }

  @Test func aShortTextNeedsTheSamePicture() {
    let first = Self.group("Happy birthday!", picture: "p", key: "1", content: "a")
    #expect(first.id == Self.group("RT @bob: happy birthday", picture: "p", key: "2", content: "b").id)
    #expect(first.id != Self.group("Happy birthday!", picture: "q", key: "2", content: "b").id)
    #expect(first.id != Self.group("Happy Easter!", picture: "p", key: "2", content: "b").id)
    #expect(!first.isSingle)
  }

  @Test func aShortTextWithoutAPictureIsAlone() {
    let first = Self.group("Happy birthday!", key: "1")
    #expect(first.isSingle && first.id != Self.group("Happy birthday!", key: "2").id)
    #expect(first.id != Self.group("Happy birthday!", key: "1", content: "d").id)
    #expect(first.id == Self.group("Happy birthday!", key: "1").id)
    #expect(Self.group("").isSingle && Self.group("", key: "2").id != Self.group("").id)
    #expect(Self.group("", picture: "p").id == Self.group("@bob https://t.co/x", picture: "p", key: "2").id)
  }
}
