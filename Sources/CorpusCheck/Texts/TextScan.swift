/// The role of a token in the search for cues.
package enum TokenForm: Sendable {
  /// A word, a punctuation mark or an emoji: part of the content.
  case word
  /// A replacement of other content: `<num>`, `&amp;`.
  case placeholder
  /// An invisible scalar, spelled by its code point: `U+FE0F`.
  case invisible
}

/// The facts of a text from one pass: its tokens, its form, its scripts, and a hash that ignores differences of form.
///
/// O(scalars), each examined once or twice.
package struct TextScan: Sendable {
  /// A token, in lower case in ``spelling``.
  package struct Token: Sendable {
    var hash: UInt64
    package var form: TokenForm
    var start: Int
    var end: Int
  }

  /// The different tokens, in the order of their first appearance.
  package var tokens: [Token] = []
  /// The tokens' UTF-8, concatenated.
  var spelling: [UInt8] = []
  /// A value for each of ``TextCue``.
  var values: [UInt64]
  /// Letters of each script, by its code.
  var scripts: [UInt32: Int] = [:]
  /// A hash of the words in order, ignoring case, punctuation, web addresses and @names; `nil` for fewer than three.
  package var folded: UInt64?
  /// Their distinct words as sorted hashes, at most ``wordLimit``.
  package var words: [UInt32] = []
  /// Scalars, up to ``scalarLimit``.
  package let characters: Int

  /// The maximum number of distinct words that are compared; if there are more, those with the smallest hashes.
  static let wordLimit = 128
  /// The maximum number of scalars that are read.
  static let scalarLimit = 100_000
  /// The maximum length of a word in scalars; the rest of a longer one is another word.
  static let longest = 64

  /// Reads a text.
  package init(_ text: String) {
    let scalars = Array(text.unicodeScalars.prefix(Self.scalarLimit))
    characters = scalars.count
    values = [UInt64](repeating: 0, count: TextCue.allCases.count)
    guard !scalars.isEmpty else {
      values = values.map { _ in TextCue.emptyText }
      return
    }
    var scanner = TextScanner(scalars)
    scanner.run(&self)
  }

  /// A token's spelling.
  package func word(_ token: Token) -> String { String(decoding: spelling[token.start..<token.end], as: UTF8.self) }

  package subscript(cue: TextCue) -> UInt64 {
    get { values[cue.rawValue] }
    set { values[cue.rawValue] = newValue }
  }
}

