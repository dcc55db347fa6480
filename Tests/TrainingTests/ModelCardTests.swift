import Foundation
import Models
import Testing
import Training

@Suite struct ModelCardTests {
  /// The YAML in front of a card: `path: value` a line, lists by their numbers. A small reader of what hubs read.
  private static func frontMatter(_ card: String) throws -> [String: String] {
    let lines = card.split(separator: "\n", omittingEmptySubsequences: false)
    let end = try #require(lines.dropFirst().firstIndex(of: "---"))
    #expect(lines.first == "---")
    var values: [String: String] = [:], stack: [(indent: Int, name: String)] = [], counts: [String: Int] = [:]
    for line in lines[1..<end] {
      var indent = line.prefix { $0 == " " }.count, rest = line.dropFirst(indent)
      stack.removeAll { $0.indent > indent || $0.indent == indent && !rest.hasPrefix("- ") }
      if rest.hasPrefix("- ") {
        stack.removeAll { $0.indent == indent && $0.name.hasPrefix("#") }
        let list = stack.map(\.name).joined(separator: ".")
        stack.append((indent, "#\(counts[list, default: 0])"))
        counts[list, default: 0] += 1
        (indent, rest) = (indent + 2, rest.dropFirst(2))
      }
      let isScalar = rest.hasPrefix("\"") || !rest.contains(":")
      let name = isScalar ? nil : rest.prefix { $0 != ":" }
      let value = isScalar ? rest : rest.dropFirst((name?.count ?? 0) + 1).drop { $0 == " " }
      let path = (stack.map(\.name) + (name.map { [String($0)] } ?? [])).joined(separator: ".")
      if value.isEmpty, let name { stack.append((indent, String(name))) } else { values[path] = try scalar(value) }
    }
    return values
  }

  private static func scalar(_ text: Substring) throws -> String {
    guard text.hasPrefix("\"") else { return String(text) }
    // Our escapes are those of JSON, except `\x`.
    let json = text.replacing(/\\x([0-9a-f]{2})/) { "\\u00\($0.1)" }
    return try JSONDecoder().decode(String.self, from: Data(json.utf8))
  }

  @Test func hubsReadItWithAnyNames() throws {
    var run = try TinyRun()
    run.card.name = "the \"best\": a model\\"
    run.card.license = "my: own #1"
    (run.card.languages, run.card.datasets) = (["en", "no"], ["a\n- b", "c\u{85}\u{2028}"])
    let outcome = try run.train(try run.trainer())
    let yaml = try Self.frontMatter(run.text("model/card.md"))
    #expect(yaml["license"] == run.card.license && yaml["language.#1"] == "no")
    #expect(yaml["datasets.#0"] == "a\n- b" && yaml["datasets.#1"] == "c\u{85}\u{2028}")
    #expect(yaml["model-index.#0.name"] == run.card.name)
    #expect(yaml["model-index.#0.results.#0.task.type"] == "text-classification")
    #expect(yaml["model-index.#0.results.#0.metrics.#0.type"] == "accuracy")
    let accuracy = try #require(yaml["model-index.#0.results.#0.metrics.#0.value"].flatMap(Double.init))
    #expect(abs(accuracy - outcome.best.validation.accuracy) < 1e-4)
  }

  @Test func peopleReadHowItWasMade() throws {
    var run = try TinyRun()
    try run.teach(0..<10)
    run.settings.alpha = 1
    let training = TinyRun.csv(0..<12, without: true)
    try run.train(try run.trainer(training: training + "x,good,a.png,\n"))
    let card = try run.text("model/card.md")
    #expect(card.contains("Learnt from 12 posts of train.csv (no 6, yes 6; 3 without a picture; 2 without a teacher's"))
    #expect(card.contains("1 rows left out as faulty") && card.contains("It learnt from posts without a picture, too."))
    #expect(card.contains("| every picture hidden | ") && card.contains("```sh\nclfa train\n```"))
    try run.train(try run.trainer("pictures"))
    #expect(try run.text("pictures/card.md").contains("It was never trained on a post without a picture"))
  }

  @Test func aCardDoesNotMentionPicturesThatDoNotExist() throws {
    let run = try TinyRun()
    let posts = TinyRun.csv(12..<18).replacing(/[abc]\.png/, with: "")
    let outcome = try run.train(try run.trainer(validation: posts))
    let card = try run.text("model/card.md")
    #expect(outcome.withoutPictures == nil && CardExcerpt(card).withoutPictures == nil)
    #expect(!card.contains("with pictures") && !card.contains("hidden |"))
    #expect(card.contains("| no post has a picture | "))
  }
}

@Suite struct CardExcerptTests {
  private let card = """
    ---
    - no list of ours
    ---
    # m1

    | on the posts to validate with | accuracy | macro F1 | weighted F1 | cross-entropy |
    |---|---|---|---|---|
    | with pictures | 0.9820 | 0.9810 | 0.9800 | 0.0697 |
    | every picture hidden | 0.5000 | 0.4000 | 0.3000 | 3.1378 |

    ## How it was made

    - Began with a fresh text encoder.
    - Learnt from 6 posts of a.csv (ironic 3, sincere 3).
    - Chosen on 240 posts of b.csv: epoch 3 of 4, by macro-f1.
    - A line that somebody added.
    - Settings: `{"alpha":1,"classWeights":"equal","frozen":["text","image"],"rate":0.001,"selection":"macro-f1"}`.
    - clfa 0.1.0 on a machine.

    ## Afterwards

    - Began with something else.
    """

  @Test func saysHowTheModelWasMade() {
    let excerpt = CardExcerpt(card)
    #expect(excerpt.lines.map(\.name) == ["Began with", "Learnt from", "Chosen on", "Settings", "Program"])
    #expect(excerpt.lines[0].words == "a fresh text encoder.")
    #expect(
      excerpt.lines[3].words
        == "alpha 1 · class weights equal · frozen text and image · rate 0.001 · selection macro-f1")
    #expect(excerpt.lines[4].words == "clfa 0.1.0 on a machine.")
    #expect(excerpt.selection == "macro-f1" && excerpt.validationPosts == 240)
  }

  @Test func givesTheScoresWithoutPictures() throws {
    let blind = try #require(CardExcerpt(card).withoutPictures)
    #expect([blind.accuracy, blind.macroF1, blind.weightedF1, blind.loss] == [0.5, 0.4, 0.3, 3.1378])
  }

  @Test(arguments: [
    "", "# a card\n\nof another program", "## How it was made\n- Settings: `{`.\n",
    "## How it was made\n- Settings: }{\n", "| every picture hidden | 1 | 2 |\n",
    "| every picture hidden | a | b | c | d |\n",
  ])
  func leavesOutWhatItDoesNotFind(text: String) {
    let excerpt = CardExcerpt(text)
    #expect(excerpt.lines.isEmpty && excerpt.selection == nil && excerpt.withoutPictures == nil)
  }
}
