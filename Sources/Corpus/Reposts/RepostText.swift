import Foundation

/// A text as its reposts share it: letters, digits and pictograms in lower case, without blanks, punctuation, web
/// addresses, the marks of a repost, and the names it begins with.
package struct RepostText {
  /// What is left, in its order.
  package private(set) var letters: [Unicode.Scalar] = []
  /// The number of letters; those of Chinese, Japanese and Korean count twice.
  package private(set) var weight = 0
  /// Whether the text says that it repeats another post.
  package private(set) var isMarked = false

  private var scalars: ArraySlice<Unicode.Scalar>

  /// Reads a text. O(bytes).
  package init(_ text: String) {
    scalars = Self.composed(text)[...]
    dropMarksAtTheFront()
    dropMarksAtTheEnd()
    readLetters()
    scalars = []
  }

  /// The text with one way to write each letter (NFKC).
  private static func composed(_ text: String) -> [Unicode.Scalar] {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return Array(text.unicodeScalars) }
    var composed: [Unicode.Scalar] = []
    // In parts, because Foundation takes time with the square of the length where letters have accents of their own.
    var part = String.UnicodeScalarView(), count = 0
    for scalar in text.unicodeScalars {
      if count >= 10_000 || (count >= 1000 && scalar.isASCII) {
        composed += String(part).precomposedStringWithCompatibilityMapping.unicodeScalars
        (part, count) = (String.UnicodeScalarView(), 0)
      }
      part.append(scalar)
      count += 1
    }
    return composed + String(part).precomposedStringWithCompatibilityMapping.unicodeScalars
  }

  // MARK: - Marks

  /// Words before `@name` that say that a post is somebody else's.
  private static let marks: Set<String> = [
    "rt", "mt", "retweeted", "repost", "reposted", "regram", "regrann", "shared", "forwarded", "fwd", "via", "🔁", "♻",
  ]
  /// Words that may stand between such a word and the name.
  private static let linkingWords: Set<String> = ["from", "by", "via", "of", "post"]

  /// Drops marks and names until the post's own words begin.
  private mutating func dropMarksAtTheFront() {
    while true {
      let whole = scalars
      var isQuoted = false
      while let next = scalars.first, !next.isOfWord, next != "@" {
        isQuoted = isQuoted || next.properties.isQuotationMark
        scalars.removeFirst()
      }
      if dropName() {
        if isQuoted, scalars.first == ":" { isMarked = true }
        continue
      }
      guard dropMark() else { return scalars = whole }
      isMarked = true
    }
  }

  /// Drops `@name`. A name that begins in ASCII ends before the first letter beyond it, since Japanese and Chinese go on
  /// without a blank.
  private mutating func dropName() -> Bool {
    guard scalars.first == "@" else { return false }
    let name = scalars.dropFirst()
    guard let first = name.first, first.isOfName else { return false }
    var rest = name
    repeat {
      rest = rest.drop { $0.isOfName && (!first.isASCII || $0.isASCII) }
    } while rest.dropDot(before: { $0.isASCII && $0.isOfName })
    scalars = rest
    return true
  }

  /// Drops a word such as `RT` with the name behind it, or with its colon where the name was removed; and a first line
  /// `Forwarded from NAME`.
  private mutating func dropMark() -> Bool {
    let whole = scalars
    let mark = nextWord()
    guard Self.marks.contains(mark.lowered) else {
      scalars = whole
      return false
    }
    let behindMark = scalars
    var word = "", isLinked = false
    while true {
      dropSigns()
      let before = scalars
      if dropName() { return true }
      word = nextWord().lowered
      if Self.linkingWords.contains(word) {
        isLinked = true
      } else {
        scalars = before
        break
      }
    }
    if isLinked, let end = scalars.firstIndex(where: { $0.isLineEnd }), scalars[end...].contains(where: \.isOfWord) {
      scalars = scalars[end...]
      return true
    }
    // Names are often replaced when a corpus is published: "RT USER: …", "RT <user>: …", "RT : …".
    let anonymous = behindMark.drop { $0 == " " }
    if mark == ["R", "T"], anonymous.count < behindMark.count || anonymous.first == ":" {
      let name = anonymous.prefix { $0 != ":" && !$0.properties.isWhitespace }
      let rest = anonymous[name.endIndex...].drop { $0 == " " }
      if name.count <= 30, rest.first == ":" {
        scalars = rest.dropFirst()
        return true
      }
    }
    scalars = whole
    return false
  }

  /// Drops `via @name` at the end, also in brackets and before an address, and the beginning of an address at which a
  /// retweet was cut off.
  private mutating func dropMarksAtTheEnd() {
    var isCut = isMarked && scalars.suffix(3).elementsEqual("...".unicodeScalars)
    while true {
      defer { isCut = false }
      let rest = scalars.trimmedAtEnd { !$0.isOfWord && $0 != "/" }
      let word = rest.suffixOfWord
      if word.isAddress || (isCut && word.isBeginningOfAddress) {
        scalars = rest.dropLast(word.count)
        continue
      }
      let name = word.drop { !$0.isOfWord && $0 != "@" }
      guard name.first == "@", name.count > 1, name.dropFirst().allSatisfy({ $0.isOfName }) else { return }
      let before = rest.dropLast(word.count).trimmedAtEnd { $0.properties.isWhitespace }
      let mark = before.suffixOfWord
      guard mark.drop(while: { !$0.isOfWord }).lowered == "via" else { return }
      scalars = before.dropLast(mark.count)
      isMarked = true
    }
  }

  /// Drops blanks and punctuation.
  private mutating func dropSigns() { scalars = scalars.drop { !$0.isOfWord && $0 != "@" && !$0.isLineEnd } }

  /// The letters up to the next sign, and drops them.
  private mutating func nextWord() -> ArraySlice<Unicode.Scalar> {
    // A pictogram is a word by itself.
    if let first = scalars.first, first.properties.generalCategory == .otherSymbol {
      scalars.removeFirst()
      return [first]
    }
    let word = scalars.prefix { $0.isOfWord }
    scalars = scalars.dropFirst(word.count)
    return word
  }

  // MARK: - Letters

  private mutating func readLetters() {
    letters.reserveCapacity(scalars.count)
    var isInWord = false
    while let next = scalars.first {
      if next == "&", dropEntity() {
        isInWord = false
      } else if scalars.isAddress, !isInWord || scalars.hasScheme {
        scalars = scalars.drop { $0.isASCII && $0.value > 0x20 }
        isInWord = false
      } else {
        scalars.removeFirst()
        isInWord = next.isOfWord
        if isInWord { add(next) }
      }
    }
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      letters.append(scalar.lowered)
    } else {
      letters += scalar.properties.lowercaseMapping.unicodeScalars
    }
    weight += scalar.isIdeographic ? 2 : 1
  }

  /// Entities that stand for a sign, which does not count; Twitter writes the first three.
  private static let entities = ["amp;", "lt;", "gt;", "quot;", "apos;", "nbsp;", "#39;", "#039;", "#x27;", "#34;"]

  /// Drops an entity of a sign, also where its own `&` was encoded.
  private mutating func dropEntity() -> Bool {
    let rest = scalars.dropFirst()
    guard let entity = Self.entities.first(where: { rest.starts(with: $0.unicodeScalars) }) else { return false }
    scalars = rest.dropFirst(entity.unicodeScalars.count)
    while entity == "amp;", let again = Self.entities.first(where: { scalars.starts(with: $0.unicodeScalars) }) {
      scalars = scalars.dropFirst(again.unicodeScalars.count)
    }
    return true
  }
}

