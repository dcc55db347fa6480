internal import Bytes
internal import Corpus

/// Counts equal and nearly equal rows.
struct DuplicateTally {
  private static let shown = 5
  private var keys = DuplicateTable()
  private var contents = Equality()
  private var texts = Equality()
  private var pictures = Equality()
  private var reposts = DuplicateTable()
  private var close = NearDuplicateTexts()
  private var looks = NearDuplicatePictures()
  private var result = DuplicateSummary()
  /// Examples whose labels are still numbers.
  private var closePairs: [(pair: DuplicateSummary.Pair, labels: (Int?, Int?))] = []
  private var lookPairs: [(pair: DuplicateSummary.Pair, labels: (Int?, Int?))] = []

  /// One kind of equality.
  private struct Equality {
    var table = DuplicateTable()
    var common = CommonestGroups()
    var pairs: [(pair: DuplicateSummary.Pair, labels: (Int, Int))] = []

    /// Adds a row; returns whether the item is new, as far as is known.
    mutating func add(_ hash: UInt64, label: Int?, place: RowLocation, _ excerpt: () -> String) -> Bool {
      guard case .again(let earlier) = table.add(hash, tag: UInt32((label ?? -1) + 1), at: place) else { return true }
      common.note(hash, earlier, excerpt)
      if earlier.isNewlyMixed, pairs.count < DuplicateTally.shown, let label {
        let pair = DuplicateSummary.Pair(first: earlier.place, second: place, excerpt: excerpt())
        pairs.append((pair, (Int(earlier.tag) - 1, label)))
      }
      return false
    }

    func summary(_ labels: [ByteText]) -> DuplicateSummary.Kind {
      let totals = table.totals
      return DuplicateSummary.Kind(
        different: totals.groups, extra: totals.extra, contradicting: totals.mixed,
        contradictingRows: totals.mixedRows, scale: table.scale, commonest: common.sorted,
        contradictions: pairs.map { DuplicateTally.named($0.pair, ($0.labels.0, $0.labels.1), labels) })
    }
  }

  init(hasIDs: Bool, decodes: Bool) {
    result.hasIDs = hasIDs
    if decodes { result.lookalikes = 0 }
  }

  private static func named(_ pair: DuplicateSummary.Pair, _ numbers: (Int?, Int?), _ labels: [ByteText])
    -> DuplicateSummary.Pair
  {
    func name(_ number: Int?) -> ByteText? {
      number.flatMap { labels.indices.contains($0) ? labels[$0] : nil }
    }
    var pair = pair
    pair.firstLabel = name(numbers.0)
    pair.secondLabel = name(numbers.1)
    return pair
  }

  /// The earlier rows that a post is like.
  struct Outcome {
    /// Whether its content is new.
    var isNew: Bool
    /// The row to whose text its own is close.
    var closeText: RowLocation?
    /// The row whose picture looks like its own.
    var lookalike: RowLocation?
    /// The group of its reposts; nil for a row that repeats an earlier id and content.
    var reposts: UInt64?
  }

  /// Counts a post.
  mutating func add(_ post: Post, _ facts: RowFacts, _ seen: PostFacts, label: Int?, place: RowLocation) -> Outcome {
    let isNewPost = !result.hasIDs || addKey(post, seen, place)
    if isNewPost, let group = seen.reposts { _ = reposts.add(group, tag: 0, at: place) }
    let excerpt = { post.text.isEmpty ? post.storedImage ?? "" : post.text.excerpt }
    var outcome = Outcome(isNew: contents.add(seen.content, label: label, place: place, excerpt))
    if isNewPost { outcome.reposts = seen.reposts }
    if let folded = seen.text.folded {
      let isNewText = texts.add(folded, label: label, place: place) { post.text.excerpt }
      if isNewText { outcome.closeText = addClose(post, seen, label, place) }
    }
    guard let picture = facts.picture else { return outcome }
    let isNewPicture = pictures.add(picture.number, label: label, place: place) { post.storedImage ?? "" }
    if isNewPicture, let look = picture.look, let match = looks.add(look, label: label, place: place) {
      outcome.lookalike = match.place
      result.lookalikes = (result.lookalikes ?? 0) + 1
      if label != nil, match.label != nil, label != match.label { result.lookalikeContradicting += 1 }
      if lookPairs.count < Self.shown {
        let pair = DuplicateSummary.Pair(first: match.place, second: place, excerpt: post.storedImage ?? "")
        lookPairs.append((pair, (match.label, label)))
      }
    }
    return outcome
  }

  /// Counts a post's id; returns whether the post, its id with its content, is new.
  private mutating func addKey(_ post: Post, _ seen: PostFacts, _ place: RowLocation) -> Bool {
    let tag = UInt32(truncatingIfNeeded: seen.content >> 16) | 1
    guard case .again(let earlier) = keys.add(seen.key, tag: tag, at: place) else { return true }
    if earlier.tag == tag {
      result.sameIDSameContent += 1
    } else {
      result.sameIDOtherContent += 1
      if result.idExamples.count < Self.shown {
        result.idExamples.append(
          DuplicateSummary.Pair(first: earlier.place, second: place, excerpt: post.key.text.excerpt))
      }
    }
    return earlier.tag != tag
  }

  private mutating func addClose(_ post: Post, _ seen: PostFacts, _ label: Int?, _ place: RowLocation) -> RowLocation? {
    guard let match = close.add(words: seen.text.words, bands: seen.bands, label: label, place: place) else {
      return nil
    }
    result.nearDuplicateTexts += 1
    let contradicts = label != nil && match.label != nil && label != match.label
    if contradicts { result.closeContradicting += 1 }
    if closePairs.count < Self.shown {
      let pair = DuplicateSummary.Pair(first: match.place, second: place, excerpt: post.text.excerpt)
      closePairs.append((pair, (match.label, label)))
    }
    return match.place
  }

  func summary(labels: [ByteText]) -> DuplicateSummary {
    var summary = result
    summary.sameIDSameContent *= keys.scale
    summary.sameIDOtherContent *= keys.scale
    let repeated = reposts.totals
    (summary.reposts, summary.repostGroups) = (repeated.repeated + repeated.extra, repeated.repeated)
    summary.repostScale = reposts.scale
    summary.contents = contents.summary(labels)
    summary.texts = texts.summary(labels)
    summary.pictures = pictures.summary(labels)
    summary.closeExamples = closePairs.map { Self.named($0.pair, $0.labels, labels) }
    summary.lookalikeExamples = lookPairs.map { Self.named($0.pair, $0.labels, labels) }
    summary.nearDuplicatesOverLimit = close.unkept
    summary.lookalikeOverLimit = looks.unkept
    summary.lookalikeTooUniform = looks.plain
    summary.lookalikePartlyCompared = looks.crowded
    return summary
  }
}

extension String {
  /// The beginning of a text, for recognition.
  var excerpt: String {
    // It counts scalars, because one character may have any number of marks.
    let head = unicodeScalars.prefix(60)
    return head.endIndex == endIndex ? self : String(head) + "…"
  }
}
