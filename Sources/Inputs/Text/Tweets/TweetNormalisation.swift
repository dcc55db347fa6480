/// The normalisation of tweets that BERTweet was trained with: split into words with blanks between them, names of users
/// as `@USER`, addresses as `HTTPURL`, emoji of one scalar as the names that `emoji` 0.6 gives them.
///
/// The rules are those of `BertweetTokenizer` in `transformers` and of NLTK's `TweetTokenizer`, which it contains. An
/// emoji of several scalars is split into them, as there; entities for surrogates, which Swift's texts cannot hold,
/// become U+FFFF.
enum TweetNormalisation {
  /// The normalised text. O(bytes).
  static func normalised(_ text: String, _ work: inout StepCounter) -> String {
    var scalars: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      if let replaced = punctuation(scalar) { scalars += replaced.unicodeScalars } else { scalars.append(scalar) }
    }
    let tokens = words.matches(in: shortened(TweetEntities.replaced(scalars)), &work)
    var bytes: [UInt8] = []
    for (number, token) in tokens.enumerated() {
      if number > 0 { bytes.append(0x20) }
      bytes += normalised(token).utf8
    }
    for (old, new) in rules { bytes = bytes.replacing(old, by: new, &work) }
    let parts = String(decoding: bytes, as: UTF8.self).unicodeScalars.split(whereSeparator: isBlank)
    return parts.map { String($0) }.joined(separator: " ")
  }

  /// Whether Python's `split` separates words at a scalar.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    (0x1C...0x1F).contains(scalar.value) || scalar.properties.isWhitespace
  }

  private static func punctuation(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "’": "'"
    case "…": "..."
    default: nil
    }
  }

  /// A text with at most three equal signs in a row; letters and digits of ASCII are kept.
  private static func shortened(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var short: [Unicode.Scalar] = [], run = 0
    for scalar in text {
      run = scalar == short.last ? run + 1 : 1
      let isKept = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      if run <= 3 || isKept { short.append(scalar) }
    }
    return short
  }

  private static func normalised(_ token: ArraySlice<Unicode.Scalar>) -> String {
    func begins(_ text: String) -> Bool {
      token.starts(with: text.unicodeScalars) { $0.value | ($0.isASCII ? 0x20 : 0) == $1.value }
    }
    if token.first == "@" { return "@USER" }
    if begins("http") || begins("www") { return "HTTPURL" }
    if token.count == 1, let scalar = token.first {
      return punctuation(scalar) ?? TweetEmoji.name(scalar) ?? String(scalar)
    }
    return String(String.UnicodeScalarView(token))
  }

  /// Replacements in the whole text, in their order.
  private static let rules = [
    ("cannot ", "can not "), ("n't ", " n't "), ("n 't ", " n't "), ("ca n't", "can't"), ("ai n't", "ain't"),
    ("'m ", " 'm "), ("'re ", " 're "), ("'s ", " 's "), ("'ll ", " 'll "), ("'d ", " 'd "), ("'ve ", " 've "),
    (" p . m .", "  p.m."), (" p . m ", " p.m "), (" a . m .", " a.m."), (" a . m ", " a.m "),
  ].map { (Array($0.utf8), Array($1.utf8)) }

  private static let parentheses = #"\([^\s()]*?\([^\s()]+\)[^\s()]*?\) | \([^\s]+?\)"#
  private static let mouth = #"[\)\]\(\[dDpP/\:\}\{@\|\\]"#
  private static let gap = #"[ *\-.\)]*"#

  /// What is a word of a tweet: addresses, numbers of phones, emoticons, tags of HTML, arrows, users, hashtags,
  /// addresses of mail, words, and every other sign.
  private static let words = WordPattern(
    [
      #"(?: https?: (?: /{1,3} | [a-z0-9%] ) | [a-z0-9.\-]+[.](?:[a-z]{2,13})/ )"#
        + #"(?: [^\s()<>{}\[\]]+ | \#(parentheses) )+"#
        + #"(?: \#(parentheses) | [^\s`!()\[\]{};:'".,<>?«»“”‘’] )"#,
      #"(?: (?<!@) [a-z0-9]+ (?:[.\-][a-z0-9]+)* [.] (?:[a-z]{2,13}) \b /? (?!@) )"#,
      #"(?: (?: \+?[01] \#(gap) )? (?: [\(]? \d{3} \#(gap) )? \d{3} \#(gap) \d{4} )"#,
      #"(?: [<>]? [:;=8] [\-o\*\']? \#(mouth) | \#(mouth) [\-o\*\']? [:;=8] [<>]? | <3 )"#,
      #"<[^>\s]+>"#, #"[\-]+> | <[\-]+"#, #"(?: @[\w_]+ )"#, #"(?: [#]+[\w_]+[\w\'_\-]*[\w_]+ )"#,
      #"[\w.+-]+@[\w-]+\.(?:[\w-]\.?)+[\w-]"#, #"(?: [^\W\d_](?:[^\W\d_]|['\-_])+[^\W\d_] )"#,
      #"(?: [+\-]?\d+[,/.:-]\d+[+\-]? )"#, #"(?: [\w_]+ )"#, #"(?: \.(?:\s*\.){1,} )"#, #"(?: \S )"#,
    ].joined(separator: "|"))
}

