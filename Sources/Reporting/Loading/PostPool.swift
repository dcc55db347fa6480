import Bytes

/// The posts whose content has the least hashes: a sample that depends on the posts alone, not on the order they came
/// in, on row ids or on a clock.
struct PostPool {
  /// One post of the sample.
  struct Post {
    var id: Int64
    var hash: String
    var key: String
    /// The hash of its picture, where it has one.
    var picture: String?
    /// The number of its label: the true one where it is known, else the predicted one.
    var label: Int
    var isWrong: Bool?
  }

  /// So many posts are wanted; some of them lack vectors, or show the same picture.
  static let wanted = 4000
  /// A bound for stores whose hashes are no hashes.
  private static let most = 20_000

  private(set) var posts: [Post] = []
  /// Hashes below it are taken.
  private var bound: [UInt8] = []

  /// Prepares for so many posts: hashes below a prefix of hexadecimal digits are taken, of which there are about as many
  /// as are wanted.
  mutating func size(for posts: Int) {
    let share = Double(Self.wanted) / Double(max(posts, 1))
    let digits = share < 1 ? String(UInt64(share * 0x1p48), radix: 16) : "g"
    bound = Array((String(repeating: "0", count: share < 1 ? max(0, 12 - digits.count) : 0) + digits).utf8)
  }

  /// Whether a post of this hash is one of the sample.
  func takes(_ hash: UnsafeBufferPointer<UInt8>) -> Bool {
    posts.count < Self.most && hash.lexicographicallyPrecedes(bound)
  }

  mutating func add(_ post: Post) { posts.append(post) }

  /// The posts by their hashes, equal ones by their keys.
  var sorted: [Post] {
    posts.sorted { a, b in
      if a.hash.hasSameBytes(as: b.hash) { return ByteText(a.key) < ByteText(b.key) }
      return ByteText(a.hash) < ByteText(b.hash)
    }
  }
}
