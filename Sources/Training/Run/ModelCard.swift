internal import Tensors
internal import Bytes
import Foundation
internal import Models

/// Facts for the card that the run itself does not have.
package struct CardFacts: Sendable {
  /// The model's name.
  package var name: String
  /// A licence's identifier, such as `apache-2.0`; nil if none was given.
  package var license: String?
  /// Languages' codes, such as `en`.
  package var languages: [String] = []
  /// The corpora's names.
  package var datasets: [String] = []
  /// The program's version.
  package var version: String
  /// The machine in words.
  package var machine: String
  /// The command line.
  package var command: String
  /// The recipe of the settings, and what the command changed in it.
  package var recipe: String?
  /// The peak memory of the process in bytes, called at the end.
  package var peakMemory: @Sendable () -> Int = { 0 }

  /// A card of a model of this name.
  package init(name: String, version: String, machine: String, command: String) {
    (self.name, self.version, self.machine, self.command) = (name, version, machine, command)
  }
}

/// The `card.md` of a model: YAML for hubs, then text for people.
struct ModelCard {
  private let facts: CardFacts
  private let settings: TrainingSettings
  private let start: StartingPoint
  private let outcome: TrainingOutcome
  private let training: TrainingSet
  private let validation: TrainingSet
  private let profile: InputProfile

  init(
    _ facts: CardFacts, _ settings: TrainingSettings, _ start: StartingPoint, _ outcome: TrainingOutcome,
    training: TrainingSet, validation: TrainingSet, profile: InputProfile
  ) {
    (self.facts, self.settings, self.start, self.outcome) = (facts, settings, start, outcome)
    (self.training, self.validation, self.profile) = (training, validation, profile)
  }

  /// The complete card.
  var text: String { yaml + people }

  private var yaml: String {
    var lines = ["---"]
    lines.append("license: \(facts.license.map(quoted) ?? "unknown")")
    if !facts.languages.isEmpty { lines += ["language:"] + facts.languages.map { "- \(quoted($0))" } }
    if !facts.datasets.isEmpty { lines += ["datasets:"] + facts.datasets.map { "- \(quoted($0))" } }
    lines += ["metrics:", "- accuracy", "- f1", "pipeline_tag: text-classification", "tags:", "- clfa", "- multimodal"]
    lines += [
      "model-index:", "- name: \(quoted(facts.name))", "  results:", "  - task:", "      type: text-classification",
      "    dataset:", "      name: \(quoted(validation.posts.files.joined(separator: ", ")))",
      "      type: \(quoted(facts.datasets.first ?? facts.name))", "      split: validation", "    metrics:",
    ]
    for (type, name, value) in [
      ("accuracy", "accuracy", outcome.best.validation.accuracy), ("f1", "macro F1", outcome.best.validation.macroF1),
      ("f1", "weighted F1", outcome.best.validation.weightedF1),
    ] {
      lines += ["    - type: \(type)", "      name: \(name)", "      value: \(number(value))"]
    }
    return (lines + ["---", ""]).joined(separator: "\n")
  }

