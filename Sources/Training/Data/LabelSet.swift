import Bytes

/// The labels that a model tells apart, in the order of its answers; compared byte by byte.
public struct LabelSet: Sendable {
  /// The labels' names, each once.
  public let names: [String]
  private let places: [ByteText: Int]

  /// Labels in a given order.
  ///
  /// - Throws: `labelName` where a name is empty or stands twice.
  public init(names: [String]) throws(TrainingDataError) {
    var places: [ByteText: Int] = [:]
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, places.updateValue(index, forKey: ByteText(name)) == nil else {
        throw .labelName(name, index: index)
      }
    }
    (self.names, self.places) = (names, places)
  }

  /// The labels that posts teach.
  ///
  /// - Parameters:
  ///   - posts: the posts to learn from.
  ///   - names: the labels in the order wanted, such as those of a model that is trained on; without them, the labels
  ///     that occur, sorted by their bytes.
  /// - Throws: `noPosts`, `oneLabel`, and for given names `labelName`, `unknownLabels` and `absentLabels`.
  public init(of posts: TrainingPosts, names: [String]? = nil) throws(TrainingDataError) {
    guard posts.count > 0 else { throw posts.emptiness }
    let counts = posts.labelCounts
    if let names {
      try self.init(names: names)
      try check(posts)
      let absent = names.filter { name in !counts.contains { $0.label.hasSameBytes(as: name) } }
      guard absent.isEmpty else { throw .absentLabels(absent, files: posts.files) }
    } else {
      try self.init(names: counts.map(\.label).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
    guard self.names.count > 1 else { throw .oneLabel(self.names.first ?? "", files: posts.files) }
  }

  /// How many labels there are.
  public var count: Int { names.count }

  /// The place of a label; nil where it is none of these.
  public subscript(name: String) -> Int? { places[ByteText(name)] }

  /// Whether every label is a bare number, which other copies of a corpus may code otherwise.
  public var areBareNumbers: Bool { names.allSatisfy { Int($0) != nil } }

  /// Complains of the labels that some posts have and that are none of these.
  func check(_ posts: TrainingPosts) throws(TrainingDataError) {
    let strange = posts.labelCounts.filter { self[$0.label] == nil }
    guard strange.isEmpty else { throw .unknownLabels(strange, known: names) }
  }
}
