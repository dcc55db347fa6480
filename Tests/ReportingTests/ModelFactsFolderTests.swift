import GRDB
import Models
import Reporting
import Results
import ResultsFixtures
import TestSupport
import Testing

/// The facts from a model's folder, compared with those of a run.
@Suite struct ModelFactsFolderTests {
  @Test func onlyTheModelOfTheRunIsTaken() throws {
    let store = try TestStore(rows: [TestRow(key: "1")])
    let folder = try ModelFolder.load(Checkout.samples + "/model")
    let other = try ReportData.load(from: try store.reader())
    #expect(
      throws: ReportingError.otherModel(
        path: folder.path, fingerprint: folder.fingerprint, scorer: "a model",
        scorerFingerprint: other.scorer.fingerprint)
    ) { try ModelFacts(folder, of: other) }
    try store.write { try $0.execute(sql: "UPDATE scorer SET model_fingerprint = ?", arguments: [folder.fingerprint]) }
    let facts = try ModelFacts(folder, of: try ReportData.load(from: try store.reader()))
    #expect(facts.fingerprint == folder.fingerprint && facts.alpha == folder.configuration.training.alpha)
    #expect(facts.card.contains { $0.value.contains("a fresh text encoder") })
  }
}
