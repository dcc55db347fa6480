import Bytes

/// The members of a file's JSON records, as a tree of keys; those with a value are columns with dotted names.
///
/// Records of a file nearly always have the same keys in the same order, so each key is first compared with the one
/// that followed last time, and only looked up if it differs. The tree grows with the keys it meets: the caller bounds it
/// by ``count``.
struct MemberTable {
  /// A key below its parent; the root is number 0.
  private struct Node {
    var parent: Int
    /// The key's bytes in `keys`.
    var key: Range<Int>
    /// Its column; ``unknown`` until it first has a value.
    var column = MemberTable.unknown
    /// Whether its value is a role's; `nil` until that was asked.
    var isRole: Bool?
    /// The last record that had this key; ``notText`` if its bytes are not UTF-8.
    var stamp = 0
    var firstChild = -1, lastChild = -1, sibling = -1
    /// The child that is expected next.
    var expected = -1
    /// The elements to look into if the value is a list; `nil` until it first is one.
    var picks: [Pick]?
  }

  /// An element of a list that a column's name reaches into: `media.0.url` reaches into element 0 of `media`.
  struct Pick {
    var index: Int
    var node: Int
  }

  static let root = 0
  /// A column that is not known yet.
  private static let unknown = -1
  /// A value within a list that no column's name asks for.
  private static let unwanted = -2
  private static let notText = -1
  /// The number of keys that are compared before a key is looked up.
  private static let guesses = 3

  /// The columns' dotted names, in the order in which they first had a value.
  private(set) var names: [ByteText] = []
  /// What the columns are for, as far as the user's columns say.
  let uses: MemberUses
  /// What each column is for, and the role whose cell it is.
  private(set) var kinds: [(use: FieldUse, role: ColumnRole?)] = []
  private var columns: [ByteText: Int] = [:]
  /// For each column, the last record that had a value for it.
  private var stamps: [Int] = []
  private var nodes = [Node(parent: -1, key: 0..<0)]
  private var keys: [UInt8] = []
  /// A hash table with open addressing: the numbers of nodes, 0 in empty slots. Its size is a power of two.
  private var index = [Int32](repeating: 0, count: 64)

  init(_ uses: MemberUses) { self.uses = uses }

  /// The number of keys.
  var count: Int { nodes.count }

  /// Begins an object: its keys are expected in their usual order.
  mutating func begin(_ node: Int) { nodes[node].expected = nodes[node].firstChild }

  /// The key's node below another; added if it is new.
  mutating func child(of parent: Int, _ key: UnsafeRawBufferPointer) -> Int {
    var next = nodes[parent].expected
    for _ in 0..<Self.guesses where next >= 0 {
      if hasKey(next, key) {
        nodes[parent].expected = nodes[next].sibling
        return next
      }
      next = nodes[next].sibling
    }
    let found = find(parent, key) ?? add(parent, key)
    nodes[parent].expected = nodes[found].sibling
    return found
  }

  /// Whether a key is valid UTF-8.
  func isText(_ node: Int) -> Bool { nodes[node].stamp != Self.notText }

  /// Adds a column that no key has yet.
  mutating func add(_ name: ByteText) { _ = column(named: name) }

  /// Notes that a record has this key; false if it has it already, or if the key is not UTF-8.
  mutating func enter(_ node: Int, record: Int) -> Bool {
    guard nodes[node].stamp != record, isText(node) else { return false }
    nodes[node].stamp = record
    return true
  }

  /// Whether a column's value in this record is the first; two keys can spell one name, `a.b` and `b` within `a`.
  mutating func fill(_ column: Int, record: Int) -> Bool {
    guard stamps[column] != record else { return false }
    stamps[column] = record
    return true
  }

  /// The column of a key's value; within a list, `nil` unless a column's name asks for it.
  mutating func column(of node: Int, isInList: Bool) -> Int? {
    if nodes[node].column == Self.unknown {
      let name = name(of: node)
      nodes[node].column = isInList && !uses.wanted.contains(name) ? Self.unwanted : column(named: name)
    }
    let column = nodes[node].column
    return column == Self.unwanted ? nil : column
  }

  /// Whether a key's value is a role's cell.
  mutating func isRole(_ node: Int) -> Bool {
    if let known = nodes[node].isRole { return known }
    let isRole = uses.roles[name(of: node)] != nil
    nodes[node].isRole = isRole
    return isRole
  }

  /// The elements of a list that columns' names reach into.
  mutating func picks(of node: Int) -> [Pick] {
    if let known = nodes[node].picks { return known }
    let prefix = Array("\(name(of: node).text).".utf8)
    var picks: [Pick] = []
    for name in uses.wanted where name.utf8.starts(with: prefix) {
      let digits = name.utf8.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: ".") }
      guard !digits.isEmpty, digits.count < 10, digits.allSatisfy(isDigit),
        let element = Int(String(Substring(digits))), !picks.contains(where: { $0.index == element })
      else { continue }
      let child = Array(digits).withUnsafeBytes { key in find(node, key) ?? add(node, key) }
      picks.append(Pick(index: element, node: child))
    }
    nodes[node].picks = picks
    return picks
  }

  /// A key's dotted name.
  func name(of node: Int) -> ByteText {
    let own = String(decoding: keys[nodes[node].key], as: UTF8.self), parent = nodes[node].parent
    return parent == Self.root ? ByteText(own) : "\(name(of: parent)).\(own)"
  }

  private mutating func column(named name: ByteText) -> Int {
    if let known = columns[name] { return known }
    columns[name] = names.count
    names.append(name)
    stamps.append(0)
    kinds.append((uses.use(of: name), uses.roles[name]))
    return names.count - 1
  }

  private func hasKey(_ node: Int, _ key: UnsafeRawBufferPointer) -> Bool {
    let own = nodes[node].key
    guard own.count == key.count else { return false }
    return keys.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[own]).elementsEqual(key) }
  }

  private func find(_ parent: Int, _ key: UnsafeRawBufferPointer) -> Int? {
    var slot = Self.hash(parent, key) & (index.count - 1)
    while index[slot] != 0 {
      let node = Int(index[slot])
      if nodes[node].parent == parent, hasKey(node, key) { return node }
      slot = (slot + 1) & (index.count - 1)
    }
    return nil
  }

  private mutating func add(_ parent: Int, _ key: UnsafeRawBufferPointer) -> Int {
    let node = nodes.count
    nodes.append(Node(parent: parent, key: keys.count..<(keys.count + key.count)))
    if String(validating: key, as: UTF8.self) == nil { nodes[node].stamp = Self.notText }
    keys.append(contentsOf: key)
    if nodes[parent].lastChild >= 0 {
      nodes[nodes[parent].lastChild].sibling = node
    } else {
      nodes[parent].firstChild = node
    }
    nodes[parent].lastChild = node
    if 2 * nodes.count > index.count {
      index = [Int32](repeating: 0, count: 2 * index.count)
      for old in 1..<node { insert(old) }
    }
    insert(node)
    return node
  }

  private mutating func insert(_ node: Int) {
    let hash = keys.withUnsafeBytes {
      Self.hash(nodes[node].parent, UnsafeRawBufferPointer(rebasing: $0[nodes[node].key]))
    }
    var slot = hash & (index.count - 1)
    while index[slot] != 0 { slot = (slot + 1) & (index.count - 1) }
    index[slot] = Int32(node)
  }

  /// Seeded by chance, so that nobody can make keys that collide.
  private static func hash(_ parent: Int, _ key: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(parent)
    hasher.combine(bytes: key)
    return hasher.finalize()
  }
}
