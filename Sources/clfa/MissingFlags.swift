import ArgumentParser
import Bytes
import Models
import Queries
import Scoring

/// The flag that goes on though nearly all posts lack a trained input.
struct MissingFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Score though nearly all posts lack an input that the model was trained with: text, picture, knowledge or a stream "
        + "of features; several with commas.", valueName: "input,..."))
  var allowMissing: [String] = []

  /// The inputs that posts may lack, by name.
  func allowedInputs(of model: ModelConfiguration) throws -> [String] {
    let known = MismatchFinder.inputs(of: model).map(\.name)
    let names = allowMissing.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    if let stranger = names.first(where: { name in !known.contains { $0.hasSameBytes(as: name) } }) {
      throw ValidationError(
        "--allow-missing takes some of \(known.joined(separator: ",")); '\(stranger)' is none of them"
          + DidYouMean.hint(for: stranger, in: known) + ".")
    }
    return names
  }
}
