import Bytes
import GRDB

/// The versions of the keys that a command asks about, so that those of a key are read once however many rows have it.
///
/// Kept are hashes of 64 bits, which may be those of another version: the row itself must be looked at.
struct KnownVersions {
  /// Versions of all keys together that are kept; a key of more is kept alone.
  private static let most = 1 << 20
  /// A key of so few versions is read again each time.
  private static let few = 8

  private struct Version: Hashable {
    var text, knowledge: ByteText
    var image: ByteText?
  }

  private var scorer: Int64?
  private var kept: [ByteText: [Int: [Int64]]] = [:]
  private var count = 0
  /// Versions read from the store so far.
  private(set) var read = 0

  /// The ids of the versions that the scorer knows of a key, and that probably have the same text, knowledge and picture
  /// path.
  /// - Complexity: O(n) for n versions of the key when it is asked for first, O(1) later.
  mutating func candidates(for post: PostSketch, scorer: Int64, in db: Database) throws -> [Int64] {
    if self.scorer != scorer { (self.scorer, kept, count) = (scorer, [:], 0) }
    let key = ByteText(post.key), hash = Self.hash(post.text, post.knowledge, post.image)
    if let versions = kept[key] { return versions[hash] ?? [] }
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT post.id, post.text, post.knowledge, post.image FROM post CROSS JOIN prediction
          ON prediction.scorer_id = ?1 AND prediction.post_id = post.id WHERE post.key = ?2
          """),
      arguments: [scorer, post.key])
    var (versions, found) = ([Int: [Int64]](), 0)
    while let row = try rows.next() {
      found += 1
      try versions[Self.hash(row.get(1), row.get(2), row.find(3)), default: []].append(row.get(0))
    }
    read += found
    if found > Self.few {
      if count + found > Self.most { (kept, count) = ([:], 0) }
      kept[key] = versions
      count += found
    }
    return versions[hash] ?? []
  }

  private static func hash(_ text: String, _ knowledge: String, _ image: String?) -> Int {
    Version(text: ByteText(text), knowledge: ByteText(knowledge), image: image.map { ByteText($0) }).hashValue
  }
}