/// Entities of HTML as NLTK's tokenizer of tweets replaces them.
enum TweetEntities {
  /// The text with entities replaced; those without a meaning are removed. O(scalars).
  static func replaced(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var out: [Unicode.Scalar] = [], place = 0
    while place < text.count {
      guard text[place] == "&", let (scalar, end) = entity(text, place) else {
        out.append(text[place])
        place += 1
        continue
      }
      if let scalar { out.append(scalar) }
      place = end
    }
    return out
  }

  /// The entity that begins at an ampersand, by the pattern `&(#?(x?))([^&;\s]+);`.
  private static func entity(_ text: [Unicode.Scalar], _ start: Int) -> (scalar: Unicode.Scalar?, end: Int)? {
    let rest = text[(start + 1)...]
    // White space is that of regular expressions here.
    let body = rest.prefix { $0 != "&" && $0 != ";" && !$0.properties.isWhitespace }
    guard body.endIndex < text.count, text[body.endIndex] == ";" else { return nil }
    var digits = body
    let isNumbered = digits.first == "#" && digits.count > 1
    if isNumbered { digits.removeFirst() }
    let isHexadecimal = digits.first == "x" && digits.count > 1
    if isHexadecimal { digits.removeFirst() }
    guard !digits.isEmpty else { return nil }
    let end = body.endIndex + 1
    if isNumbered || isHexadecimal {
      return (number(digits, isHexadecimal ? 16 : 10).flatMap(scalar), end)
    }
    return (named(String(String.UnicodeScalarView(digits))), end)
  }

  /// The scalar of a name in HTML 4.
  private static func named(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "apos": nil
    case "lang": "\u{2329}"
    case "rang": "\u{232A}"
    default: HTMLEntities.named[name]
    }
  }

  /// A number as Python's `int` reads it: with a sign, single underscores between digits, digits of all scripts.
  private static func number(_ text: ArraySlice<Unicode.Scalar>, _ radix: Int) -> Int? {
    var text = text
    let isNegative = text.first == "-"
    if isNegative || text.first == "+" { text.removeFirst() }
    if radix == 16, text.count > 1, text.first == "0", let x = text.dropFirst().first, x == "x" || x == "X" {
      text = text.dropFirst(2)
      if text.first == "_" { text.removeFirst() }
    }
    var value = 0, wasDigit = false
    for scalar in text {
      if scalar == "_", wasDigit {
        wasDigit = false
        continue
      }
      let digit: Int? =
        if scalar.properties.generalCategory == .decimalNumber {
          scalar.properties.numericValue.map { Int($0) }
        } else if scalar.isASCII, radix == 16 {
          Character(scalar).hexDigitValue
        } else { nil }
      guard let digit else { return nil }
      // Above the last code point every value has the same effect.
      value = min(value * radix + digit, 0x11_0000)
      wasDigit = true
    }
    return wasDigit ? (isNegative ? -value : value) : nil
  }

  private static func scalar(_ number: Int) -> Unicode.Scalar? {
    guard (0..<0x11_0000).contains(number) else { return nil }
    // Controls mean the letters of Windows-1252, which has five gaps.
    if (0x80...0x9F).contains(number) {
      let letter = HTMLEntities.scalar(numbered: UInt32(number))
      return letter.value == number ? nil : letter
    }
    return Unicode.Scalar(UInt32(number)) ?? "\u{FFFF}"
  }
}
