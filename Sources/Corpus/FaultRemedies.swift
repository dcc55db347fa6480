/// With how many faults each flag would help, as far as their words say.
package struct FaultRemedies: Sendable, Equatable {
  /// A flag, and what the words of a fault hold with which it would help.
  private static let flags = [
    ("--image-match near", "--image-match near"), ("--image-match name", "--image-match name"),
    ("--truncated-images accept", "--truncated-images accept"),
    ("a larger --max-picture-bytes", "--max-picture-bytes raises"), ("a larger --max-pixels", "--max-pixels raises"),
    ("--quote none", "with --quote none"), ("--encoding", "with --encoding"),
  ]

  private var counts = [Int](repeating: 0, count: Self.flags.count)

  /// No faults.
  package init() {}

  /// Counts a fault by its words.
  package mutating func add(_ detail: String) {
    for (place, flag) in Self.flags.enumerated() where detail.contains(flag.1) {
      counts[place] += 1
      return
    }
  }

  /// The rows with which any flag would help.
  package var rows: Int { counts.reduce(0, +) }

  /// The flags that would help, with the number of rows.
  package var all: [(flag: String, rows: Int)] {
    zip(Self.flags, counts).filter { $0.1 > 0 }.map { ($0.0.0, $0.1) }
  }

  /// `--image-match near would help with 100 of them, --truncated-images accept 12`; nil if no flag helps.
  package var words: String? {
    guard !all.isEmpty else { return nil }
    return all.enumerated().map { place, remedy in
      place == 0 ? "\(remedy.flag) would help with \(remedy.rows) of them" : "\(remedy.flag) \(remedy.rows)"
    }.joined(separator: ", ")
  }
}
