import Bytes
import Evaluation
import Foundation
import Queries
import Results

/// The sources of labels and their agreement as rows: a measure of one source, or of several.
enum LabelSourceTable {
  static let columns = ["sources", "measure", "value", "low", "high", "posts", "latest"]

  /// The rows' cells: rounded for people, in full for programs.
  static func values(_ sources: LabelSources, shortened: Bool) -> [[QueryValue]] {
    func number(_ value: Double) -> QueryValue {
      shortened ? .text(String(format: "%.4f", value)) : .real(value)
    }
    let own: [[QueryValue]] = sources.sources.map { source in
      [
        .text(source.name.text), .text("labelled posts"), .integer(Int64(source.posts)), .null, .null,
        .integer(Int64(source.posts)), .text(source.latest),
      ]
    }
    let shared: [[QueryValue]] = sources.agreements.flatMap { agreement in
      agreement.measures.map { measure in
        [
          .text(agreement.sources.map(\.text).joined(separator: ", ")), .text(measure.measure.rawValue),
          number(measure.value), measure.interval.map { number($0.low) } ?? .null,
          measure.interval.map { number($0.high) } ?? .null, .integer(Int64(agreement.posts)), .null,
        ]
      }
    }
    return own + shared
  }

  /// What the table lacks, and why.
  static func notices(_ sources: LabelSources) -> [String] {
    var notices: [String] = []
    if sources.sources.isEmpty { notices.append("the store has no true labels; add some with clfa label") }
    if let labels = sources.tooManyLabels {
      notices.append(
        "agreement is left out: there are \(labels) different labels, and at most \(LabelSources.mostLabels) are compared"
      )
    }
    if sources.leavesOutPairs {
      notices.append(
        "sources are not compared two by two, because there are more than \(LabelSources.mostPaired); choose some with "
          + "--among")
    }
    return notices
  }
}