  private var people: String {
    let configuration = start.configuration, best = outcome.best.validation, blind = outcome.withoutPictures
    var lines = ["", "# \(facts.name)", ""]
    lines.append(
      "A CLFA model (arXiv 2403.06355) that labels posts of text and picture as \(configuration.labelNames.map(\.text).joined(separator: ", ")); "
        + "\(configuration.aggregation.rawValue) aggregation, \(configuration.parameters) parameters.")
    lines += [
      "", "| on the validation posts | accuracy | macro F1 | weighted F1 | cross-entropy |",
      "|---|---|---|---|---|",
    ]
    let rows =
      blind.map { [("with pictures", best), ("every picture hidden", $0)] } ?? [("no post has a picture", best)]
    for (name, result) in rows {
      lines.append(
        "| \(name) | \(number(result.accuracy)) | \(number(result.macroF1)) | \(number(result.weightedF1)) | "
          + "\(number(result.loss)) |")
    }
    lines.append("")
    lines.append(
      !training.hasPictures
        ? "All posts of this training lack a picture, so it learnt nothing from pictures."
        : outcome.sawNoPicture
          ? "It learnt from posts without a picture, too."
          : "It was never trained on a post without a picture, so its predictions for such posts are unreliable.")
    if !outcome.warnings.isEmpty { lines += ["", "## Warnings", ""] + outcome.warnings.map { "- \($0)" } }
    lines += ["", "## How it was made", ""]
    lines.append("- Began with \(start.words.joined(separator: " and ")).")
    lines.append(
      "- Learnt from \(training.count) posts of \(training.posts.files.joined(separator: ", ")) ("
        + zip(training.labels.names, training.classCounts).map { "\($0) \($1)" }.joined(separator: ", ")
        + "; \(training.posts.withoutPicture) without a picture; "
        + (settings.alpha > 0 ? "\(training.untaught) without a teacher's vectors; " : "")
        + "\(training.posts.faults.count) rows left out as faulty).")
    if let soft = SoftLabelSummary(training, validation) { lines.append("- \(soft.card)") }
    lines.append(
      "- Chosen on \(validation.count) posts of \(validation.posts.files.joined(separator: ", ")): epoch "
        + "\(outcome.best.epoch) of \(settings.epochs), by \(settings.selection.rawValue). These posts chose the epoch, so the "
        + "numbers above are too high; test the model on other posts.")
    if let recipe = facts.recipe { lines.append("- Recipe: \(recipe).") }
    if let search { lines.append("- Search: \(search)") }
    lines.append("- Settings: `\(settings.json)`.")
    lines.append(
      "- Random numbers: SplitMix64 for initial weights and order, Philox4x32-10 for dropout, seed \(settings.seed).")
    lines.append(
      "- clfa \(facts.version) on \(facts.machine); \(outcome.steps) steps in \(Int(outcome.seconds.rounded())) s, "
        + "\(facts.peakMemory() / 1_048_576) MiB at most.")
    lines += ["", "```sh", facts.command, "```", "", "## What it was trained on", ""] + inputs + [""]
    return lines.joined(separator: "\n")
  }

  /// The tries that chose the settings, in words; nil for a single run.
  private var search: String? {
    let tries = outcome.history.tries
    guard !tries.isEmpty else { return nil }
    let words = tries.map { tried in
      "learning rate \(tried.candidate.rate), \(tried.candidate.classWeights.rawValue) class weights: "
        + (tried.macroF1.map { "macro-F1 \(number($0)) in epoch \(tried.epoch ?? 0)" } ?? "no finite numbers")
    }
    return "this was not one run. The settings are the best of \(tries.count) tries on the validation posts ("
      + words.joined(separator: "; ") + ")."
  }

  /// Lines about the inputs of the training posts, from `training-profile.json`.
  private var inputs: [String] {
    func row(_ name: String, _ value: String) -> String { "| \(name) | \(value) |" }
    func percent(_ share: Double) -> String { InputProfile.percent(share) }
    var lines = [
      "Posts to be scored should be like these; `clfa score` compares them with `\(InputProfile.fileName)`.", "",
      "| of \(profile.posts) posts | |", "|---|---|", row("with text", percent(profile.text)),
      row("with knowledge", percent(profile.knowledge)),
      row(
        "with a picture",
        percent(profile.picture)
          + (profile.hiddenPictures > 0 ? ", \(percent(profile.hiddenPictures)) of them hidden at random" : "")),
    ]
    lines += profile.streams.map { row("with the stream \($0.name)", percent($0.share)) }
    lines.append(row("unknown word pieces", percent(profile.unknownPieces)))
    if let share = profile.unknownKnowledgePieces {
      lines.append(row("unknown word pieces in knowledge", percent(share)))
    }
    lines.append(row("characters per word piece", String(format: "%.1f", profile.charactersPerPiece)))
    let scripts = profile.scripts.prefix(5).map { "\($0.name) \(percent($0.share))" }
    lines.append(row("letters", scripts.isEmpty ? "none" : scripts.joined(separator: ", ")))
    for (raw, prepared) in zip(profile.marks.all, profile.preparedMarks.all) {
      lines.append(
        row("texts with \(raw.words)", "\(percent(raw.share)); after preparation \(percent(prepared.share))"))
    }
    if let sides = profile.sides {
      lines.append(
        row(
          "pictures' shorter side in pixels", "median \(sides.median), quartiles \(sides.lower) and \(sides.upper)"))
    }
    return lines
  }

