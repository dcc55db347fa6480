/// Reads the letters of a text, without the marks of a repost and what else its reposts do not share.
struct RepostReader<Unit: RepostUnit> {
  private typealias Rest = Slice<UnsafeBufferPointer<Unit>>

  /// The letters in UTF-8.
  private(set) var letters: [UInt8] = []
  private(set) var count = 0
  private(set) var weight = 0
  private(set) var isMarked = false
  private var rest: Rest

  /// Reads a text in NFKC. O(units).
  init(_ units: UnsafeBufferPointer<Unit>) {
    rest = units[...]
    dropMarksAtTheFront()
    dropMarksAtTheEnd()
    readLetters()
    rest = UnsafeBufferPointer(start: nil, count: 0)[...]
  }

  // MARK: - Marks

  /// Drops marks and names until the post's own words begin.
  private mutating func dropMarksAtTheFront() {
    while true {
      let whole = rest
      var isQuoted = false
      while let next = rest.first, !next.isOfWord, !next.isSign("@") {
        isQuoted = isQuoted || next.isQuotationMark
        rest.removeFirst()
      }
      if dropName() {
        if isQuoted, rest.first?.isSign(":") == true { isMarked = true }
        continue
      }
      guard dropMark() else { return rest = whole }
      isMarked = true
    }
  }

  /// Drops `@name`. A name that begins in ASCII ends before the first letter beyond it, since Japanese and Chinese go on
  /// without a blank.
  private mutating func dropName() -> Bool {
    guard rest.first?.isSign("@") == true else { return false }
    let name = rest.dropFirst()
    guard let first = name.first, first.isOfName else { return false }
    rest = name
    repeat {
      rest = rest.drop { $0.isOfName && (!first.isASCII || $0.isASCII) }
    } while rest.dropDot { $0.isASCII && $0.isOfName }
    return true
  }

  /// Drops a word such as `RT` with the name behind it, or with its colon; and a first line `Forwarded from NAME`.
  private mutating func dropMark() -> Bool {
    let whole = rest
    let mark = nextWord()
    guard let first = mark.first, first.isPictogram || mark.count <= RepostMarks.longest,
      mark.isOne(of: RepostMarks.words)
    else {
      rest = whole
      return false
    }
    let behindMark = rest
    var isLinked = false
    while true {
      dropSigns()
      let before = rest
      if dropName() { return true }
      guard nextWord().isOne(of: RepostMarks.linkingWords) else {
        rest = before
        break
      }
      isLinked = true
    }
    if isLinked, let end = rest.firstIndex(where: { $0.isLineEnd }), rest[end...].contains(where: { $0.isOfWord }) {
      rest = rest[end...]
      return true
    }
    if mark.isOne(of: RepostMarks.wordsBeforeColon),
      let colon = behindMark.firstOfLine({ !$0.isSign(" ") && !$0.isSign("]") && !$0.isSign(")") }),
      behindMark[colon].isSign(":")
    {
      rest = behindMark[(colon + 1)...]
      return true
    }
    if isLinked || mark.isOne(of: RepostMarks.wordsBeforeDisplayName), dropDisplayName() { return true }
    // Names are often replaced when a corpus is published: "RT USER: …", "RT <user>: …", "RT : …".
    let anonymous = behindMark.drop { $0.isSign(" ") }
    if mark.elementsEqual([0x52, 0x54], by: { $0.value == $1 }),
      anonymous.count < behindMark.count || anonymous.first?.isSign(":") == true
    {
      let name = anonymous.prefix { !$0.isSign(":") && !$0.isWhitespace }
      let behind = anonymous[name.endIndex...].drop { $0.isSign(" ") }
      if name.count <= 30, behind.first?.isSign(":") == true {
        rest = behind.dropFirst()
        return true
      }
    }
    rest = whole
    return false
  }

  /// Drops `NAME (@name):`, as Twitter's pages write it.
  private mutating func dropDisplayName() -> Bool {
    let whole = rest
    if let at = rest.prefix(80).firstOfLine({ $0.isSign("@") || $0.isSign(":") }), at > rest.startIndex,
      rest[at - 1].isSign("(")
    {
      rest = rest[at...]
      if dropName(), rest.first?.isSign(")") == true, rest.dropFirst().first?.isSign(":") == true {
        rest = rest.dropFirst(2)
        return true
      }
    }
    rest = whole
    return false
  }

  /// Drops `via @name` at the end, also in brackets and before an address, and the beginning of an address at which a
  /// retweet was cut off.
  private mutating func dropMarksAtTheEnd() {
    var isCut = isMarked && rest.count >= 3 && rest.suffix(3).allSatisfy { $0.isSign(".") }
    while true {
      defer { isCut = false }
      let trimmed = rest.trimmedAtEnd { !$0.isOfWord && !$0.isSign("/") }
      let word = trimmed.suffixOfWord
      if word.isAddress || (isCut && word.isBeginningOfAddress) {
        rest = trimmed.dropLast(word.count)
        continue
      }
      let name = word.drop { !$0.isOfWord && !$0.isSign("@") }
      guard name.first?.isSign("@") == true, name.count > 1, name.dropFirst().allSatisfy({ $0.isOfName }) else {
        return
      }
      let before = trimmed.dropLast(word.count).trimmedAtEnd { $0.isWhitespace }
      let mark = before.suffixOfWord
      guard mark.drop(while: { !$0.isOfWord }).isOne(of: RepostMarks.markAtTheEnd) else { return }
      rest = before.dropLast(mark.count)
      isMarked = true
    }
  }

