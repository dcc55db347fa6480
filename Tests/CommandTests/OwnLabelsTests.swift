import Foundation
import TestSupport
import Testing

/// Every command of `docs/own-labels.md`, run on the samples with their labels hidden; the share must be true.
@Suite struct OwnLabelsTests {
  @Test func theWalkLeadsToATrueShare() async throws {
    let page = try String(contentsOfFile: Workdir.repository + "/docs/own-labels.md", encoding: .utf8)
    let blocks = page.components(separatedBy: "\n```\n").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    #expect(blocks.count == 7)
    let workdir = try Workdir()
    try FileManager.default.createSymbolicLink(
      atPath: workdir.path + "/Samples", withDestinationPath: Workdir.samples)
    var said: [(output: String, errors: String)] = []
    for block in blocks {
      let outcome = try await workdir.shell(
        "set -euo pipefail; clfa() { '\(Workdir.program)' \"$@\"; }\n" + block)
      try #require(outcome.status == 0, "\(block)\n\(outcome.errors)")
      said.append((outcome.output, outcome.errors))
    }
    #expect(said[4].errors.contains("posts are \"ironic\": estimated from 120 labelled posts (a random sample)."))
    // The interval of the first row holds the hidden share of the labelled posts.
    let estimate = try await workdir.run(["estimate", "dump.sqlite", "--label", "ironic", "--format", "csv"])
    let row = estimate.output.split(separator: "\n")[1].split(separator: ",").map(String.init)
    let share = try #require(Double(said[6].output.split(separator: "\n").last.map(String.init) ?? ""))
    let low = try #require(Double(row[4])), high = try #require(Double(row[5]))
    #expect(row[2] == "prediction-powered" && low < share && share < high, "\(row) \(share)")
    #expect(high - low < 0.2)
  }
}
