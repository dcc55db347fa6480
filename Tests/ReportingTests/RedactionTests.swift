import Reporting
import Results
import Evaluation
import Testing

@Suite struct RedactionTests {
  @Test(arguments: [
    ("so fun @noor_w and @lena", "so fun [handle] and [handle]"),
    ("(@a) “@b”, @c: .@d", "([handle]) “[handle]”, [handle]: .[handle]"),
    ("RT @someone: hello", "RT [handle]: hello"),
    ("me@example.org wrote", "[handle] wrote"), ("first.last+tag@mail.example.org", "[handle]"),
    ("@user@server.social hi", "[handle] hi"), ("@علي مرحبا", "[handle] مرحبا"), ("＠全角 さん", "[handle] さん"),
    ("at @ night, 5 @ 3", "at @ night, 5 @ 3"), ("nothing here", "nothing here"), ("", ""), ("@", "@"),
    ("@@@x", "@@[handle]"),
    ("@x-y.z.", "[handle]."), ("😀@me😀", "😀[handle]😀"),
  ])
  func handlesAreReplaced(text: String, expected: String) {
    #expect(Redaction.handles.hiding(text) == expected)
    #expect(Redaction.urls.hiding(text) == text)
  }

  @Test(arguments: [
    ("see https://t.co/AbC123 now", "see [link] now"), ("HTTP://EXAMPLE.ORG", "[link]"),
    ("(www.example.org)", "([link]"),
    ("pic.twitter.com/xyz", "[link]"), ("t.co/abc", "[link]"), ("ftp://a/b", "[link]"),
    ("look:https://x.y", "look:[link]"),
    ("and/or 1/2 e.g. this...", "and/or 1/2 e.g. this..."), ("v1.2/3", "v1.2/3"),
    ("Mr. Smith/Jones", "Mr. Smith/Jones"),
    ("a.b.co.uk/x?y=z&w=@me", "[link]"),
  ])
  func linksAreReplaced(text: String, expected: String) {
    #expect(Redaction.urls.hiding(text) == expected)
  }

  @Test func keysAreReplacedWhereAPostHoldsItsOwn() {
    #expect(Redaction.keys.key("9103") == "[key]")
    #expect(Redaction.keys.hiding("images/9103.jpg of 9103", key: "9103") == "images/[key].jpg of [key]")
    #expect(Redaction.keys.hiding("a b", key: "a") == "a b")
    #expect(Redaction.handles.key("9103") == "9103")
    #expect(Redaction.handles.hiding("9103 @x", key: "9103") == "9103 [handle]")
  }

  @Test func nothingIsHiddenByDefault() {
    let text = "@x https://y.z\n  two  blanks\u{2003}"
    #expect(Redaction([]).hiding(text, key: "two") == text)
    #expect(Redaction([.handles, .urls]).hiding(text) == "[handle] [link]\n  two  blanks\u{2003}")
  }

  @Test func hiddenPartsAreNamed() {
    #expect(Redaction([]).words == nil)
    #expect(Redaction.urls.words == "links")
    #expect(Redaction([.handles, .urls, .keys]).words == "handles, links and keys")
    for name in Redaction.names { #expect(Redaction.named(name) != nil) }
    #expect(Redaction.named("handle") == nil)
  }

  @Test func everyTextOnAPageIsRedacted() throws {
    let typesetter = try Typesetter()
    let plain = typesetter.width(of: "a [handle] b", .body)
    typesetter.redaction = .handles
    #expect(typesetter.width(of: "a @somebody_with_a_long_name b", .body) == plain)
  }

  /// The beginning of a link by its definition: tries each position separately.
  private static func link(in word: [UInt8]) -> Int? {
    func isWord(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
    for index in word.indices {
      if word[index...].starts(with: "://".utf8) {
        return word[..<index].lastIndex { !(97...122).contains($0) }.map { $0 + 1 } ?? 0
      }
      guard index == 0 || !(isWord(word[index - 1]) || word[index - 1] == 46) else { continue }
      if word[index...].starts(with: "www.".utf8) { return index }
      let host = word[index...].prefix { isWord($0) || $0 == 46 || $0 == 45 }
      let labels = host.split(separator: 46, omittingEmptySubsequences: false)
      guard isWord(word[index]), host.endIndex < word.endIndex, word[host.endIndex] == 47, labels.count > 1,
        labels.allSatisfy({ !$0.isEmpty }), let ending = labels.last, ending.count > 1
      else { continue }
      if ending.allSatisfy({ (97...122).contains($0) }) { return index }
    }
    return nil
  }

  @Test func linksBeginWhereTryingEachPlaceFindsThem() {
    var random = SeededGenerator(seed: 31)
    var found = 0
    for _ in 0..<20_000 {
      let word = (0..<Int.random(in: 1...14, using: &random)).map { _ in
        Array("abw1-../:".utf8)[Int.random(in: 0..<9, using: &random)]
      }
      let text = String(decoding: word, as: UTF8.self)
      let start = Self.link(in: word)
      found += start == nil ? 0 : 1
      let expected = start.map { String(decoding: word[..<$0], as: UTF8.self) + "[link]" } ?? text
      #expect(Redaction.urls.hiding(text) == expected, "\(text)")
    }
    #expect(found > 200)
  }

  /// In quadratic time these would take an hour.
  @Test(arguments: ["a-", "@a", "a.b@c", "w.-", "a..", "://@"])
  func aWordOfAMegabyteIsReadOnce(part: String) {
    let text = String(repeating: part, count: 1 << 20 / part.utf8.count)
    #expect(!Redaction([.handles, .urls]).hiding(text).isEmpty)
  }
}
