internal import Corpus

/// What stands in another corpus, such as the posts to validate with: looked up by those of the corpus itself.
package struct OtherCorpus: Sendable {
  var files: [String] = []
  var rows = 0
  var ids = GroupTable()
  var contents = GroupTable()
  var texts = GroupTable()
  var pictures = GroupTable()

  mutating func add(_ facts: RowFacts, hasIDs: Bool, place: Place) {
    rows += 1
    guard let seen = facts.post else { return }
    if hasIDs { _ = ids.add(seen.key, tag: 0, at: place) }
    _ = contents.add(seen.content, tag: 0, at: place)
    if let folded = seen.text.folded { _ = texts.add(folded, tag: 0, at: place) }
    if let picture = facts.picture { _ = pictures.add(picture.number, tag: 0, at: place) }
  }
}

/// Counts rows of a corpus that stand in another one, too.
struct OverlapTally {
  private static let shown = 5
  private let other: OtherCorpus
  private var result = Overlap()

  init(_ other: OtherCorpus) {
    self.other = other
    result.files = other.files
    result.rows = other.rows
    result.ids.scale = other.ids.scale
    result.contents.scale = other.contents.scale
    result.texts.scale = other.texts.scale
    result.pictures.scale = other.pictures.scale
  }

  mutating func add(_ post: Post, _ facts: RowFacts, _ seen: PostFacts, hasIDs: Bool, place: Place) {
    if hasIDs { Self.look(seen.key, in: other.ids, &result.ids, place) { post.key.excerpt } }
    Self.look(seen.content, in: other.contents, &result.contents, place) {
      post.text.isEmpty ? post.image ?? "" : post.text.excerpt
    }
    if let folded = seen.text.folded {
      Self.look(folded, in: other.texts, &result.texts, place) { post.text.excerpt }
    }
    if let picture = facts.picture {
      Self.look(picture.number, in: other.pictures, &result.pictures, place) { post.image ?? "" }
    }
  }

  private static func look(
    _ hash: UInt64, in table: GroupTable, _ kind: inout Overlap.Kind, _ place: Place, _ excerpt: () -> String
  ) {
    kind.of += 1
    guard let found = table.place(of: hash) else { return }
    kind.rows += 1
    if kind.examples.count < shown {
      kind.examples.append(Duplicates.Pair(first: place, second: found.place, excerpt: excerpt()))
    }
  }

  /// What was found; estimates where the other corpus is a sample.
  var overlap: Overlap {
    var overlap = result
    overlap.ids.rows *= result.ids.scale
    overlap.contents.rows *= result.contents.scale
    overlap.texts.rows *= result.texts.scale
    overlap.pictures.rows *= result.pictures.scale
    return overlap
  }
}
