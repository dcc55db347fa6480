import Bytes
import Models
import TestSupport
import Testing
import Training

@Suite struct FinishedRunTests {
  private let epoch =
    #"{"epoch":1,"is_best":true,"loss_classification":0.7,"loss_image":0,"loss_text":0,"loss_total":0.7,"rate":1,"#
    + #""steps":3,"validation":{"accuracy":0.5,"loss":0.7,"macro_f1":0.4,"weighted_f1":0.4}}"# + "\n"

  private func folder(_ history: String?) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("config.json", ModelConfiguration(labelNames: ["no", "yes"]).json)
    if let history { try scratch.write("history.jsonl", history) }
    return scratch
  }

  @Test func aFolderDescribesItsRun() throws {
    let scratch = try folder(epoch)
    let run = try FinishedRun.read(scratch.path + "/")
    #expect(run.configuration.labelNames == ["no", "yes"])
    #expect(run.history.best?.validation.macroF1 == 0.4)
    #expect(run.history.epochs[0].validation.textAlignment == nil)
    #expect(run.card == nil)
    #expect(scratch.path.hasSuffix(run.name))
    try scratch.write("card.md", "## How it was made\n- Began with nothing.\n")
    #expect(try FinishedRun.read(scratch.path).card?.lines.map(\.words) == ["nothing."])
  }

  @Test func missingFilesAreNamed() throws {
    let none = try folder(nil), path = none.file("history.jsonl")
    #expect(throws: FinishedRunError.noHistory(path: path)) { try FinishedRun.read(none.path) }
    #expect(FinishedRunError.noHistory(path: path).description.contains("clfa train"))
    let noModel = try Scratch()
    #expect(throws: FinishedRunError.model(.missingFile(path: noModel.file("config.json")))) {
      try FinishedRun.read(noModel.path)
    }
  }

  @Test(arguments: ["", "{}\n", "epoch\n", #"{"epoch":1e999}"#]) func anInvalidHistoryIsRejected(history: String) throws
  {
    let scratch = try folder(history)
    #expect(throws: FinishedRunError.badHistory(path: scratch.file("history.jsonl"))) {
      try FinishedRun.read(scratch.path)
    }
  }

  @Test func aHistoryWithACutLineIsRejected() throws {
    let scratch = try folder(epoch + epoch.dropLast(20))
    #expect(throws: FinishedRunError.badHistory(path: scratch.file("history.jsonl"))) {
      try FinishedRun.read(scratch.path)
    }
  }
}
