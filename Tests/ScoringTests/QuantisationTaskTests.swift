import Bytes
import Corpus
import Evaluation
import Inputs
import Models
import Preparation
import Scoring
import Synchronization
import TestSupport
import Testing

/// The sample model in int8, measured on posts of the samples.
@Suite struct QuantisationTaskTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Two labelled posts with pictures and one without a label.
  private let rows = """
    id,text,image,label
    1,what a treat my job interview turned out to be,images/test-00001.png,sincere
    2,so sick of having our road trip,images/test-00002.webp,ironic
    3,full marks for the morning commute,images/test-00003.jpg,

    """

  private func run(
    _ rows: String, compared: (PrecisionComparison.Result) -> Void = { _ in },
    progress: @escaping @Sendable (Int, Double?) -> Void = { _, _ in }, shouldStop: () -> Bool = { false }
  ) throws -> Quantisation.Agreement {
    let task = QuantisationTask(
      corpora: [try scratch.write("posts.csv", rows)], columns: CorpusOptions(),
      images: PictureLocation([Checkout.samples]),
      features: FeatureSelection([], folder: nil), threads: 1)
    return try task.run(
      try ModelFolder.load(Checkout.samples + "/model"), to: scratch.file("M8"), command: "clfa model quantize",
      notice: { _ in }, progress: progress, compared: compared, shouldStop: shouldStop)
  }

  @Test func theFolderHasTheRecordOfThePosts() throws {
    var counted: (total: Int, unlabelled: Int, faulted: Int)?
    let rowsDone = Atomic<Int>(0)
    let agreement = try run(rows) {
      counted = ($0.labels.total, $0.unlabelled, $0.faulted)
    } progress: { rows, _ in
      rowsDone.store(rows, ordering: .relaxed)
    }
    #expect(counted?.total == 2 && counted?.unlabelled == 1 && counted?.faulted == 0)
    #expect(rowsDone.load(ordering: .relaxed) == 3)
    #expect(agreement.posts == 2 && agreement.corpus == "posts")
    let written = try ModelFolder.load(scratch.file("M8"))
    #expect(written.isQuantised && written.configuration.quantisation?.agreement == agreement)
  }

  @Test func withoutLabelsNothingIsWritten() throws {
    var isCompared = false
    #expect(throws: QuantisationError.noLabels(corpus: [scratch.file("posts.csv")].listed(most: 5))) {
      try run(rows.replacing(",sincere\n", with: ",\n").replacing(",ironic\n", with: ",\n")) { _ in isCompared = true }
    }
    #expect(isCompared)
    #expect(try scratch.names() == ["posts.csv"])
  }

  @Test func postsThatLackTheModelsTextsAreNotScored() throws {
    let rows = "id,text,knowledge,label\n" + (1...30).map { "\($0),,some words,ironic\n" }.joined()
    #expect(throws: MissingInputsError.self) { try run(rows) { _ in Issue.record("scored") } }
    #expect(try scratch.names() == ["posts.csv"])
  }

  @Test func aRequestToStopLeavesNothing() throws {
    #expect(throws: CancellationError.self) { try run(rows, shouldStop: { true }) }
    #expect(try scratch.names() == ["posts.csv"])
  }
}
