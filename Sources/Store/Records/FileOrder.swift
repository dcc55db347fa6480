import Bytes

/// The order of a corpus' records: its files as given, then the record numbers.
struct FileOrder {
  private var ranks: [ByteText: Int] = [:]

  init(_ names: [String]) {
    for (rank, name) in names.enumerated() where ranks[ByteText(name)] == nil { ranks[ByteText(name)] = rank }
  }

  /// Whether one record stands before another; files that are not in the corpus come last, by name.
  func isBefore(_ left: (file: String, record: Int), _ right: (file: String, record: Int)) -> Bool {
    let names = (ByteText(left.file), ByteText(right.file))
    if names.0 == names.1 { return left.record < right.record }
    let (first, second) = (ranks[names.0] ?? Int.max, ranks[names.1] ?? Int.max)
    return first == second ? names.0 < names.1 : first < second
  }
}