  /// Drops blanks and punctuation.
  private mutating func dropSigns() { rest = rest.drop { !$0.isOfWord && !$0.isSign("@") && !$0.isLineEnd } }

  /// The letters up to the next sign, and drops them.
  private mutating func nextWord() -> Rest {
    // A pictogram is a separate word.
    if let first = rest.first, first.isPictogram {
      defer { rest.removeFirst() }
      return rest.prefix(1)
    }
    let word = rest.prefix { $0.isOfWord }
    rest = rest[word.endIndex...]
    return word
  }

  // MARK: - Letters

  private mutating func readLetters() {
    letters.reserveCapacity(rest.count)
    var isInWord = false
    while let next = rest.first {
      if next.isSign("&"), dropEntity() {
        isInWord = false
      } else if isInWord ? rest.hasScheme : rest.isAddress {
        rest = rest.drop { $0.isASCII && $0.value > 0x20 }
        isInWord = false
      } else {
        rest.removeFirst()
        isInWord = next.isOfWord
        guard isInWord else { continue }
        count += next.append(to: &letters)
        weight += next.isIdeographic ? 2 : 1
      }
    }
  }

  /// Drops an entity of a sign, also where its own `&` was encoded.
  private mutating func dropEntity() -> Bool {
    let behind = rest.dropFirst()
    guard let entity = RepostMarks.entities.first(where: { behind.begins(exactly: $0) }) else { return false }
    rest = behind.dropFirst(entity.count)
    while entity == RepostMarks.ampersand, let again = RepostMarks.entities.first(where: { rest.begins(exactly: $0) }) {
      rest = rest.dropFirst(again.count)
    }
    return true
  }
}

/// The words and signs that a reader looks for, in lower case.
enum RepostMarks {
  /// Words before `@name` that say that another person wrote the post.
  static let words = scalars([
    "rt", "mt", "qt", "retweeted", "repost", "reposted", "regram", "regrann", "shared", "forwarded", "fwd", "fw", "via",
    "🔁", "♻",
  ])
  /// Those that say so with a colon alone, as in `Fwd: …`.
  static let wordsBeforeColon = scalars([
    "retweeted", "repost", "reposted", "regram", "shared", "forwarded", "fwd", "fw",
  ])
  /// Those before `NAME (@name)` and a colon.
  static let wordsBeforeDisplayName = scalars(["rt", "retweeted", "reposted"])
  /// Words that may stand between such a word and the name.
  static let linkingWords = scalars(["from", "by", "via", "of", "post"])
  /// The word before the name at a text's end.
  static let markAtTheEnd = scalars(["via", "via:"])
  static let longest = words.map(\.count).max() ?? 0

  /// Entities that stand for a sign, which does not count; Twitter writes the first three.
  static let entities = scalars(["amp;", "lt;", "gt;", "quot;", "apos;", "nbsp;", "#39;", "#039;", "#x27;", "#34;"])
  static let ampersand = entities[0]

  /// Beginnings of web addresses; Twitter's own are also written without `https://`.
  static let schemes = scalars(["http://", "https://"])
  static let bareAddresses = scalars(["www.", "t.co/", "pic.twitter.com/", "pic.x.com/"])

  private static func scalars(_ words: [String]) -> [[UInt32]] { words.map { $0.unicodeScalars.map(\.value) } }
}

extension BidirectionalCollection where Element: RepostUnit, SubSequence == Self, Index == Int {
  /// Without the last units of a kind.
  fileprivate func trimmedAtEnd(_ isTrimmed: (Element) -> Bool) -> Self {
    var end = endIndex
    while end > startIndex, isTrimmed(self[end - 1]) { end -= 1 }
    return self[..<end]
  }

  /// The first unit of a kind before the line ends.
  fileprivate func firstOfLine(_ isWanted: (Element) -> Bool) -> Int? {
    firstIndex { isWanted($0) || $0.isLineEnd }.flatMap { isWanted(self[$0]) ? $0 : nil }
  }

  /// Drops a dot if a unit of a kind follows it, as in `@name.surname`.
  fileprivate mutating func dropDot(before isNext: (Element) -> Bool) -> Bool {
    guard first?.isSign(".") == true, let next = dropFirst().first, isNext(next) else { return false }
    self = dropFirst()
    return true
  }

  /// The last units without a blank among them.
  fileprivate var suffixOfWord: Self {
    var start = endIndex
    while start > startIndex, !self[start - 1].isWhitespace { start -= 1 }
    return self[start...]
  }

  /// Whether it is one of some words, in any case.
  fileprivate func isOne(of words: [[UInt32]]) -> Bool {
    words.contains { $0.count == count && begins(with: $0) }
  }

  /// Whether it is `h`, `ht` and so on up to `https:/`.
  fileprivate var isBeginningOfAddress: Bool {
    !isEmpty && RepostMarks.schemes.contains { $0.starts(with: self) { $0 == $1.value } }
  }

  /// Whether it begins with a web address.
  fileprivate var isAddress: Bool {
    switch first?.lowered {
    case 0x68: hasScheme
    case 0x74, 0x77, 0x70: RepostMarks.bareAddresses.contains { begins(with: $0) }
    default: false
    }
  }

  /// Whether it begins with `http://` or `https://`.
  fileprivate var hasScheme: Bool { first?.lowered == 0x68 && RepostMarks.schemes.contains { begins(with: $0) } }

  /// Whether it begins with a word, in any case.
  private func begins(with word: [UInt32]) -> Bool { starts(with: word) { $0.lowered == $1 } }

  /// Whether it begins with a word, in lower case.
  fileprivate func begins(exactly word: [UInt32]) -> Bool { starts(with: word) { $0.value == $1 } }
}
