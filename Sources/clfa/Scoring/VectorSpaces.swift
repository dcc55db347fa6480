import ArgumentParser
import Bytes
import Models

/// The value of `--embeddings`.
enum VectorSpaces {
  /// The spaces that the flag names, in the model's order.
  ///
  /// - Parameters:
  ///   - flag: `all`, `none`, or names with commas.
  ///   - model: the model's spaces; nil for a model that is not known yet.
  /// - Returns: the spaces.
  /// - Throws: a usage error for a name that is not a space.
  static func named(_ flag: String, of model: [String]?) throws -> [String] {
    let all = model ?? PostClassifier.spaces
    switch flag {
    case "all": return all
    case "none": return []
    default:
      let names = flag.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let strangers = names.filter { !all.contains($0) }
      if let stranger = strangers.first(where: { model != nil || !FeatureStream.isName($0) }) {
        throw ValidationError(
          "--embeddings takes all, none, or some of \(all.joined(separator: ",")); '\(stranger)' is not one of them"
            + DidYouMean.hint(for: stranger, in: ["all", "none"] + all) + ".")
      }
      return all.filter(names.contains)
    }
  }
}
