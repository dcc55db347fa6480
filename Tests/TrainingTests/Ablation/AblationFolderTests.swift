import Bytes
import Foundation
import Models
import TestSupport
import Testing
import Training

@Suite struct AblationFolderTests {
  /// One cell of a grid, a run of a tiny model, and the folder for both.
  private struct Fixture {
    var run: TinyRun
    let cell: AblationCell
    let folder: AblationFolder

    init() throws {
      run = try TinyRun()
      run.settings.epochs = 1
      cell = try #require(AblationGrid(axes: [try AblationAxis(parsing: "dropout=0")], seeds: [1]).cells.first)
      let origin = try run.scratch.write("origin.txt", "what all cells begin with")
      folder = try AblationFolder(run.scratch.file("cells"), origins: [origin])
    }

    func record(dropout: Double = 0) throws -> AblationRecord {
      var start = try run.start(), settings = run.settings
      settings.dropout = dropout
      let learnt = try run.set("train.csv", TinyRun.csv(0..<12), start)
      start.configuration.labelNames = learnt.labels.names
      let judged = try run.set("valid.csv", TinyRun.csv(12..<18), start, labels: learnt.labels)
      return try AblationRecord(start, origin: "0", settings, training: learnt, validation: judged)
    }
  }

  @Test func aCellGoesFromNewToTrained() throws {
    let fixture = try Fixture(), record = try fixture.record(), cell = fixture.cell
    #expect(try fixture.folder.state(of: cell, record) == .new)
    #expect(fixture.folder.model(of: cell) == fixture.run.scratch.file("cells/dropout=0_seed=1"))
    try fixture.folder.write(record, of: cell)

    let output = "cells/" + cell.folder
    #expect(throws: TrainingError.self) { try fixture.run.train(try fixture.run.trainer(output), stopAfter: 1) }
    #expect(try fixture.folder.state(of: cell, record) == .begun)
    try fixture.run.train(try fixture.run.trainer(output, resume: true))
    // A kill after the model's last step leaves the run's own folder.
    try FileManager.default.createDirectory(
      atPath: fixture.run.scratch.file(output + ".training"), withIntermediateDirectories: false)
    #expect(try fixture.folder.state(of: cell, record) == .trained)
    #expect(!fixture.run.exists(output + ".training"))
  }

  @Test func aCellWithOtherSettingsIsAnError() throws {
    let fixture = try Fixture(), cell = fixture.cell
    try fixture.folder.write(try fixture.record(), of: cell)
    try fixture.run.train(try fixture.run.trainer("cells/dropout=0_seed=1"))
    let other = try fixture.record(dropout: 0.5)
    let error = #expect(throws: AblationError.self) { try fixture.folder.state(of: cell, other) }
    guard case .otherCell(let folder, _, _, let now)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(folder == fixture.folder.model(of: cell) && now.contains("0.5"))
    try FileManager.default.removeItem(atPath: folder + ".json")
    #expect(throws: AblationError.noRecord(folder: folder, record: folder + ".json")) {
      try fixture.folder.state(of: cell, other)
    }
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    let scratch = try Scratch(), file = try scratch.write("a", "a file")
    #expect(throws: AblationError.self) { try AblationFolder(file + "/cells", origins: []) }
  }
}
