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
    // What we escape is JSON, but for `\x`.
    let json = text.replacing(/\\x([0-9a-f]{2})/) { "\\u00\($0.1)" }
    return try JSONDecoder().decode(String.self, from: Data(json.utf8))
  }

  @Test func hubsReadItWhateverTheNames() throws {
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
    #expect(try run.text("pictures/card.md").contains("It never learnt from a post without a picture"))
  }

  @Test func aCardSpokeOfPicturesThatDoNotExist() throws {
    let run = try TinyRun()
    let posts = TinyRun.csv(12..<18).replacing(/[abc]\.png/, with: "")
    let outcome = try run.train(try run.trainer(validation: posts))
    let card = try run.text("model/card.md")
    #expect(outcome.withoutPictures == nil && CardExcerpt(card).withoutPictures == nil)
    #expect(!card.contains("with pictures") && !card.contains("hidden |"))
    #expect(card.contains("| no post has a picture | "))
  }
}