  private func number(_ value: Double) -> String { String(format: "%.4f", value) }

  private func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\u{0}"..<" ", "\u{7f}"..."\u{9f}": String(format: "\\x%02x", scalar.value)
      case "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}": String(format: "\\u%04x", scalar.value)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

/// The facts in a model's `card.md` that are in no other file of the folder.
///
/// People may have edited the card: a line that no longer has the written form is ignored.
package struct CardExcerpt: Sendable, Equatable {
  /// A name and the card's text for it.
  package struct Line: Sendable, Equatable {
    package var name: String
    package var words: String
  }

  /// How the model was made, in the card's order.
  package private(set) var lines: [Line] = []
  /// The measure that selected the best epoch.
  package private(set) var selection: String?
  /// The number of posts on which the best epoch was selected.
  package private(set) var validationPosts: Int?
  /// The model's validation result with every picture hidden.
  package private(set) var withoutPictures: ValidationResult?

  /// The fixed beginning of each line in the card's list, and the name of the fact after it.
  private static let openings: [(opening: String, name: String)] = [
    ("Began with ", "Began with"), ("Learnt from ", "Learnt from"), ("Labels: ", "Labels"), ("Chosen on ", "Chosen on"),
    ("Recipe: ", "Recipe"), ("Search: ", "Search"), ("Settings: ", "Settings"), ("Chance: ", "Chance"),
    ("Random numbers: ", "Random numbers"), ("clfa ", "Program"),
  ]

  /// Reads a card.
  package init(_ card: String) {
    var isInList = false
    for line in card.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("| every picture hidden |") { withoutPictures = Self.row(line) }
      if line.hasPrefix("#") { isInList = line.hasPrefix("## How it was made") }
      guard isInList, line.hasPrefix("- ") else { continue }
      let said = line.dropFirst(2)
      guard let known = Self.openings.first(where: { said.hasPrefix($0.opening) }) else { continue }
      let words = known.name == "Program" ? said : said.dropFirst(known.opening.count)
      if known.name == "Chosen on" { validationPosts = Int(words.prefix { $0.isWholeNumber }) }
      if known.name == "Settings" {
        guard let settings = Self.settings(words) else { continue }
        selection = settings.first { $0.name == "selection" }?.words
        lines.append(
          Line(name: known.name, words: settings.map { "\($0.name) \($0.words)" }.joined(separator: " · ")))
      } else {
        lines.append(Line(name: known.name, words: String(words)))
      }
    }
  }

  /// A row of the card's table: accuracy, macro F1, weighted F1, cross-entropy.
  private static func row(_ line: Substring) -> ValidationResult? {
    let numbers = line.split(separator: "|").dropFirst().map {
      Double($0.trimmingCharacters(in: .whitespaces))
    }
    guard numbers.count == 4, case let values = numbers.compactMap({ $0 }), values.count == 4 else { return nil }
    var result = ValidationResult()
    (result.accuracy, result.macroF1, result.weightedF1, result.loss) = (values[0], values[1], values[2], values[3])
    return result
  }

  /// The settings' JSON between backticks, by name.
  private static func settings(_ words: Substring) -> [Line]? {
    guard let start = words.firstIndex(of: "{"), let end = words.lastIndex(of: "}"), start < end,
      case .object(let members)? = try? JSONParser.parse(Array(words[start...end].utf8))
    else { return nil }
    return members.map { Line(name: plain($0.key.text), words: said($0.value)) }.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
  }

  /// A setting's value in words.
  static func said(_ value: JSON) -> String {
    switch value {
    case .string(let text): text
    case .array(let list): list.isEmpty ? "none" : list.map(said).joined(separator: " and ")
    default: value.text(.canonical)
    }
  }

  /// `classWeights` in words.
  private static func plain(_ key: String) -> String {
    key.reduce(into: "") { words, letter in
      words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
  }
}
