import ArgumentParser
import Training

/// What the model's card says beside what the run knows.
struct CardFlags: ParsableArguments {
  @Option(help: ArgumentHelp("The model's licence, such as apache-2.0.", valueName: "id")) var license: String?
  @Option(
    help: ArgumentHelp("A language of the posts, such as en. Given again, there are several.", valueName: "code"))
  var language: [String] = []
  @Option(
    help: ArgumentHelp(
      "A corpus' name, as hubs know it. Default: the files' stems. Given again, there are several.", valueName: "name"))
  var dataset: [String] = []

  /// Adds what was said.
  func fill(_ facts: inout CardFacts) {
    facts.license = license
    facts.languages = language
    if !dataset.isEmpty { facts.datasets = dataset }
  }
}
