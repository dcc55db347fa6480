package import Bytes
package import Corpus
internal import Foundation

/// Probabilities of labels to train on, instead of one label a post: the answers of another model, or the shares of
/// annotators.
package struct SoftLabels: Sendable {
  /// The labels, in the order of each post's probabilities.
  package let labels: [ByteText]
  /// Where the probabilities come from, in words.
  package let source: String
  private let origin: Origin

  private enum Origin: Sendable {
    /// Each label's column, in the order of the labels.
    case columns([ByteText], normalizes: Bool)
    case run(SoftLabelRun)
  }

  /// The distance of a sum from 1 that counts as rounding, as in an import.
  package static let tolerance = 0.01
  /// The distance from 1 above which a sum is reported; rounding to three digits seldom gives more.
  private static let reported = 1e-3

  /// Opens a source, and names its labels.
  ///
  /// - Parameters:
  ///   - source: the source.
  ///   - order: the model's labels in their order, if they are given.
  ///   - codes: names for coded labels.
  /// - Throws: `SoftLabelError`.
  package init(
    _ source: SoftLabelSource, order: [ByteText]?, codes: LabelNames = LabelNames()
  ) throws(SoftLabelError) {
    switch source {
    case .columns(let columns, let normalizes):
      labels = try SoftLabelColumn.labels(of: columns, order: order, codes: codes)
      origin = .columns(columns.map(\.column), normalizes: normalizes)
      self.source = "the columns " + columns.map(\.column.text).listed(most: 10)
    case .run(let store, let name):
      let run = try SoftLabelRun(path: store, run: name)
      (labels, origin) = (run.labels, .run(run))
      self.source =
        "run \(name.printable) of \((store.split(separator: "/").last.map(String.init) ?? store).printable) (\(run.fingerprint.prefix(19)))"
    }
  }

  /// The columns of the corpus that are read; none of a run.
  var columns: [ByteText] { if case .columns(let columns, _) = origin { columns } else { [] } }

  /// A post's probabilities.
  struct Distribution: Sendable {
    /// One for each label; they add up to 1.
    var probabilities: [Double]
    /// Whether they were divided by a sum that is not 1 even in three digits.
    var wasNormalized: Bool

    /// The index of the most probable label, the first of several.
    var likeliest: Int {
      probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    }
  }

  /// Why a post has no probabilities.
  struct Failure: Error {
    var code: FaultCode
    var detail: String
  }

  /// The probabilities of a post.
  ///
  /// - Throws: `Failure` with `noLabel` if the source has none for the post, `badProbability` if they are none.
  func distribution(of post: Post) throws(Failure) -> Distribution {
    switch origin {
    case .columns(let columns, let normalizes):
      return try Self.distribution(
        columns.map { column in post.extra.first { $0.name == column }?.value ?? "" }, columns, normalizes)
    case .run(let run):
      guard let probabilities = run[post.key] else {
        throw Failure(code: .noLabel, detail: "\(source) has no prediction for this id")
      }
      return try Self.distribution(probabilities, normalizes: false)
    }
  }

  private static func distribution(
    _ cells: [String], _ columns: [ByteText], _ normalizes: Bool
  ) throws(Failure) -> Distribution {
    if cells.allSatisfy(\.isBlank) {
      throw Failure(code: .noLabel, detail: "the probabilities of the labels are empty; fill them in")
    }
    var values: [Double] = []
    for (cell, column) in zip(cells, columns) {
      guard let value = Double(cell.trimmingCharacters(in: .whitespaces)), value.isFinite, value >= -1e-6,
        normalizes || value <= 1 + 1e-6
      else {
        throw Failure(
          code: .badProbability,
          detail: "'\(cell.printable(upTo: 40))' of column '\(column.text.printable(upTo: 40))' is not a number "
            + (normalizes ? "from 0" : "from 0 to 1"))
      }
      values.append(max(value, 0))
    }
    return try distribution(values, normalizes: normalizes)
  }

  /// Divides numbers by their sum.
  private static func distribution(_ values: [Double], normalizes: Bool) throws(Failure) -> Distribution {
    let sum = values.reduce(0, +)
    guard sum > 0, sum.isFinite else {
      throw Failure(code: .badProbability, detail: "every probability is 0")
    }
    guard normalizes || abs(sum - 1) <= tolerance else {
      throw Failure(code: .badProbability, detail: "the probabilities add up to \(sum), not to 1")
    }
    // Sums such as 0.1 + 0.2 + 0.7 differ from 1 in their last bits alone.
    return Distribution(
      probabilities: sum == 1 ? values : values.map { $0 / sum }, wasNormalized: abs(sum - 1) > reported)
  }
}

/// Where probabilities of labels are.
package enum SoftLabelSource: Sendable, Equatable {
  /// Columns of the corpus. `normalizes`: whether numbers may add up to anything, as counts of annotators do.
  case columns([SoftLabelColumn], normalizes: Bool)
  /// A run of a store.
  case run(store: String, name: String)
}

/// A column with a label's probabilities.
package struct SoftLabelColumn: Sendable, Equatable {
  /// The label, if it was given with the column.
  package var label: ByteText?
  /// The column's name.
  package var column: ByteText

  /// A column, and the label that it is about if it was given.
  package init(label: ByteText? = nil, column: ByteText) { (self.label, self.column) = (label, column) }

  /// The beginnings of names after which the label's name follows: those of an import and of an export.
  private static let prefixes = ["clfa_p_", "p_"]

  /// The labels of columns: those given with them; else, if all are called `p_LABEL`, by their names; else those of the
  /// model, in their order.
  static func labels(
    of columns: [SoftLabelColumn], order: [ByteText]?, codes: LabelNames
  ) throws(SoftLabelError) -> [ByteText] {
    var labels = columns.compactMap(\.label)
    if labels.isEmpty {
      let names = columns.compactMap { name(of: $0.column, codes) }
      if names.count == columns.count, order.map({ Set(names).isSubset(of: $0) }) ?? true {
        labels = names
      } else if let order {
        guard order.count == columns.count else {
          throw .otherCount(columns: columns.count, labels: order.map(\.text))
        }
        labels = order
      } else {
        throw .namelessColumns(columns.filter { name(of: $0.column, codes) == nil }.map(\.column.text))
      }
    }
    guard labels.count == columns.count else {
      throw .namelessColumns(columns.filter { $0.label == nil }.map(\.column.text))
    }
    for list in [labels, columns.map(\.column)] {
      var seen: Set<ByteText> = []
      if let twice = list.first(where: { !seen.insert($0).inserted }) { throw .repeated(twice.text) }
    }
    guard labels.count > 1 else { throw .oneColumn(columns.first?.column.text ?? "") }
    return labels
  }

  private static func name(of column: ByteText, _ codes: LabelNames) -> ByteText? {
    guard let prefix = prefixes.first(where: { column.utf8.starts(with: $0.utf8) }),
      let code = String(column.utf8.dropFirst(prefix.utf8.count)), !code.isEmpty
    else { return nil }
    return codes[code] ?? ByteText(code)
  }
}
