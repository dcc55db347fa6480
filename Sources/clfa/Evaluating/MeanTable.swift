import Bytes
import Evaluation
import Foundation
import Queries
import Results

/// Means of a column as rows: the posts of one label in one slice, by one method each.
struct MeanTable {
  static let columns = [
    "label", "slice", "method", "mean", "low", "high", "labelled", "posts", "design_effect", "labels_to_halve",
  ]

  private let shares: RunShares
  private let labels: [ByteText]

  init(_ shares: RunShares, labels: [ByteText]) { (self.shares, self.labels) = (shares, labels) }

  /// The rows' cells: rounded for people, in full for programs. For people, means of few labelled posts are marked.
  func values(shortened: Bool) -> [[QueryValue]] {
    ([shares.whole] + shares.slices).flatMap { slice in
      slice.means.filter { $0.label.map(labels.contains) ?? true }.map { mean in
        let isFew = shortened && mean.interval != nil && mean.label != nil && mean.count < SliceTable.few
        let isEstimate = mean.label != nil && mean.method != .predicted
        return [
          mean.label.map { .text($0.text) } ?? .null, .text(slice.name + (isFew ? " (few labels)" : "")),
          .text(mean.method.rawValue), number(mean.value, shortened),
          mean.interval.map { number($0.low, shortened) } ?? .null,
          mean.interval.map { number($0.high, shortened) } ?? .null,
          isEstimate ? .integer(Int64(mean.count)) : .null,
          .integer(Int64(isEstimate ? slice.posts : mean.count)),
          mean.designEffect.map { shortened ? .text(String(format: "%.2f", $0)) : .real($0) } ?? .null,
          mean.labelsToHalve.map { .integer(Int64($0)) } ?? .null,
        ]
      }
    }
  }

  private func number(_ value: Double, _ shortened: Bool) -> QueryValue {
    shortened ? .text(String(format: "%.4f", value)) : .real(value)
  }

  /// A sentence for each label.
  var sentences: [String] { labels.compactMap { shares.meanSentence(label: $0) } }
}
