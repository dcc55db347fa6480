import Bytes
import Corpus
import CorpusCheck
import Evaluation
import TestSupport
import Testing

/// Advice is given only where it applies.
@Suite struct FindingTests {
  /// A cue of the given kind that predicts a label.
  private static func cue(_ source: CueSource, _ topic: CueTopic, hiding: CueHiding? = nil) throws -> String {
    var random = SeededGenerator(seed: 3)
    let rows = (0..<400).map { number -> String in
      let isIronic = random.unit() < 0.5
      return "\(number),one post of \(random.index(below: 100_000))\(isIronic ? " " : ""),\(isIronic ? "a" : "b")\n"
    }
    let check = try Scratch().check("id,text,label\n" + rows.joined())
    var cue = try #require(check.leakage?.cues.first { $0.name == "a blank at the end" })
    (cue.source, cue.topic, cue.hiding) = (source, topic, hiding)
    return "\(Finding.cue(cue))"
  }

  @Test func aCueThatNoModelReadsHasNoAdviceAboutTexts() throws {
    let sources: [(CueSource, String)] = [
      (.path, "the path of a picture"), (.id, "ids"), (.order, "the order of rows"), (.file, "the names of files"),
      (.column("likes"), "this column"),
    ]
    for (source, words) in sources {
      let finding = try Self.cue(source, .other)
      #expect(finding.hasSuffix("; no model reads \(words), but compare how the posts of each label were collected"))
    }
    #expect(try Self.cue(.text, .other).hasSuffix("(chance 50.0 %)"))
    #expect(try Self.cue(.text, .blanks).contains("; train with texts that are normalized with collapse-space"))
  }

  @Test func aCueThatTheModelCannotSeeSaysSo() throws {
    let reasons: [(CueHiding, String)] = [
      (.tokenizer, "because its tokenizer drops blanks"),
      (.step("collapse-space"), "because it normalizes texts with collapse-space"),
      (.noKnowledge, "because it reads no knowledge"),
    ]
    for (reason, words) in reasons {
      let finding = try Self.cue(.text, .blanks, hiding: reason)
      #expect(finding.hasSuffix("; the model cannot see it, \(words)"))
    }
  }

  /// Blanks are nothing to a tokenizer of word pieces, and entities are nothing to a model that unescapes them.
  @Test func aModelHidesWhatItCannotSee() throws {
    let pieces = ModelReading(dropsBlanks: true, steps: [], readsKnowledge: true)
    let steps = ModelReading(dropsBlanks: false, steps: ["unescape-html", "collapse-space"], readsKnowledge: false)
    let open = ModelReading(dropsBlanks: false, steps: [], readsKnowledge: true)
    var random = SeededGenerator(seed: 4)
    let rows = (0..<400).map { number -> String in
      let isIronic = random.unit() < 0.5
      let text = "one post of \(random.index(below: 100_000))"
      return "\(number),\(text)\(isIronic ? " &amp; it " : "\u{A0}more"),\(isIronic ? "a" : "b")\n"
    }
    let leakage = try #require(try Scratch().check("id,text,label\n" + rows.joined()).leakage)
    func hidden(_ name: String, _ model: ModelReading, in source: CueSource = .text) throws -> CueHiding? {
      var cue = try #require(leakage.cues.first { $0.name == name })
      cue.source = source
      return model.hiding(cue)
    }
    let (blank, unusual, entity) = (
      "a blank at the end", "tabs, line breaks or unusual blanks", "an HTML entity such as &amp;"
    )
    #expect(try hidden(blank, pieces) == .tokenizer && hidden(blank, open) == nil)
    #expect(try hidden(unusual, pieces) == nil && hidden(unusual, steps) == .step("collapse-space"))
    #expect(try hidden(entity, steps) == .step("unescape-html") && hidden(entity, pieces) == nil)
    #expect(try hidden(entity, steps, in: .knowledge) == .noKnowledge && hidden(entity, open, in: .knowledge) == nil)
  }

  @Test func faultsNameTheFlagsThatHelp() {
    #expect(
      "\(Finding.faults(rows: 1, of: 9, FaultRemedies()))" == "1 row of 9 would be faults: fix them, or leave them out")
    var remedies = FaultRemedies()
    remedies.add("no such file; there is a.JPG: --image-match near")
    #expect(
      "\(Finding.faults(rows: 2, of: 9, remedies))"
        == "2 rows of 9 would be faults: --image-match near would help with 1 of "
        + "them; fix the others, or leave them out")
    #expect("\(Finding.faults(rows: 1, of: 9, remedies))".hasSuffix("would help with 1 of them"))
  }

  @Test func labelsThatAreNoNamesOfTheModelsAreNotToBeRenamed() {
    let renamed = Finding.unknownLabels(["1"], rows: 3, haveNames: true)
    #expect("\(renamed)".hasSuffix("; if only the names differ, use the model's names"))
    let foreign = Finding.unknownLabels(["other"], rows: 3, haveNames: false)
    #expect("\(foreign)".contains("the model cannot predict them") && !"\(foreign)".contains("names differ"))
  }

  @Test func overlapsHaveTheAdviceOfTheirKind() throws {
    #expect("\(Finding.overlap(.texts, rows: 3, otherLabel: 1))".hasSuffix("will score too well on the other"))
    #expect("\(Finding.overlap(.texts, rows: 3, otherLabel: 3))".hasSuffix("will score too badly on the other"))
    // Ids of other posts are not posts to remove.
    let check = try Scratch().check(
      "id,text\n1,the bus is late\n2,more words here\n", against: "id,text\n1,quite another post\n5,nothing to share\n")
    #expect(check.findings == [.sharedIDs(rows: 1)])
    #expect("\(check.findings[0])".contains("give them different ids") && !"\(check.findings[0])".contains("remove"))
    let same = try Scratch().check("id,text\n1,the bus is late\n", against: "id,text\n1,the bus is late\n")
    #expect(same.findings.contains(.overlap(.ids, rows: 1, otherLabel: 0)))
  }
}