extension ArraySlice<Unicode.Scalar> {
  /// In lower case, as a text.
  fileprivate var lowered: String {
    String(String.UnicodeScalarView(map { $0.lowered }))
  }

  /// Without the last scalars of a kind.
  fileprivate func trimmedAtEnd(_ isTrimmed: (Unicode.Scalar) -> Bool) -> ArraySlice {
    lastIndex { !isTrimmed($0) }.map { self[...$0] } ?? []
  }

  /// Drops a dot if a scalar of a kind follows it, as in `@name.surname`.
  fileprivate mutating func dropDot(before isNext: (Unicode.Scalar) -> Bool) -> Bool {
    guard first == ".", let next = dropFirst().first, isNext(next) else { return false }
    removeFirst()
    return true
  }

  /// Whether it is `h`, `ht` and so on up to `https:/`.
  fileprivate var isBeginningOfAddress: Bool {
    !isEmpty && ["http://", "https://"].contains { $0.unicodeScalars.starts(with: self) }
  }

  /// The last scalars without a blank among them.
  fileprivate var suffixOfWord: ArraySlice {
    lastIndex { $0.properties.isWhitespace }.map { self[index(after: $0)...] } ?? self
  }

  /// Whether it begins with a web address; Twitter's own are also written without `https://`.
  fileprivate var isAddress: Bool {
    guard let first, ["h", "w", "t", "p"].contains(first.lowered) else { return false }
    return hasScheme || begins(with: "www.") || begins(with: "t.co/") || begins(with: "pic.twitter.com/")
      || begins(with: "pic.x.com/")
  }

  /// Whether it begins with `http://` or `https://`.
  fileprivate var hasScheme: Bool { begins(with: "http://") || begins(with: "https://") }

  private func begins(with word: String) -> Bool {
    let start = prefix(word.unicodeScalars.count)
    return start.count == word.unicodeScalars.count && zip(start, word.unicodeScalars).allSatisfy { $0.lowered == $1 }
  }
}

extension Unicode.Scalar {
  /// In lower case if it is a letter of ASCII.
  fileprivate var lowered: Unicode.Scalar {
    (0x41...0x5A).contains(value) ? Unicode.Scalar(UInt8(value | 0x20)) : self
  }

  /// Whether it counts: a letter with its accents, a digit, a pictogram or a currency. Signs of other kinds change on
  /// the way from one program to the next.
  fileprivate var isOfWord: Bool {
    if isASCII {
      return (0x30...0x39).contains(value) || (0x61...0x7A).contains(value | 0x20) || self == "$"
    }
    if properties.isDefaultIgnorableCodePoint { return false }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .decimalNumber, .letterNumber, .otherNumber, .otherSymbol, .currencySymbol:
      true
    default: false
    }
  }

  /// Whether it can be in a name behind `@`.
  fileprivate var isOfName: Bool {
    self == "_" || (isASCII ? isOfWord && self != "$" : properties.isAlphabetic)
  }

  fileprivate var isLineEnd: Bool { value == 0x0A || value == 0x0D }

  /// Whether it is a letter of Chinese, Japanese or Korean.
  fileprivate var isIdeographic: Bool {
    switch value {
    case 0x1100...0x11FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x3FFFF: true
    default: false
    }
  }
}
