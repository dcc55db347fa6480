/// A regular expression whose matches take time in proportion to the text, for patterns that others wrote for matchers
/// with backtracking.
///
/// Of several matches it finds the one that backtracking finds: the leftmost, and there the first in the order of the
/// pattern. No pair of a step and a place is tried twice (Cox, *Regular Expression Matching: the Virtual Machine
/// Approach*, 2009). Read are groups `(?:…)`, alternatives, `* + ? {n} {n,} {n,m}` with and without `?`, classes,
/// `\w \d \s \S \b`, `(?<!x)` and `(?!x)` of one character. Letters match in both cases, and blanks outside classes are
/// ignored.
struct WordPattern: Sendable {
  /// A set of scalars.
  private struct Class: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var kinds: ScalarKinds = []
    /// Whether scalars are meant that are of none of the kinds.
    var otherThan: ScalarKinds = []
    var isNegated = false

    func contains(_ scalar: UInt32, _ own: ScalarKinds) -> Bool {
      let found =
        !kinds.isDisjoint(with: own) || (!otherThan.isEmpty && otherThan.isDisjoint(with: own))
        || ranges.contains { $0.contains(scalar) }
      return found != isNegated
    }
  }

  private struct ScalarKinds: OptionSet, Sendable {
    let rawValue: UInt8
    static let word = ScalarKinds(rawValue: 1), digit = ScalarKinds(rawValue: 2), space = ScalarKinds(rawValue: 4)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ scalar: Unicode.Scalar) {
      let properties = scalar.properties
      switch properties.generalCategory {
      case .decimalNumber: self = [.word, .digit]
      case .nonspacingMark, .spacingMark, .enclosingMark, .connectorPunctuation: self = .word
      default:
        self = properties.isWhitespace ? .space : properties.isAlphabetic || properties.isJoinControl ? .word : []
      }
    }
  }

  private enum Step: Sendable {
    case scalar(Class)
    /// Goes on at both steps, at the first one first.
    case either(Int, Int)
    case notBehind(Class)
    case notAhead(Class)
    case boundary
    case matched
  }

  private indirect enum Part {
    case scalar(Class)
    case sequence([Part])
    case alternatives([Part])
    case repeated(Part, least: Int, most: Int?, isLazy: Bool)
    case check(Step)
  }

  private var steps: [Step] = []

  /// Compiles a pattern; an unbalanced group ends it.
  init(_ pattern: String) {
    var rest = Array(pattern.unicodeScalars)[...]
    compile(Self.alternatives(&rest))
    steps.append(.matched)
  }

  /// The matches in a text, in order, without empty ones. O(scalars · steps of the pattern).
  func matches(in text: [Unicode.Scalar], _ work: inout StepCounter) -> [ArraySlice<Unicode.Scalar>] {
    let kinds = text.map { ScalarKinds($0) }, words = (steps.count + 63) / 64
    // The pairs of a place and a step from which no match was found.
    var tried = [UInt64](repeating: 0, count: (text.count + 1) * words)
    var found: [ArraySlice<Unicode.Scalar>] = [], start = 0, jobs: [(step: Int, place: Int)] = []
    while start < text.count {
      jobs.append((0, start))
      var end: Int?
      while let (step, place) = jobs.popLast() {
        let word = place * words + step / 64, bit: UInt64 = 1 << UInt64(step % 64)
        guard tried[word] & bit == 0 else { continue }
        tried[word] |= bit
        work.add()
        func isAt(_ index: Int, _ set: Class) -> Bool {
          text.indices.contains(index) && set.contains(text[index].value, kinds[index])
        }
        func isWord(_ index: Int) -> Bool { text.indices.contains(index) && kinds[index].contains(.word) }
        switch steps[step] {
        case .scalar(let set): if isAt(place, set) { jobs.append((step + 1, place + 1)) }
        case .either(let first, let second):
          jobs.append((second, place))
          jobs.append((first, place))
        case .notBehind(let set): if !isAt(place - 1, set) { jobs.append((step + 1, place)) }
        case .notAhead(let set): if !isAt(place, set) { jobs.append((step + 1, place)) }
        case .boundary: if isWord(place - 1) != isWord(place) { jobs.append((step + 1, place)) }
        case .matched: end = place
        }
        if end != nil { break }
      }
      jobs.removeAll(keepingCapacity: true)
      if let end, end > start {
        found.append(text[start..<end])
        start = end
        // Here the way to the match was marked as well.
        for word in end * words..<(end + 1) * words { tried[word] = 0 }
      } else {
        start += 1
      }
    }
    return found
  }

  // MARK: Compiling

  private mutating func compile(_ part: Part) {
    switch part {
    case .scalar(let set): steps.append(.scalar(set))
    case .check(let step): steps.append(step)
    case .sequence(let parts): for part in parts { compile(part) }
    case .alternatives(let parts):
      var ends: [Int] = []
      for (number, part) in parts.enumerated() {
        let fork = steps.count, isLast = number == parts.count - 1
        if !isLast { steps.append(.matched) }
        compile(part)
        guard !isLast else { continue }
        ends.append(steps.count)
        steps.append(.matched)
        steps[fork] = .either(fork + 1, steps.count)
      }
      for end in ends { steps[end] = .either(steps.count, steps.count) }
    case .repeated(let part, let least, let most, let isLazy):
      for _ in 0..<least { compile(part) }
      func fork(_ inside: Int, _ behind: Int) -> Step { isLazy ? .either(behind, inside) : .either(inside, behind) }
      guard let most else {
        let start = steps.count
        steps.append(.matched)
        compile(part)
        steps.append(.either(start, start))
        steps[start] = fork(start + 1, steps.count)
        return
      }
      var forks: [Int] = []
      for _ in least..<most {
        forks.append(steps.count)
        steps.append(.matched)
        compile(part)
      }
      for place in forks { steps[place] = fork(place + 1, steps.count) }
    }
  }

  private static func alternatives(_ rest: inout ArraySlice<Unicode.Scalar>) -> Part {
    var all: [Part] = [], sequence: [Part] = []
    while let scalar = rest.popFirst(), scalar != ")" {
      switch scalar {
      case " ", "\n": continue
      case "|":
        all.append(.sequence(sequence))
        sequence = []
        continue
      case "(": sequence.append(group(&rest))
      case "[": sequence.append(.scalar(characters(&rest)))
      case "\\": sequence.append(escaped(rest.popFirst() ?? "\\"))
      default: sequence.append(.scalar(Class(ranges: cases(scalar...scalar))))
      }
      if let (least, most) = count(&rest), let last = sequence.popLast() {
        let isLazy = rest.first == "?"
        if isLazy { rest.removeFirst() }
        sequence.append(.repeated(last, least: least, most: most, isLazy: isLazy))
      }
    }
    all.append(.sequence(sequence))
    return .alternatives(all)
  }

  /// A group whose opening bracket was read.
  private static func group(_ rest: inout ArraySlice<Unicode.Scalar>) -> Part {
    func begins(_ text: String) -> Bool {
      guard rest.starts(with: text.unicodeScalars) else { return false }
      rest.removeFirst(text.unicodeScalars.count)
      return true
    }
    let isBehind = begins("?<!"), isAhead = !isBehind && begins("?!")
    _ = begins("?:")
    let part = alternatives(&rest)
    guard isBehind || isAhead else { return part }
    guard case .alternatives(let all) = part, case .sequence(let parts)? = all.first,
      case .scalar(let set)? = parts.first
    else { return .sequence([]) }
    return .check(isBehind ? .notBehind(set) : .notAhead(set))
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> Part {
    if scalar == "b" { return .check(.boundary) }
    var set = Class()
    if !add(scalar, to: &set) { set.ranges = [scalar.value...scalar.value] }
    return .scalar(set)
  }

  /// Adds the kind that a letter after a backslash names.
  private static func add(_ scalar: Unicode.Scalar, to set: inout Class) -> Bool {
    switch scalar {
    case "w": set.kinds.insert(.word)
    case "d": set.kinds.insert(.digit)
    case "s": set.kinds.insert(.space)
    case "W": set.otherThan.insert(.word)
    case "S": set.otherThan.insert(.space)
    default: return false
    }
    return true
  }

  /// A class whose opening bracket was read.
  private static func characters(_ rest: inout ArraySlice<Unicode.Scalar>) -> Class {
    var set = Class()
    if rest.first == "^" { set.isNegated = rest.popFirst() != nil }
    while var scalar = rest.popFirst(), scalar != "]" {
      if scalar == "\\" {
        scalar = rest.popFirst() ?? scalar
        if add(scalar, to: &set) { continue }
      }
      var last = scalar
      if rest.first == "-", let end = rest.dropFirst().first, end != "]", end > scalar {
        last = end
        rest.removeFirst(2)
      }
      set.ranges += cases(scalar...last)
    }
    return set
  }

  /// The code points in both cases.
  private static func cases(_ range: ClosedRange<Unicode.Scalar>) -> [ClosedRange<UInt32>] {
    let range = range.lowerBound.value...range.upperBound.value
    var all = [range]
    for (small, large) in zip(UInt32(0x61)...0x7A, UInt32(0x41)...0x5A)
    where range.contains(small) || range.contains(large) {
      all += [small...small, large...large]
    }
    // The other scalars that simple case folding makes ASCII letters, and the dotted capital I.
    if range.contains(0x73) || range.contains(0x53) { all.append(0x17F...0x17F) }
    if range.contains(0x6B) || range.contains(0x4B) { all.append(0x212A...0x212A) }
    if range.contains(0x69) { all.append(0x130...0x130) }
    return all
  }

  /// How often the part before it occurs; nil if that is not said.
  private static func count(_ rest: inout ArraySlice<Unicode.Scalar>) -> (least: Int, most: Int?)? {
    switch rest.first {
    case "*": (rest.removeFirst(), (0, nil)).1
    case "+": (rest.removeFirst(), (1, nil)).1
    case "?": (rest.removeFirst(), (0, 1)).1
    case "{":
      {
        let numbers = rest.dropFirst().prefix { $0 != "}" }
        rest = rest.dropFirst(numbers.count + 2)
        let ends = numbers.split(separator: ",", omittingEmptySubsequences: false).map {
          Int(String(String.UnicodeScalarView($0)))
        }
        return (ends[0] ?? 0, ends.count == 1 ? ends[0] : ends[1])
      }()
    default: nil
    }
  }
}
