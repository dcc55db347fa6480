/// A run's posts with a true label: truth, prediction and the probabilities of all labels, in flat arrays, so that a
/// million posts of two labels take 25 MB.
package struct LabelledPosts: Equatable, Sendable {
  /// The model's labels, in its order.
  package let labels: [String]
  /// All labels by number: the model's first, then any others that are true or predicted.
  package private(set) var names: [String]
  /// Each post's true label, by its number.
  package private(set) var truths: [Int32] = []
  /// Each post's predicted label, by its number.
  package private(set) var predicted: [Int32] = []
  /// `labels.count` numbers a post, post after post; NaN where none is known.
  package private(set) var probabilities: [Float] = []

  /// Starts at nothing.
  package init(labels: [String]) { (self.labels, names) = (labels, labels) }

  /// Adds a post by its labels' numbers and its probabilities, one for each of the model's labels.
  package mutating func add(truth: Int, predicted: Int, probabilities: [Double]) {
    precondition(probabilities.count == labels.count, "one probability a label")
    truths.append(Int32(truth))
    self.predicted.append(Int32(predicted))
    for value in probabilities { self.probabilities.append(Float(value)) }
  }

  /// Says what the numbers stand for, once all posts are in.
  package mutating func name(_ names: [String]) {
    precondition(names.starts(with: labels), "the model's labels come first")
    self.names = names
  }

  /// How many posts there are.
  package var count: Int { truths.count }

  /// The same posts with other probabilities, and the label that those are highest for, unless `decide` gives another's
  /// number. A post without probabilities keeps its label.
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

  /// The probabilities of a post.
  package func row(_ post: Int) -> [Double] {
    probabilities[post * labels.count..<(post + 1) * labels.count].map(Double.init)
  }

  /// The place of the highest probability; of equal ones the first.
  package static func likeliest(_ row: [Double]) -> Int {
    var best = 0
    for place in row.indices where row[place] > row[best] { best = place }
    return best
  }

  /// Truth against prediction, over some posts.
  package func matrix(_ posts: [Int32]) -> ConfusionMatrix {
    var counts = [Int](repeating: 0, count: names.count * names.count)
    for post in posts { counts[Int(truths[Int(post)]) * names.count + Int(predicted[Int(post)])] += 1 }
    // A label that is predicted though the model does not list it has a column, too.
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
