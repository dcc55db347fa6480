import Bytes
import Models
import Reporting
import Results
import TestSupport
import Testing
import Training

/// The pages drawn from a model's folder.
@Suite struct TrainingDocumentFolderTests {
  /// Two epochs, the second with alignment losses; the first record is the state before training.
  private static let history = """
    {"epoch":0,"is_best":false,"loss_classification":0,"loss_image":0,"loss_text":0,"loss_total":0,"rate":0,"steps":0,\
    "validation":{"accuracy":0.25,"loss":0.9,"macro_f1":0.2,"weighted_f1":0.1}}
    {"epoch":1,"is_best":true,"loss_classification":0.7,"loss_image":0.5,"loss_text":0.25,"loss_total":1.5,"rate":1,\
    "steps":3,"validation":{"accuracy":0.5,"loss":0.7,"macro_f1":0.4,"weighted_f1":0.3}}

    """

  private func folder() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("config.json", ModelConfiguration(labelNames: ["no", "yes"]).json)
    try scratch.write("history.jsonl", Self.history)
    try scratch.write("card.md", "## How it was made\n- Began with nothing.\n")
    return scratch
  }

  @Test func theFilesOfAFolderAreTheResults() throws {
    let scratch = try folder(), results = TrainingRunResults(try FinishedRun.read(scratch.path))
    #expect(scratch.path.hasSuffix("/" + results.name))
    #expect(results.model.contains(Fact(name: "Labels", value: "2: no, yes")))
    #expect(results.making.map(\.value) == ["nothing."])
    #expect(results.epochs.map(\.number) == [0, 1] && results.bestPlace == 1)
    // Before the first step there are no losses, and zeros would be drawn as losses.
    #expect(results.epochs[0].losses == nil && results.epochs[0].validation.accuracy == 0.25)
    #expect(
      results.epochs[1].losses
        == TrainingRunResults.Losses(text: 0.25, image: 0.5, classification: 0.7, total: 1.5))
    #expect(results.epochs[1].steps == 3 && results.epochs[1].rate == 1)
    let measures = results.epochs[1].validation
    #expect(measures.macroF1 == 0.4 && measures.weightedF1 == 0.3 && measures.loss == 0.7 && measures.pairing == nil)
  }

  @Test(arguments: ["", "/"]) func thePagesAreDrawnIntoTheFolder(ending: String) throws {
    let scratch = try folder()
    try TrainingDocument.add(to: scratch.path + ending)
    #expect(TrainingDocument.path(in: scratch.path + ending) == scratch.file("training.pdf"))
    let drawn = try scratch.bytes("training.pdf")
    #expect(drawn.starts(with: Array("%PDF-".utf8)))
    #expect(try TrainingDocument(folder: scratch.path).draw(as: .pdf, dpi: 150) == .whole(drawn))
  }

  @Test func aFolderWithoutHistoryHasNoPages() throws {
    let scratch = try Scratch()
    try scratch.write("config.json", ModelConfiguration(labelNames: ["no", "yes"]).json)
    #expect(throws: FinishedRunError.noHistory(path: scratch.file("history.jsonl"))) {
      try TrainingDocument.add(to: scratch.path)
    }
    #expect(try scratch.names() == ["config.json"])
  }
}
