/// Labels that are probably wrong, by confident learning (Northcutt, Jiang and Chuang 2021).
///
/// The threshold of a label is the mean probability that the model gives it in posts that have it. A post whose
/// probability of another label reaches that label's threshold is probably mislabelled. Equals PyPI's cleanlab:
/// `find_label_issues(filter_by="confident_learning", return_indices_ranked_by="self_confidence")`.
///
/// The probabilities must come from a model that was not trained on these posts: otherwise it has learnt the wrong
/// labels, too.
package enum LabelIssues {
  /// A post with a doubtful label.
  package struct Issue: Equatable, Sendable {
    /// The index of the post.
    package let post: Int
    /// The label that it has, as an index.
    package let given: Int
    /// The label that it more probably has.
    package let likely: Int
    /// The probability of the given label: the smaller, the more doubtful.
    package let selfConfidence: Double
  }

  /// Finds the doubtful labels, the most doubtful first; ties in the order of the posts.
  ///
  /// - Parameter posts: labelled posts. One whose truth the model does not know, or without probabilities, is left out.
  /// - Returns: the issues.
  /// - Complexity: O(posts · labels).
  package static func find(_ posts: LabelledPosts) -> [Issue] {
    let labels = posts.labels.count
    let usable = posts.truths.indices.filter {
      Int(posts.truths[$0]) < labels && !posts.row($0).contains(where: \.isNaN)
    }
    var sums = [Double](repeating: 0, count: labels), counts = [Int](repeating: 0, count: labels)
    for post in usable {
      let truth = Int(posts.truths[post])
      sums[truth] += posts.row(post)[truth]
      counts[truth] += 1
    }
    // A label that no post has is never likely.
    let thresholds = zip(sums, counts).map { $1 == 0 ? Double.infinity : max($0 / Double($1), 2e-6) }
    let issues = usable.compactMap { post -> Issue? in
      let row = posts.row(post), given = Int(posts.truths[post])
      let confident = row.indices.filter { row[$0] >= thresholds[$0] - tolerance }
      guard let first = confident.first else { return nil }
      let likely = confident.count > 1 ? LabelledPosts.likeliest(row) : first
      guard likely != given else { return nil }
      // Where the model predicts the given label, the label stays.
      var shifted = row
      shifted[given] += tolerance
      guard LabelledPosts.likeliest(shifted) != given else { return nil }
      return Issue(post: post, given: given, likely: likely, selfConfidence: row[given])
    }
    return issues.sorted { ($0.selfConfidence, $0.post) < ($1.selfConfidence, $1.post) }
  }

  /// Probabilities this close count as equal.
  private static let tolerance = 1e-6
}
