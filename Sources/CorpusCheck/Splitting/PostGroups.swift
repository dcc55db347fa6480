/// Posts joined to groups by what they share: union-find over hashes.
struct PostGroups {
  private var parents: [Int32] = []
  private var first: [UInt64: Int32] = [:]

  /// The number of posts.
  var count: Int { parents.count }

  /// Adds a post that is a group of its own so far; returns its index.
  mutating func addPost() -> Int {
    parents.append(Int32(parents.count))
    return parents.count - 1
  }

  /// Joins a post to all others that share something.
  mutating func join(_ post: Int, sharing hash: UInt64) {
    guard let other = first[hash] else { return first[hash] = Int32(post) }
    let one = root(Int32(post)), two = root(other)
    // The first post of a group is its root.
    if one != two { parents[Int(max(one, two))] = min(one, two) }
  }

  private mutating func root(_ post: Int32) -> Int32 {
    var post = post
    while parents[Int(post)] != post {
      parents[Int(post)] = parents[Int(parents[Int(post)])]
      post = parents[Int(post)]
    }
    return post
  }

  /// The index of the first post of each post's group.
  mutating func roots() -> [Int32] { parents.indices.map { root(Int32($0)) } }
}
