internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Inputs
import Models
import Queries
import Scoring

/// Precomputed features of posts, such as sound or video, for all commands that score or train.
struct FeatureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A stream of precomputed features and the column with the path of each post's .npy or .safetensors file (rows x \
      width). Repeat it for each stream. Default for a model with feature streams: columns with the streams' names.
      """,
      valueName: "stream=column"), transform: FeatureArgument.init(parsing:))
  var feature: [FeatureArgument] = []
  @Option(
    help: ArgumentHelp(
      "The folder of the feature files; nothing outside it is read. Default: the folder of each CSV file.",
      valueName: "folder"), completion: .directory)
  var features: String?

  /// The feature columns that these flags select.
  var selection: FeatureSelection {
    FeatureSelection(
      feature.map { FeatureSelection.Choice(stream: $0.stream, column: $0.column) }, folder: features)
  }

  /// The notice that no post has features of a stream.
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
  /// Rejects flags that contradict each other, or the model to continue from.
  func check(from: String?, maxRows: Int?) throws {
    for (place, flag) in feature.enumerated() {
      if feature[..<place].contains(where: { ByteText($0.stream) == ByteText(flag.stream) }) {
        throw ValidationError("--feature names the stream \(flag.stream) twice; give each stream once.")
      }
    }
    if feature.count > FeatureStream.limit {
      throw ValidationError("--feature can be given at most \(FeatureStream.limit) times.")
    }
    if maxRows != nil, from != nil {
      throw ValidationError("--from keeps the sizes of its model; leave out --max-feature-rows.")
    }
  }
}
