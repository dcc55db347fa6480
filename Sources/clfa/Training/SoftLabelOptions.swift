import ArgumentParser
import Bytes
import Foundation
import Training

/// Probabilities of labels to learn instead of labels.
struct SoftLabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Learn probabilities instead of one label per post: their columns, as LABEL=COLUMN,... or as p_LABEL,...; columns with other names have the order of --label-order.",
      valueName: "column,..."),
    transform: SoftLabelColumns.init(parsing:))
  var labelProbabilities: SoftLabelColumns?
  @Flag(
    help:
      "Divide the numbers of --label-probabilities by their sum, such as counts of annotators. Without it, they must add up to 1."
  )
  var normalizeProbabilities = false
  @Option(
    help: ArgumentHelp(
      "Learn the predictions of a run in a store instead of labels, by the posts' ids; for example a large model's, added with clfa import.",
      valueName: "store:run"),
    transform: StoredRunName.init(parsing:))
  var teachLabels: StoredRunName?

  /// The source of the probabilities; nil if labels are learnt.
  var source: SoftLabelSource? {
    if let labelProbabilities {
      return .columns(labelProbabilities.columns, normalizes: normalizeProbabilities)
    }
    return teachLabels.map { .run(store: $0.store, name: $0.run) }
  }

  func validate() throws {
    if labelProbabilities != nil, teachLabels != nil {
      throw ValidationError("give one of --label-probabilities and --teach-labels; posts have one kind of label.")
    }
    if normalizeProbabilities, labelProbabilities == nil {
      throw ValidationError(
        "--normalize-probabilities is about --label-probabilities; give its columns, or leave it out.")
    }
  }
}

/// The columns of `--label-probabilities`.
struct SoftLabelColumns {
  let columns: [SoftLabelColumn]

  /// `COLUMN,COLUMN` or `LABEL=COLUMN,LABEL=COLUMN`.
  init(parsing argument: String) throws {
    columns = try argument.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard !sides.contains(where: \.isEmpty), let last = sides.last else {
        throw ValidationError(
          "write the columns as LABEL=COLUMN,LABEL=COLUMN, such as ironic=p1,sincere=p0, or as p_ironic,p_sincere.")
      }
      return SoftLabelColumn(label: sides.count > 1 ? sides.first.map { ByteText($0) } : nil, column: ByteText(last))
    }
  }
}

/// A run of a store, as `STORE:RUN`.
struct StoredRunName {
  let store: String
  let run: String

  /// Splits at the last colon before which a file's name ends; paths and names of runs may have colons.
  init(parsing argument: String) throws {
    let splits = argument.utf8.indices.filter { argument.utf8[$0] == UInt8(ascii: ":") }.reversed().compactMap {
      colon -> (store: String, run: String)? in
      let store = String(argument[..<colon]), run = String(argument[argument.utf8.index(after: colon)...])
      return store.isEmpty || run.isEmpty ? nil : (store, run)
    }
    guard let split = splits.first(where: { FileManager.default.fileExists(atPath: $0.store) }) ?? splits.first else {
      throw ValidationError(
        "write the store and the run as STORE:RUN, such as posts.sqlite:vlm; clfa runs lists the runs.")
    }
    (store, run) = split
  }
}