/// The reading of one text.
private struct TextScanner {
  let scalars: [Unicode.Scalar]
  let kinds: [ScalarKind]
  private var at = 0
  private var seen: Set<UInt64> = []
  private var wordCount = 0
  private var order = TextHash()
  private var counts = [Int](repeating: 0, count: TextCue.allCases.count)
  private var first: TextCue.Edge?
  private var last: TextCue.Edge = .symbol

  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    kinds = StrayScalars.kinds(scalars)
  }

  mutating func run(_ scan: inout TextScan) {
    look(&scan)
    while at < scalars.count {
      switch kinds[at] {
      case .blank, .otherBlank: at += 1
      case .invisible: takeInvisible(&scan)
      default: take(&scan)
      }
    }
    scan[.characters] = LogBucket.of(Double(scalars.count))
    scan[.words] = LogBucket.of(Double(wordCount))
    for cue in [TextCue.addresses, .names, .hashtags, .emoji, .numbers, .exclamations, .questions] {
      scan[cue] = UInt64(min(counts[cue.rawValue], 3))
    }
    scan[.beginning] = (first ?? .symbol).value
    scan[.ending] = last.value
    if wordCount >= 3 { scan.folded = order.value }
    let words = Set(scan.words).sorted()
    scan.words = Array(words.prefix(TextScan.wordLimit))
  }

  /// Spacing, case and scripts, which do not need tokens.
  private func look(_ scan: inout TextScan) {
    var (small, capital, firstIsCapital, hasLetter) = (0, 0, false, false)
    let letters = LookalikeLetters(scalars, kinds)
    for place in kinds.indices {
      for cue in letters.signs(at: place) { scan[cue] = 1 }
      switch kinds[place] {
      case .otherBlank: scan[.otherBlanks] = 1
      case .invisible: scan[.invisible] = 1
      case .blank:
        if place > 0, kinds[place - 1] == .blank { scan[.doubleBlank] = 1 }
        if place > 0, place + 1 < kinds.count, ".,!?;:".unicodeScalars.contains(scalars[place + 1]) {
          scan[.blankBeforeMark] = 1
        }
      case .small, .capital, .letter:
        if kinds[place] == .small { small += 1 }
        if kinds[place] == .capital {
          capital += 1
          if !hasLetter { firstIsCapital = true }
        }
        hasLetter = true
        if let code = Script.code(of: scalars[place]) { scan.scripts[code, default: 0] += 1 }
      case .combining:
        if place > 0, StrayScalars.isRedundant(scalars[place], behind: scalars[place - 1]) {
          scan[.redundantSelector] = 1
        }
      default: break
      }
      if scalars[place] == "\"" || (0x201C...0x201F).contains(scalars[place].value) { scan[.quotes] = 1 }
    }
    if kinds.first == .blank { scan[.leadingBlank] = 1 }
    if kinds.last == .blank { scan[.trailingBlank] = 1 }
    scan[.irregularBlanks] = scan[.leadingBlank] | scan[.trailingBlank] | scan[.doubleBlank]
    if small + capital > 0 {
      scan[.letterCase] =
        capital == 0 ? 1 : small == 0 && capital > 1 ? 4 : capital == 1 && firstIsCapital ? 2 : 3
    }
  }

  /// Reads the token that begins here.
  private mutating func take(_ scan: inout TextScan) {
    let start = at, scalar = scalars[at]
    if let end = address() { return token(start, end, .address, .addresses, &scan) }
    if scalar == "@", let end = run(from: at + 1) { return token(start, end, .name, .names, &scan) }
    if scalar == "#", let end = run(from: at + 1) {
      word(from: at + 1, to: end, &scan)
      return token(start, end, .hashtag, .hashtags, &scan)
    }
    if let end = placeholder() {
      scan[.placeholder] = 1
      return token(start, end, .placeholder, nil, as: .placeholder, &scan)
    }
    if let end = entity() {
      scan[EntityKind(Array(scalars[start..<end])) == .invisible ? .invisibleEntity : .entity] = 1
      return token(start, end, .placeholder, nil, as: .placeholder, &scan)
    }
    switch kinds[at] {
    case .small, .capital, .letter, .combining, .digit: takeWord(&scan)
    case .emoji:
      var end = at + 1
      while end < scalars.count, end - start < TextScan.longest,
        kinds[end] == .combining || (0x1F3FB...0x1F3FF).contains(scalars[end].value)
          || (scalars[end - 1].value == 0x200D && kinds[end] == .emoji)
      {
        end += 1
      }
      token(start, end, .emoji, .emoji, &scan)
    case .mark:
      var end = at + 1
      while end < scalars.count, end - start < 3, scalars[end] == scalar { end += 1 }
      let edge: TextCue.Edge
      switch scalar {
      case ".": edge = end - start > 1 ? .dots : .stop
      case "…": edge = .dots
      case "!": edge = .exclamation
      case "?": edge = .question
      case "\"", "“", "”", "'", "‘", "’", "«", "»": edge = .quote
      default: edge = .mark
      }
      if scalar == "!" { counts[TextCue.exclamations.rawValue] += end - start }
      if scalar == "?" { counts[TextCue.questions.rawValue] += end - start }
      token(start, end, edge, nil, &scan)
    default: token(start, at + 1, .symbol, nil, &scan)
    }
  }

  private mutating func takeWord(_ scan: inout TextScan) {
    let start = at
    var end = at, isNumber = true
    while end < scalars.count, end - start < TextScan.longest {
      if kinds[end].isWord {
        if kinds[end] != .digit { isNumber = false }
      } else if end + 1 < scalars.count, kinds[end + 1].isWord, end > start {
        // An apostrophe within a word, a point or a comma within a number.
        let mark = scalars[end]
        guard isNumber ? mark == "." || mark == "," : mark == "'" || mark == "’" else { break }
      } else {
        break
      }
      end += 1
    }
    if isNumber { counts[TextCue.numbers.rawValue] += 1 }
    word(from: start, to: end, &scan)
    let kind = kinds[start]
    var edge: TextCue.Edge = kind == .small ? .small : kind == .capital ? .capital : kind == .digit ? .digit : .letter
    if first == nil, end - start == 2, scalars[start] == "R", scalars[start + 1] == "T" { edge = .retweet }
    let isFirst = first == nil
    token(start, end, edge, nil, &scan)
    if !isFirst || edge == .retweet {
      let ending = kinds[end - 1]
      last = ending == .small ? .small : ending == .capital ? .capital : ending == .digit ? .digit : .letter
    }
  }

  /// Counts a word among those that are compared.
  private mutating func word(from start: Int, to end: Int, _ scan: inout TextScan) {
    var hash = TextHash()
    for place in start..<end { Self.fold(scalars[place], kinds[place]) { hash.add($0) } }
    wordCount += 1
    let value = hash.value
    scan.words.append(UInt32(truncatingIfNeeded: value))
    for shift in [0, 16, 32, 48] as [UInt64] {
      order.add(UInt8(truncatingIfNeeded: value >> shift))
      order.add(UInt8(truncatingIfNeeded: value >> (shift + 8)))
    }
  }

  /// Records a token, once, and moves past it. All web addresses are one token.
  private mutating func token(
    _ start: Int, _ end: Int, _ edge: TextCue.Edge, _ count: TextCue?, as form: TokenForm = .word,
    _ scan: inout TextScan
  ) {
    at = end
    first = first ?? edge
    last = edge
    if let count { counts[count.rawValue] += 1 }
    var hash = TextHash()
    let from = scan.spelling.count
    if edge == .address {
      scan.spelling.append(contentsOf: "(a web address)".utf8)
      for byte in scan.spelling[from...] { hash.add(byte) }
    } else {
      for place in start..<end {
        Self.fold(scalars[place], kinds[place]) {
          hash.add($0)
          scan.spelling.append($0)
        }
      }
    }
    note(hash, form, from: from, &scan)
  }

  /// Records an invisible scalar, once, by its code point; it belongs to no word.
  private mutating func takeInvisible(_ scan: inout TextScan) {
    var hash = TextHash()
    let from = scan.spelling.count
    // Words are lower-case, so no word is written like this.
    for byte in scalars[at].codePoint.utf8 {
      hash.add(byte)
      scan.spelling.append(byte)
    }
    at += 1
    note(hash, .invisible, from: from, &scan)
  }

  /// Records the token whose spelling begins at `from`, unless it is already there.
  private mutating func note(_ hash: TextHash, _ form: TokenForm, from: Int, _ scan: inout TextScan) {
    guard seen.insert(hash.value).inserted else {
      scan.spelling.removeLast(scan.spelling.count - from)
      return
    }
    scan.tokens.append(TextScan.Token(hash: hash.value, form: form, start: from, end: scan.spelling.count))
  }

  /// Passes on the UTF-8 of a scalar in lower case.
  private static func fold(_ scalar: Unicode.Scalar, _ kind: ScalarKind, _ emit: (UInt8) -> Void) {
    if scalar.isASCII {
      emit(kind == .capital ? UInt8(scalar.value) | 0x20 : UInt8(scalar.value))
    } else if kind == .capital {
      for byte in scalar.properties.lowercaseMapping.utf8 { emit(byte) }
    } else {
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { emit(byte) }
    }
  }

  /// The end of a run of word scalars and underscores, if one begins here.
  private func run(from start: Int) -> Int? {
    var end = start
    while end < scalars.count, end - start < TextScan.longest, kinds[end].isWord || scalars[end] == "_" { end += 1 }
    return end > start ? end : nil
  }

  /// The end of a web address, if one begins here.
  private func address() -> Int? {
    let start = at
    func has(_ prefix: String) -> Bool {
      var place = start
      for scalar in prefix.unicodeScalars {
        guard place < scalars.count,
          scalars[place] == scalar
            || (kinds[place] == .capital && scalars[place].value | 0x20 == scalar.value)
        else { return false }
        place += 1
      }
      return true
    }
    let lead = scalars[start].value | 0x20
    guard lead == 0x68 || lead == 0x77, has("http://") || has("https://") || has("www.") else { return nil }
    var end = start
    while end < scalars.count, kinds[end] != .blank, kinds[end] != .otherBlank { end += 1 }
    return end
  }

  /// The end of `<name>`, `[name]` or `{name}`, if one begins here: without blanks, and with at least one letter.
  private func placeholder() -> Int? {
    let close: Unicode.Scalar
    switch scalars[at] {
    case "<": close = ">"
    case "[": close = "]"
    case "{": close = "}"
    default: return nil
    }
    var end = at + 1, hasLetter = false
    while end < scalars.count, end - at < 24 {
      if scalars[end] == close { return hasLetter ? end + 1 : nil }
      guard kinds[end].isWord || "_-/".unicodeScalars.contains(scalars[end]) else { return nil }
      if kinds[end].isLetter { hasLetter = true }
      end += 1
    }
    return nil
  }

  /// The end of `&amp;`, `&#39;` and the like, if one begins here.
  private func entity() -> Int? {
    guard scalars[at] == "&" else { return nil }
    var end = at + 1
    if end < scalars.count, scalars[end] == "#" { end += 1 }
    let start = end
    while end < scalars.count, end - at < 12, scalars[end].isASCII, kinds[end].isWord { end += 1 }
    return end > start && end < scalars.count && scalars[end] == ";" ? end + 1 : nil
  }
}
