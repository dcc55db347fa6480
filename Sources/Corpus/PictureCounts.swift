/// How a corpus' pictures were found, and what their cells were, by names that the store keeps.
///
/// The names of rules are those of the rules. The others are below.
package struct PictureCounts: Sendable, Equatable {
  /// Pictures found by one or several rules.
  package static let found = "found_by_rule"
  /// Cells with a list of pictures; pictures in them that are no row's.
  package static let lists = "lists", leftOut = "left_out"
  /// Cells with a word that means no picture.
  package static let noPicture = "no_picture"
  /// Pictures that are missing, but would be found by a rule: `needs_near`, `needs_name`.
  package static func needs(_ rule: String) -> String { "needs_\(rule)" }

  private var numbers: [String: Int] = [:]

  /// No pictures.
  package init() {}

  /// Numbers by their names.
  package init(_ numbers: [String: Int]) { self.numbers = numbers }

  /// Whether nothing was counted.
  package var isEmpty: Bool { numbers.isEmpty }

  /// The numbers in the order of their names.
  package var all: [(name: String, count: Int)] {
    numbers.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
  }

  /// A number; 0 if nothing was counted.
  package subscript(name: String) -> Int { numbers[name] ?? 0 }

  /// Adds to a number.
  package mutating func add(_ name: String, _ count: Int = 1) {
    if count > 0 { self = joined(with: PictureCounts([name: count])) }
  }

  /// Counts what the cell of a post's picture was.
  package mutating func add(_ post: Post) {
    add(Self.leftOut, post.leftOutPictures)
    switch post.imageForm {
    case .list: add(Self.lists)
    case .noPicture: add(Self.noPicture)
    case nil: break
    }
  }

  /// Forgets which rules missing pictures need, because they are all looked up again.
  package mutating func forgetNeeds() { numbers = numbers.filter { !$0.key.utf8.starts(with: "needs_".utf8) } }

  /// The counts of two runs together.
  package func joined(with other: PictureCounts) -> PictureCounts {
    PictureCounts(
      numbers.merging(other.numbers) { first, second in
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? Int.max : sum
      })
  }
}
