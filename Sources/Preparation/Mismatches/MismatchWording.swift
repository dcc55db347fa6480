import Bytes
import Corpus
import Models

/// The wording of a difference, and the test of its significance.
extension MismatchFinder {
  var looked: String { posts == 1 ? "1 post \(seen)" : "\(posts) posts \(seen)" }

  func critical(
    _ input: InputMismatch.Input, _ share: Double, _ known: Double?, _ what: String, _ candidate: String?,
    role: ColumnRole?
  ) -> InputMismatch {
    let before =
      known.map { "\(model) was trained with it (\(percent($0)) of its posts)" } ?? "\(model) was trained with it"
    var words = "\(count(share, "has \(what)", "have \(what)")), and \(before)"
    let isAbsent = role.map(sample.absentRoles.contains) ?? false
    if isAbsent { words += "; the corpus has no such column" }
    if let candidate {
      words += "; the column \"\(candidate.clipped)\" looks like it"
    } else {
      // The column that was read is not one of the others.
      let read: ByteText? = if case .stream(let name) = input { sample.streamColumns[name] } else { nil }
      let names = sample.columns.map(\.name).filter { $0 != read }.prefix(12).map(\.text.clipped)
      if !names.isEmpty { words += "; other columns: \(names.joined(separator: ", "))" }
    }
    return InputMismatch(
      subject: .input(input), trained: known, here: share, posts: posts, isCritical: true, words: words,
      remedy: .column(candidate))
  }

  func minor(_ input: InputMismatch.Input, _ share: Double, _ known: Double?, _ words: String) -> InputMismatch {
    InputMismatch(subject: .input(input), trained: known, here: share, posts: posts, words: words)
  }

  /// A difference of at least ten percentage points that is not due to chance; nil if there is none.
  func difference(
    _ input: InputMismatch.Input, _ share: Double, _ known: Double?, _ now: String, _ then: String
  ) -> InputMismatch? {
    guard let known, isBeyondChance(share, known) else { return nil }
    return minor(
      input, share, known,
      "\(percent(share)) of the \(looked) \(now), and \(percent(known)) of those that \(model) was trained on \(then)")
  }

  func isBeyondChance(_ share: Double, _ known: Double) -> Bool {
    abs(share - known) >= max(0.1, 1.3 / Double(posts).squareRoot())
  }

  /// `none of the 354 posts looked at has a picture`, `3 of the 354 posts looked at (0.8 %) have a picture`.
  func count(_ share: Double, _ one: String, _ several: String) -> String {
    let found = Int((share * Double(posts)).rounded())
    switch found {
    case 0: return posts == 1 ? "the one post \(seen) \(Self.negated(one))" : "none of the \(looked) \(one)"
    case posts where posts == 1: return "the one post \(seen) \(one)"
    case posts: return "all \(looked) \(several)"
    case 1: return "1 of the \(looked) \(one)"
    default: return "\(found) of the \(looked) (\(percent(share))) \(several)"
    }
  }

  static func pixels(_ count: Int) -> String { count == 1 ? "1 pixel" : "\(count) pixels" }

  private static func negated(_ words: String) -> String {
    words.hasPrefix("has a ")
      ? "has no " + words.dropFirst("has a ".count)
      : words.hasPrefix("has anything")
        ? "has nothing" + words.dropFirst("has anything".count) : "has no " + words.dropFirst(4)
  }

  /// An unused column that is filled in at least half of the posts and whose name matches the input.
  func candidate(_ names: [String], except read: ByteText? = nil) -> String? {
    let filled = sample.columns.filter { Double($0.filled) >= Self.commonShare * Double(posts) && $0.name != read }
    for name in names {
      if let column = filled.first(where: { $0.name.text.lowercased().contains(name) }) { return column.name.text }
    }
    return nil
  }

  func percent(_ share: Double) -> String { InputProfile.percent(share) }

  func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension String {
  /// At most 60 characters of a name.
  var clipped: String { count <= 60 ? self : prefix(59) + "…" }
}
