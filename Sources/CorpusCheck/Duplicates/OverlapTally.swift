internal import Bytes
internal import Corpus

/// The contents of another corpus, such as the validation posts, to look up those of the corpus itself.
package struct ReferenceCorpus: Sendable {
  var files: [String] = []
  var rows = 0
  var ids = DuplicateTable()
  var contents = DuplicateTable()
  var texts = DuplicateTable()
  var pictures = DuplicateTable()
  var looks = NearDuplicatePictures()
  let isDecoded: Bool
  private var labels = LabelTally()

  init(files: [String], isDecoded: Bool) { (self.files, self.isDecoded) = (files, isDecoded) }

  /// Adds a row; returns its label's number.
  @discardableResult
  mutating func add(_ facts: RowFacts, hasIDs: Bool, place: RowLocation) -> Int? {
    rows += 1
    guard let seen = facts.post, case .post(let post) = facts.row else { return nil }
    let label = labels.add(post.label), tag = UInt32((label ?? -1) + 1)
    if hasIDs { _ = ids.add(seen.key, tag: tag, at: place) }
    _ = contents.add(seen.content, tag: tag, at: place)
    if let folded = seen.text.folded { _ = texts.add(folded, tag: tag, at: place) }
    guard let picture = facts.picture else { return label }
    // Only new files are compared: each appearance counts once.
    if case .first = pictures.add(picture.number, tag: tag, at: place), let look = picture.look {
      _ = looks.add(look, label: label, place: place)
    }
    return label
  }

  /// The names of labels by their numbers.
  var labelNames: [ByteText] { labels.labels.map(\.label) }

  /// The name of a label by its number; `nil` for none.
  func label(_ number: Int?) -> ByteText? {
    number.flatMap { labels.labels.indices.contains($0) ? labels.labels[$0].label : nil }
  }
}

/// Counts the rows of a corpus that another one contains, too.
struct OverlapTally {
  private static let shown = 5
  private let other: ReferenceCorpus
  private var result = CorpusOverlap()

  init(_ other: ReferenceCorpus) {
    self.other = other
    result.files = other.files
    result.rows = other.rows
    result.ids.scale = other.ids.scale
    result.contents.scale = other.contents.scale
    result.texts.scale = other.texts.scale
    result.pictures.scale = other.pictures.scale
    if other.isDecoded { result.lookalikes = CorpusOverlap.Kind() }
    result.lookalikeOverLimit = other.looks.unkept
  }

  /// Counts a post; returns the row of the other corpus whose picture looks like its own.
  mutating func add(_ post: Post, _ facts: RowFacts, _ seen: PostFacts, hasIDs: Bool, place: RowLocation)
    -> RowLocation?
  {
    let row = (post: post, place: place)
    if hasIDs { look(seen.key, in: other.ids, &result.ids, row) { post.key.text.excerpt } }
    look(seen.content, in: other.contents, &result.contents, row) {
      post.text.isEmpty ? post.storedImage ?? "" : post.text.excerpt
    }
    if let folded = seen.text.folded { look(folded, in: other.texts, &result.texts, row) { post.text.excerpt } }
    guard let picture = facts.picture else { return nil }
    let isThere = look(picture.number, in: other.pictures, &result.pictures, row) { post.storedImage ?? "" }
    guard let look = picture.look, result.lookalikes != nil else { return nil }
    // A picture with identical bytes is counted as equal.
    let match = isThere ? nil : other.looks.match(of: look)
    guard isThere || look.isDistinctive else {
      result.lookalikeTooUniform += 1
      return nil
    }
    guard isThere || match != nil || other.looks.comparesAll(with: look) else {
      result.lookalikePartlyCompared += 1
      return nil
    }
    result.lookalikes?.of += 1
    guard let match else { return nil }
    note(&result.lookalikes, row, match.place, other.label(match.label)) { post.storedImage ?? "" }
    return match.place
  }

  @discardableResult
  private func look(
    _ hash: UInt64, in table: DuplicateTable, _ kind: inout CorpusOverlap.Kind, _ row: (post: Post, place: RowLocation),
    _ excerpt: () -> String
  ) -> Bool {
    kind.of += 1
    guard let found = table.place(of: hash) else { return false }
    var noted: CorpusOverlap.Kind? = kind
    note(&noted, row, found.place, other.label(Int(found.tag) - 1), excerpt)
    if let noted { kind = noted }
    return true
  }

  private func note(
    _ kind: inout CorpusOverlap.Kind?, _ row: (post: Post, place: RowLocation), _ there: RowLocation,
    _ label: ByteText?,
    _ excerpt: () -> String
  ) {
    let own = row.post.label.flatMap { $0.text.isBlank ? nil : $0 }
    kind?.rows += 1
    if let own, let label, own != label { kind?.contradicting += 1 }
    if kind?.examples.count ?? Self.shown < Self.shown {
      kind?.examples.append(
        DuplicateSummary.Pair(first: row.place, second: there, firstLabel: own, secondLabel: label, excerpt: excerpt()))
    }
  }

  /// The overlap; estimates if the other corpus is sampled.
  var overlap: CorpusOverlap {
    var overlap = result
    for kind in [\CorpusOverlap.ids, \.contents, \.texts, \.pictures] {
      overlap[keyPath: kind].rows *= result[keyPath: kind].scale
      overlap[keyPath: kind].contradicting *= result[keyPath: kind].scale
    }
    return overlap
  }
}
