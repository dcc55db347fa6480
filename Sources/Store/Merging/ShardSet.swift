/// Which shards of a corpus a run holds: `2/4`, or `1,3/4` when merged in part.
package struct ShardSet: Equatable {
  /// The shards it holds, ascending, from 1.
  package private(set) var members: [Int]
  /// How many shards there are.
  package let total: Int

  /// Reads a run's `shard`; `nil` where it is none.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let total = Int(parts[1]), 1...Self.most ~= total else { return nil }
    let members = parts[0].split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard members.allSatisfy({ 1...total ~= $0 }), zip(members, members.dropFirst()).allSatisfy(<) else {
      return nil
    }
    self.members = members
    self.total = total
  }

  /// More shards than anybody has machines; a bound on what a hostile store can make us list.
  static let most = 100_000

  /// The text that a run keeps; `nil` for the whole corpus.
  package var text: String? {
    isComplete ? nil : members.map(String.init).joined(separator: ",") + "/\(total)"
  }

  /// Whether no shard is missing.
  package var isComplete: Bool { members.count == total }

  /// The shards that are missing, as `--shard` takes them.
  package var missing: [String] {
    let held = Set(members)
    return (1...total).filter { !held.contains($0) }.map { "\($0)/\(total)" }
  }

  /// What is missing, in a line; `nil` where nothing is.
  package var missingWords: String? {
    let missing = missing
    switch missing.count {
    case 0: return nil
    case 1: return "shard \(missing[0]) is missing"
    case 2...20: return "shards \(missing.joined(separator: ", ")) are missing"
    default: return "\(missing.count) of \(total) shards are missing"
    }
  }

  /// Whether two sets of one corpus share no shard.
  func isDisjoint(with other: ShardSet) -> Bool { Set(members).isDisjoint(with: other.members) }

  /// Whether every shard of another set is in this one.
  func contains(_ other: ShardSet) -> Bool { Set(members).isSuperset(of: other.members) }

  /// The shards of both.
  package func union(_ other: ShardSet) -> ShardSet {
    var union = self
    union.members = Set(members).union(other.members).sorted()
    return union
  }
}
