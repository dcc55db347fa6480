import Foundation
import Models
import TestSupport
import Testing
import Training

/// Where a run's files are, and when.
@Suite struct RunFolderExportTests {
  @Test func existingFilesAreLeftAlone() throws {
    let run = try TinyRun(), path = run.scratch.file("model")
    try run.scratch.write("model", "mine")
    #expect(throws: TrainingError.alreadyThere(path: path)) { try run.trainer() }
    #expect(throws: TrainingError.alreadyThere(path: path + "/")) { try run.trainer("model/", resume: true) }
    #expect(try run.text("model") == "mine" && !run.exists("model.training"))
    symlink("nowhere", run.scratch.file("link"))
    #expect(throws: TrainingError.alreadyThere(path: run.scratch.file("link"))) { try run.trainer("link") }
  }

  @Test func anUnfinishedRunIsNotStartedAgain() throws {
    let run = try TinyRun()
    #expect(throws: TrainingError.self) { try run.train(try run.trainer(), stopAfter: 1) }
    #expect(throws: TrainingError.begun(folder: run.scratch.file("model.training"))) { try run.trainer() }
    try run.train(try run.trainer("model//", resume: true))
    #expect(run.exists("model/weights.safetensors") && !run.exists("model.training"))
  }

  @Test func aRunWithoutACheckpointStartsFromTheBeginning() throws {
    let run = try TinyRun(), folder = run.scratch.file("model.training")
    #expect(throws: TrainingError.nothingToResume(folder: folder)) { try run.trainer(resume: true) }
    for resume in [false, true] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try run.scratch.write("model.training/history.jsonl", "{}")
      try run.scratch.write("model.training/.checkpoint.safetensors.4711-1f.partial", "killed")
      let outcome = try run.train(try run.trainer(resume: resume))
      #expect(outcome.history.epochs.count == 4 && !run.exists("model.training"))
      try FileManager.default.removeItem(atPath: run.scratch.file("model"))
    }
  }

  @Test func aFailureBeforeTheFirstCheckpointLeavesNothing() throws {
    var run = try TinyRun()
    run.configuration.fusionHeads = 3
    #expect(throws: TrainingError.self) { try run.trainer() }
    #expect(!run.exists("model.training"))
  }

  @Test func filesOfOthersStay() throws {
    let run = try TinyRun()
    try FileManager.default.createDirectory(
      atPath: run.scratch.file("model.training"), withIntermediateDirectories: false)
    try run.scratch.write("model.training/notes.txt", "mine")
    try run.train(try run.trainer())
    #expect(try run.text("model.training/notes.txt") == "mine" && run.exists("model/config.json"))
  }

  @Test func onlyOneProcessUsesTheFolderAtATime() throws {
    let run = try TinyRun()
    let first = try run.trainer()
    #expect(throws: TrainingError.inUse(folder: run.scratch.file("model.training"))) { try run.trainer() }
    try run.train(first)
    #expect(run.exists("model/card.md"))
  }

  @Test func leftoversOfAnInterruptedFinishAreRemoved() throws {
    let run = try TinyRun(), files = FileManager.default
    let output = run.scratch.file("model"), folder = output + ".training"
    try run.train(try run.trainer())
    #expect(throws: TrainingError.alreadyThere(path: output)) { try Trainer.check(output: output, resume: true) }
    try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
    link(output + "/weights.safetensors", folder + "/weights.safetensors")
    try run.scratch.write("model.training/history.jsonl", "{}")
    #expect(throws: TrainingError.alreadyThere(path: output)) { try Trainer.check(output: output, resume: false) }
    #expect(try Trainer.check(output: output, resume: true))
    #expect(!run.exists("model.training") && run.exists("model/weights.safetensors"))
    // Another model of this name is no reason to remove a run's files.
    try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try files.copyItem(atPath: output + "/weights.safetensors", toPath: folder + "/weights.safetensors")
    #expect(throws: TrainingError.alreadyThere(path: output)) { try Trainer.check(output: output, resume: true) }
    #expect(run.exists("model.training/weights.safetensors"))
  }

  @Test func anUnwritableFolderIsAnError() throws {
    let run = try TinyRun()
    try run.scratch.write("file", "")
    let path = run.scratch.file("file/model.training")
    guard
      case .unwritable(path, _)? = #expect(
        throws: TrainingError.self,
        performing: {
          try run.trainer("file/model")
        })
    else { throw TestFailure() }
  }
}
