import Bytes
import Evaluation
import Foundation
import Queries
import Results

/// Estimated shares as rows: one label of one slice by one method each.
struct ShareTable {
  static let columns = [
    "label", "slice", "method", "share", "low", "high", "labelled", "posts", "design_effect", "labels_to_halve",
  ]

  private let shares: RunShares
  private let labels: [ByteText]

  init(_ shares: RunShares, labels: [ByteText]) { (self.shares, self.labels) = (shares, labels) }

  /// The rows' cells: rounded for people, in full for programs. For people, slices with few labelled posts are marked, and
  /// intervals that leave everything possible.
  func values(shortened: Bool) -> [[QueryValue]] {
    ([shares.whole] + shares.slices).flatMap { slice -> [[QueryValue]] in
      let isFew = shortened && slice.labelled < SliceTable.few
      let name = slice.name + (isFew ? " (few labels)" : "")
      if slice.shares.isEmpty {
        let empty: [QueryValue] = [.null, .null, .null, .null]
        return [[.null, .text(name)] + empty + [.integer(0), .integer(Int64(slice.posts)), .null, .null]]
      }
      return slice.shares.filter { labels.contains($0.label) }.map { share in
        [
          .text(share.label.text), .text(name),
          .text(share.method.rawValue + (shortened && saysNothing(share.interval) ? " (says nothing here)" : "")),
          number(share.value, shortened), share.interval.map { number($0.low, shortened) } ?? .null,
          share.interval.map { number($0.high, shortened) } ?? .null, .integer(Int64(slice.labelled)),
          .integer(Int64(slice.posts)),
          share.designEffect.map { shortened ? .text(String(format: "%.2f", $0)) : .real($0) } ?? .null,
          share.labelsToHalve.map { .integer(Int64($0)) } ?? .null,
        ]
      }
    }
  }

  /// Whether an interval leaves everything possible, as that of an adjusted count does if the model's errors are too many.
  private func saysNothing(_ interval: ConfusionMatrixBootstrap.Interval?) -> Bool {
    interval.map { $0.high - $0.low > 0.99 } ?? false
  }

  private func number(_ value: Double, _ shortened: Bool) -> QueryValue {
    shortened ? .text(String(format: "%.4f", value)) : .real(value)
  }

  /// A sentence for each label: of two labels only the second, unless one is asked for.
  var sentences: [String] {
    let told = labels.count == 2 ? [labels[1]] : labels
    return told.compactMap { shares.sentence(label: $0) }
  }
}
