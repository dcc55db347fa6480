/// A file's name, compared byte by byte.
struct FileName: Hashable {
  private let bytes: [UInt8]

  init(_ name: String) { bytes = Array(name.utf8) }

  /// Whether the name sorts before another, by bytes.
  func isBefore(_ other: FileName) -> Bool { bytes.lexicographicallyPrecedes(other.bytes) }
}

/// The order of a corpus' records: its files as given, then the record numbers.
struct FileOrder {
  private var ranks: [FileName: Int] = [:]

  init(_ names: [String]) {
    for (rank, name) in names.enumerated() where ranks[FileName(name)] == nil { ranks[FileName(name)] = rank }
  }

  /// Whether one record stands before another; files that are not in the corpus come last, by name.
  func isBefore(_ left: (file: String, record: Int), _ right: (file: String, record: Int)) -> Bool {
    let names = (FileName(left.file), FileName(right.file))
    if names.0 == names.1 { return left.record < right.record }
    let (first, second) = (ranks[names.0] ?? Int.max, ranks[names.1] ?? Int.max)
    return first == second ? names.0.isBefore(names.1) : first < second
  }
}
