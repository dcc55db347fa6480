internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Inputs
import Models
import Queries
import Scoring

/// The features that somebody else computed of posts' sound, video and the like: shared by what scores and what trains.
struct FeatureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A stream of precomputed features, and the column that names each post's .npy or .safetensors of rows x width; one \
      --feature each. Default for a model that has streams: columns of their names.
      """,
      valueName: "stream=column"), transform: FeatureArgument.init(parsing:))
  var feature: [FeatureArgument] = []
  @Option(
    help: ArgumentHelp(
      "The folder that holds the files of features; nothing outside it is read. Default: each CSV's own folder.",
      valueName: "folder"), completion: .directory)
  var features: String?

  /// What these flags choose.
  var selection: FeatureSelection {
    FeatureSelection(
      feature.map { FeatureSelection.Choice(stream: $0.stream, column: $0.column) }, folder: features)
  }

  /// Says that no post has features of a stream.
  static func notice(lacking column: FeatureColumn) -> String {
    "no column is called \(column.column), so no post has features of the stream \(column.stream.name); name one with "
      + "--feature \(column.stream.name)=COLUMN"
  }
}

/// A stream and its column, `STREAM=COLUMN`, or `STREAM` where both have one name.
struct FeatureArgument: Equatable {
  let stream: String
  let column: ByteText

  init(parsing argument: String) throws {
    let sign = argument.utf8.firstIndex(of: UInt8(ascii: "=")) ?? argument.endIndex
    stream = String(argument[..<sign])
    column = ByteText(sign == argument.endIndex ? argument[...] : argument[argument.utf8.index(after: sign)...])
    guard FeatureStream.isName(stream), !column.isEmpty else {
      throw ValidationError(
        "write STREAM=COLUMN, such as audio=audio_path; a stream's name has lower-case letters, digits and _, begins with a letter, and "
          + "is not \(FeatureStream.reservedNames.joined(separator: ", ")).")
    }
  }
}

extension FeatureOptions {
  /// Complains of flags that contradict each other, or the model that is trained on.
  func check(from: String?, maxRows: Int?) throws {
    for (place, flag) in feature.enumerated() {
      if feature[..<place].contains(where: { $0.stream.hasSameBytes(as: flag.stream) }) {
        throw ValidationError("--feature names the stream \(flag.stream) twice; give each its own.")
      }
    }
    if feature.count > FeatureStream.limit {
      throw ValidationError("--feature can be given \(FeatureStream.limit) times.")
    }
    guard let maxRows else { return }
    if from != nil { throw ValidationError("--from keeps the sizes of its model; leave out --max-feature-rows.") }
    guard FeatureStream.rows.contains(maxRows) else {
      throw ValidationError(
        "--max-feature-rows takes \(FeatureStream.rows.lowerBound) to \(FeatureStream.rows.upperBound).")
    }
  }
}
