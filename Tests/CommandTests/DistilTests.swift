import Foundation
import TestSupport
import Testing

/// Every command of `docs/distil.md`, run on the samples, and the errors of its flags.
@Suite struct DistilTests {
  /// The blocks of the page's commands, in their order.
  private static let blocks: [String] = {
    let page = (try? String(contentsOfFile: Workdir.repository + "/docs/distil.md", encoding: .utf8)) ?? ""
    return page.components(separatedBy: "\n```\n").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }()

  @Test func everyCommandOfThePageRuns() async throws {
    #expect(Self.blocks.count == 8)
    let workdir = try Workdir()
    try FileManager.default.createSymbolicLink(
      atPath: workdir.path + "/Samples", withDestinationPath: Workdir.samples)
    var said: [String] = []
    for block in Self.blocks {
      let outcome = try await workdir.shell(
        "set -euo pipefail; clfa() { '\(Workdir.program)' \"$@\"; }\n" + block)
      try #require(outcome.status == 0, "\(block)\n\(outcome.errors)")
      said.append(outcome.output + outcome.errors)
    }
    let sampled = try workdir.rows("sample.sqlite", "SELECT count(*) FROM entry WHERE run_id = 1")
    #expect(try #require(Int(sampled.first ?? "")) > 150)
    #expect(said[3].contains("the labels are probabilities from run vlm of sample.sqlite (import:"), "\(said[3])")
    #expect(said[4].contains("against vlm"), "\(said[4])")
    let card = try String(contentsOfFile: workdir.path + "/MODEL/card.md", encoding: .utf8)
    #expect(card.contains("- Labels: probabilities from run vlm of sample.sqlite"))
    let scored = try String(contentsOfFile: workdir.path + "/scored.csv", encoding: .utf8)
    #expect(scored.split(separator: "\n").first?.hasSuffix(",clfa_fault,clfa_calibration") == true)
    #expect(said[5].contains(" of 480 answers differ"), "\(said[5])")
    #expect(said[7].contains("the numbers of 480 posts did not add up to 1"), "\(said[7])")
  }

  @Test(
    arguments: [
      (["--label-probabilities", "a,b", "--teach-labels", "s.sqlite:r"], "give one of", 64),
      (["--normalize-probabilities"], "is about --label-probabilities", 64),
      (["--label-probabilities", "a,"], "write the columns as LABEL=COLUMN", 64),
      (["--label-probabilities", "x,y"], "--label-order gives the order", 64),
      (["--label-probabilities", "p_a,p_b"], "no columns \"p_a\", \"p_b\"", 64),
      (["--teach-labels", "posts.sqlite"], "write the store and the run as STORE:RUN", 64),
      (["--teach-labels", "none.sqlite:vlm"], "none.sqlite does not exist", 1),
      (["--teach-labels", "train.csv:vlm"], "train.csv cannot be read", 1),
    ] as [([String], String, Int32)])
  func whatCannotBeLearntIsAnError(flags: [String], words: String, status: Int32) async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let outcome = try await workdir.run(TrainFixture.arguments("M") + flags)
    #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/M.training"))
  }

  /// Each cell of an ablation learns the same probabilities.
  @Test func anAblationLearnsProbabilities() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let lines = try String(contentsOfFile: workdir.path + "/train.csv", encoding: .utf8).split(separator: "\n")
    let votes = lines.enumerated().map {
      $1 + ($0 == 0 ? ",p_ironic,p_sincere" : $0 % 2 == 0 ? ",0.8,0.2" : ",0.3,0.7")
    }
    try workdir.write("train.csv", votes.joined(separator: "\n") + "\n")
    let outcome = try await workdir.run(
      ["ablate"] + TrainFixture.corpus.dropFirst() + TrainFixture.fresh
        + [
          "--dim", "16", "--alpha", "0", "--epochs", "1", "--label-probabilities", "p_ironic,p_sincere", "--grid",
          "aggregation=concat,text", "--test", "valid.csv", "--store", "a.sqlite", "-o", "cells",
        ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for cell in try FileManager.default.contentsOfDirectory(atPath: workdir.path + "/cells") where !cell.contains(".") {
      let card = try String(contentsOfFile: "\(workdir.path)/cells/\(cell)/card.md", encoding: .utf8)
      #expect(card.contains("- Labels: probabilities from the columns p_ironic, p_sincere"))
    }
  }
}
