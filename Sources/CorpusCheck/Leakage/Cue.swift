/// The source of a cue.
package enum CueSource: Hashable, Sendable {
  case text
  case knowledge
  case picture
  /// The path of the picture.
  case path
  case id
  /// The row's position in the corpus.
  case order
  case file
  /// A column that is only kept.
  case column(String)

  /// Whether the model reads it. Other cues cannot mislead the model, but show that labels were collected separately.
  package var isRead: Bool { self == .text || self == .knowledge || self == .picture }
}

/// The kind of a cue.
package enum CueKind: String, Sendable {
  /// Form, which has nothing to do with the meaning of a post and should reveal nothing.
  case form
  /// A habit of writing, such as capitals, which may well be related to a label.
  case habit
}

/// The topic of a cue, which determines the advice.
package enum CueTopic: Sendable, Equatable {
  /// Blanks that the step `collapse-space` removes.
  case blanks
  /// Blanks before punctuation marks.
  case markSpacing
  /// Invisible scalars, or replacements for invalid ones.
  case invisible
  /// A placeholder for something else.
  case placeholder
  /// HTML entities that the step `unescape-html` converts to visible characters.
  case entity
  /// HTML entities of invisible characters.
  case invisibleEntity
  /// Letters that look like others.
  case lookalikeLetters
  /// Format, size or quality of picture files.
  case pictureFiles
  /// Everything else: nothing that a step could remove.
  case other
}

/// One property of posts, with the count of each of its values under each label.
struct Cue: Sendable {
  let source: CueSource
  let kind: CueKind
  let topic: CueTopic
  let name: String
  /// Whether values are numbers, by ``LogBucket``.
  let isNumber: Bool
  private(set) var counts: CueCounts
  /// The value of the last post that has one; nil if there are too many to be counted.
  private(set) var last: UInt64?
  /// The words of values that are hashes.
  private var words: [UInt64: String] = [:]
  private let fixedWords: (@Sendable (UInt64) -> String)?

  /// Creates a cue with few known values.
  init(
    _ source: CueSource, _ name: String, kind: CueKind = .form, topic: CueTopic = .other,
    words: @escaping @Sendable (UInt64) -> String
  ) {
    (self.source, self.kind, self.topic, self.name) = (source, kind, topic, name)
    (isNumber, fixedWords) = (false, words)
    counts = CueCounts(maximumValues: 64)
  }

  /// A cue of numbers.
  init(numbers name: String, of source: CueSource, topic: CueTopic = .other) {
    (self.source, kind, self.topic, self.name, isNumber, fixedWords) = (source, .form, topic, name, true, nil)
    counts = CueCounts(maximumValues: 65_536)
  }

  /// Creates a cue of words, of which up to `most` are distinguished.
  init(values name: String, of source: CueSource, most: Int = 1000, topic: CueTopic = .other) {
    (self.source, kind, self.topic, self.name, isNumber, fixedWords) = (source, .form, topic, name, false, nil)
    counts = CueCounts(maximumValues: most)
  }

  /// Creates a cue for whether a post has a token.
  init(_ source: CueSource, of word: WordCounts.Word) {
    let isPlaceholder = word.form == .placeholder
    self.init(
      source, isPlaceholder ? "the placeholder \(word.spelling)" : Self.name(ofInvisible: word.spelling),
      topic: isPlaceholder ? Self.topic(ofPlaceholder: word.spelling) : .invisible
    ) { $0 == 0 ? "not there" : "there" }
  }

  /// For an entity it depends on the effect of the step; one that HTML 4 does not define stays as it is.
  private static func topic(ofPlaceholder spelling: String) -> CueTopic {
    guard spelling.utf8.first == UInt8(ascii: "&") else { return .placeholder }
    return switch EntityKind(Array(spelling.unicodeScalars)) {
    case .seen: .entity
    case .invisible: .invisibleEntity
    case .unknown: .other
    }
  }

