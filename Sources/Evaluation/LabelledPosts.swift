package import Bytes

/// A run's posts with a true label: truth, prediction and the probabilities of all labels, in flat arrays, so that a
/// million posts of two labels take 25 MB.
package struct LabelledPosts: Equatable, Sendable {
  /// The model's labels, in its order.
  package let labels: [ByteText]
  /// The label of each number: the model's first, then any others that are true or predicted.
  package private(set) var names: [ByteText]
  /// Each post's true label, as an index into `names`.
  package private(set) var truths: [Int32] = []
  /// Each post's predicted label, as an index into `names`.
  package private(set) var predicted: [Int32] = []
  /// Posts × labels, row by row; NaN if a post's probabilities are unknown.
  package private(set) var probabilities: [Float] = []

  package init(labels: [ByteText]) { (self.labels, names) = (labels, labels) }

  /// Adds a post: its labels as indexes into `names`, and one probability for each of the model's labels.
  package mutating func add(truth: Int, predicted: Int, probabilities: [Double]) {
    precondition(probabilities.count == labels.count, "one probability a label")
    truths.append(Int32(truth))
    self.predicted.append(Int32(predicted))
    for value in probabilities { self.probabilities.append(Float(value)) }
  }

  /// Sets `names`, after the last post was added.
  package mutating func name(_ names: [ByteText]) {
    precondition(names.starts(with: labels), "the model's labels come first")
    self.names = names
  }

  package var count: Int { truths.count }

  /// The same posts with changed probabilities. `decide` returns the index of the new prediction, by default the most
  /// likely label; a post without probabilities keeps its prediction.
  package func mapped(
    _ change: (inout [Double]) -> Void, decide: ([Double]) -> Int = Self.likeliest
  ) -> LabelledPosts {
    var result = LabelledPosts(labels: labels)
    for post in truths.indices {
      var row = row(post)
      let isKnown = !row.contains(where: \.isNaN)
      if isKnown { change(&row) }
      result.add(truth: Int(truths[post]), predicted: isKnown ? decide(row) : Int(predicted[post]), probabilities: row)
    }
    result.name(names)
    return result
  }

  /// The probabilities of a post, one for each of the model's labels.
  package func row(_ post: Int) -> [Double] {
    probabilities[post * labels.count..<(post + 1) * labels.count].map(Double.init)
  }

  /// The index of the highest probability, the first in case of a tie.
  package static func likeliest(_ row: [Double]) -> Int {
    var best = 0
    for place in row.indices where row[place] > row[best] { best = place }
    return best
  }

  /// The confusion matrix of some posts, given by their indexes.
  ///
  /// - Parameters:
  ///   - posts: the posts.
  ///   - weight: how much a post counts.
  /// - Returns: the matrix.
  package func matrix(_ posts: [Int32], weight: (Int32) -> Int = { _ in 1 }) -> ConfusionMatrix {
    var counts = [Int](repeating: 0, count: names.count * names.count)
    for post in posts {
      counts[Int(truths[Int(post)]) * names.count + Int(predicted[Int(post)])] += weight(post)
    }
    // A predicted label that the model does not list also has a column.
    var columns = labels
    for code in names.indices.dropFirst(labels.count)
    where names.indices.contains(where: { counts[$0 * names.count + code] > 0 }) {
      columns.append(names[code])
    }
    var matrix = ConfusionMatrix(labels: columns)
    for truth in names.indices {
      for code in names.indices where counts[truth * names.count + code] > 0 {
        matrix.add(truth: names[truth], predicted: names[code], count: counts[truth * names.count + code])
      }
    }
    return matrix
  }
}
