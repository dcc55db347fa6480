internal import Glibc

/// Probabilities made as sure as they are right by one number: p becomes p^(1/T), normalised.
///
/// Guo et al., *On Calibration of Modern Neural Networks* (2017), section 4.2: dividing logits by T is the same. No label
/// changes its place in the order.
public struct TemperatureScaling: Equatable, Sendable {
  /// T, above 1 where the model is overconfident.
  public let temperature: Double

  /// The scaling by a temperature above 0.
  public init(temperature: Double) {
    precondition(temperature > 0, "a temperature is above 0")
    self.temperature = temperature
  }

  /// The temperature at which the posts' truths are likeliest, between 1/20 and 20.
  ///
  /// The loss is convex in 1/T, so that halving the range finds it.
  ///
  /// - Complexity: O(posts · labels).
  public init(fitting posts: LabelledPosts, _ chosen: some Sequence<Int32>) {
    let width = posts.labels.count
    var rows: [(logs: [Double], truth: Int)] = []
    for post in chosen {
      let truth = Int(posts.truths[Int(post)]), row = posts.row(Int(post))
      guard truth < width, !row.contains(where: \.isNaN) else { continue }
      rows.append((row.map { log(max($0, .leastNormalMagnitude)) }, truth))
    }
    // The derivative of the loss by β = 1/T: the mean of E[log p] under the scaled probabilities, less log p of the truth.
    func slope(_ beta: Double) -> Double {
      rows.reduce(0) { sum, row in
        let top = row.logs.max() ?? 0
        var total = 0.0, mean = 0.0
        for value in row.logs {
          let weight = exp(beta * (value - top))
          total += weight
          mean += weight * value
        }
        return sum + mean / total - row.logs[row.truth]
      }
    }
    var low = log(1 / 20.0), high = log(20.0)
    for _ in 0..<50 where !rows.isEmpty {
      let middle = (low + high) / 2
      if slope(exp(middle)) < 0 { low = middle } else { high = middle }
    }
    self.init(temperature: rows.isEmpty ? 1 : exp(-(low + high) / 2))
  }

  /// Scales a post's probabilities.
  public func apply(_ row: inout [Double]) {
    let logs = row.map { log(max($0, .leastNormalMagnitude)) / temperature }, top = logs.max() ?? 0
    let weights = logs.map { exp($0 - top) }, total = weights.reduce(0, +)
    row = weights.map { $0 / total }
  }
}