  /// The name of a scalar by its code point: `the invisible character U+FE0F (variation selector-16)`.
  private static func name(ofInvisible codePoint: String) -> String {
    let scalar = UInt32(codePoint.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    let name = (scalar?.properties.name ?? scalar?.properties.nameAlias).map { " (\($0.lowercased()))" } ?? ""
    return "the \(scalar?.value == 0xFFFD ? "broken" : "invisible") character \(codePoint)\(name)"
  }

  /// Forgets the last post's value.
  mutating func forgetLast() { last = nil }

  /// Takes a post's value, and counts it if the post counts: if it belongs to a half.
  mutating func add(_ value: UInt64, label: Int, half: Int?) {
    if let half { counts.add(value, label: label, half: half) }
    last = counts.isOverfull ? nil : value
  }

  mutating func add(number: Double, label: Int, half: Int?) {
    guard !number.isNaN else { return }
    add(LogBucket.of(number), label: label, half: half)
  }

  mutating func add(word: some StringProtocol, label: Int, half: Int?) {
    guard !counts.isOverfull else { return }
    let hash = TextHash.of(word.utf8) | 64
    if half != nil, words[hash] == nil { words[hash] = String(Substring(word).unicodeScalars.prefix(40)) }
    add(hash, label: label, half: half)
    if counts.isOverfull { words = [:] }
  }

  /// The values that a bin of the cue's rule has.
  func values(of bin: CueRule.Bin, in rule: CueRule) -> ClosedRange<UInt64> {
    guard isNumber, let place = rule.bins.firstIndex(where: { $0.value == bin.value }) else {
      return bin.value...bin.value
    }
    let end = place + 1 < rule.bins.count ? rule.bins[place + 1].value - 1 : .max
    return (place == 0 ? 0 : bin.value)...max(end, bin.value)
  }

  /// The rule for the cue; `nil` if all posts have the same value, or there are too many values.
  func rule(labels: [Int]) -> CueRule? {
    guard !counts.isOverfull else { return nil }
    let table = counts.table(labels: labels)
    let bins =
      isNumber
      ? CueRule.merged(table)
      : table.sorted { $0.value < $1.value }.map { CueRule.Bin(value: $0.value, fit: $0.fit, test: $0.test) }
    guard bins.count > 1 else { return nil }
    return CueRule(bins, labelCount: labels.count)
  }

  /// A value in words; for a number, the bin that begins with it: `17 to 20`.
  func word(_ bin: CueRule.Bin, in rule: CueRule) -> String {
    guard isNumber else { return fixedWords?(bin.value) ?? words[bin.value] ?? "?" }
    let place = rule.bins.firstIndex { $0.value == bin.value } ?? 0
    let from = Self.short(LogBucket.number(bin.value))
    if place == 0, rule.bins.count > 1 { return "below " + Self.short(LogBucket.number(rule.bins[1].value)) }
    guard place + 1 < rule.bins.count else { return "from " + from }
    return "from \(from) to below " + Self.short(LogBucket.number(rule.bins[place + 1].value))
  }

  /// A number with at most three decimals, without trailing zeros.
  private static func short(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return "\(Int(number))" }
    if abs(number) >= 1e15 { return "\(number)" }
    let scaled = (number * 1000).rounded() / 1000
    return "\(scaled)"
  }
}

/// The count of each value of a cue under each label, separately for the half of the corpus that a rule is learnt from
/// and the half that tests it.
struct CueCounts: Sendable {
  /// The maximum number of labels that are distinguished.
  static let maximumLabels = 64
  /// Values below this are looked up without a hash.
  private static let dense = 64

  /// Whether there were more values than can be counted; then nothing is counted.
  private(set) var isOverfull = false
  private let maximumValues: Int
  private var near = [Int32](repeating: -1, count: Self.dense)
  private var far: [UInt64: Int32] = [:]
  private var values: [UInt64] = []
  /// `counts[(slot · 2 + half) · stride + label]`.
  private var counts: [UInt32] = []
  private var stride = 2

  init(maximumValues: Int) { self.maximumValues = maximumValues }

  /// Counts a post.
  ///
  /// - Parameters:
  ///   - value: the value of the cue.
  ///   - label: the post's label, below ``maximumLabels``.
  ///   - half: 0 for learning, 1 for testing.
  mutating func add(_ value: UInt64, label: Int, half: Int) {
    guard !isOverfull else { return }
    if label >= stride { widen(to: label) }
    guard let slot = slot(value) else {
      isOverfull = true
      (far, values, counts) = ([:], [], [])
      return
    }
    counts[(slot * 2 + half) * stride + label] += 1
  }

  /// The values that occur, each with its counts by label in the learning half and in the testing half.
  func table(labels: [Int]) -> [(value: UInt64, fit: [Int], test: [Int])] {
    values.indices.map { slot in
      func half(_ half: Int) -> [Int] {
        labels.map { $0 < stride ? Int(counts[(slot * 2 + half) * stride + $0]) : 0 }
      }
      return (values[slot], half(0), half(1))
    }
  }

  private mutating func slot(_ value: UInt64) -> Int? {
    if value < Self.dense {
      let known = near[Int(value)]
      if known >= 0 { return Int(known) }
    } else if let known = far[value] {
      return Int(known)
    }
    guard values.count < maximumValues else { return nil }
    let slot = values.count
    values.append(value)
    counts.append(contentsOf: repeatElement(0, count: 2 * stride))
    if value < Self.dense { near[Int(value)] = Int32(slot) } else { far[value] = Int32(slot) }
    return slot
  }

  /// Makes space for a label.
  private mutating func widen(to label: Int) {
    var wide = stride
    while wide <= label { wide *= 2 }
    var moved = [UInt32](repeating: 0, count: 2 * values.count * wide)
    for row in 0..<2 * values.count {
      for label in 0..<stride { moved[row * wide + label] = counts[row * stride + label] }
    }
    (counts, stride) = (moved, wide)
  }
}
