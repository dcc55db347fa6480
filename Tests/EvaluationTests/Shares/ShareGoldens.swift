import Foundation
import Testing

/// What PyPI's packages say about made-up posts (`make_share_goldens.py`).
struct ShareGoldens: Decodable {
  struct Powered: Decodable {
    /// The true values of the first posts.
    var truth: [Double]
    /// The predicted values of all posts.
    var predicted: [Double]
    var value: Double
    var low: Double
    var high: Double
  }

  struct Mean: Decodable {
    /// Whether the first posts have the label.
    var truth: [Double]
    /// The predicted values and the numbers of all posts.
    var predicted: [Double]
    var numbers: [Double]
    var value: Double
    var power: Double
    var low: Double
    var high: Double
  }

  struct Adjusted: Decodable {
    /// The number of posts by truth and answer.
    var confusion: [[Double]]
    var predicted: [Int]
    var shares: [Double]
  }

  struct Agreement: Decodable {
    var labels: Int
    /// The chosen labels of each post.
    var posts: [[Int]]
    var alpha: Double
    /// Of two annotators.
    var kappa: Double?
  }

  struct Issues: Decodable {
    var given: [Int]
    var probabilities: [[Double]]
    /// The doubtful posts, the most doubtful first.
    var issues: [Int]
  }

  var powered: [Powered]
  var means: [Mean]
  var adjusted: [Adjusted]
  var agreement: [Agreement]
  var issues: [Issues]

  static func load() throws -> ShareGoldens {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      ShareGoldens.self, from: Data(contentsOf: folder.appending(path: "Data/share_goldens.json")))
  }
}
