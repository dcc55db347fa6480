import Bytes
import Evaluation
import Results
import ResultsFixtures
import Store
import Testing

/// 200 posts, 40 of them in German; the model is right in all English posts and wrong in half of the German ones.
private func rows(labelled: (Int) -> Bool) -> [TestRow] {
  (0..<200).map { place in
    let isGerman = place % 5 == 0, isWrong = isGerman && place % 10 == 0
    return TestRow(
      key: "p\(place)", truth: labelled(place) ? "no" : nil, predicted: isWrong ? "yes" : "no",
      probabilities: #"{"no":0.5,"yes":0.5}"#, extra: #"{"lang":"\#(isGerman ? "de" : "en")"}"#)
  }
}

@Suite struct EvaluatedSampleTests {
  private func store(labelled: (Int) -> Bool, _ record: SampleRecord, _ posts: [SampledPost]) throws -> StoreReader {
    let store = try TestStore(rows: rows(labelled: labelled))
    let writer = try StoreWriter.open(path: store.path)
    try writer.record(record, ofRun: 1, posts: posts)
    try writer.close()
    return try store.reader()
  }

  private func record(_ strata: [SampleRecord.Stratum], _ design: SampleRecord.Design = .stratified) -> SampleRecord {
    var record = SampleRecord(name: "first", design: design, seed: 1, strata: strata, drawnAt: "t")
    record.by = design == .stratified ? ["lang"] : []
    return record
  }

  /// All German posts are labelled and a quarter of the English ones, so half of the labelled posts are German.
  @Test func strataCountByTheirPostsInTheRun() throws {
    let german = (0..<200).filter { $0 % 5 == 0 }, english = (0..<200).filter { $0 % 5 == 1 }
    let posts =
      german.map { SampledPost(post: Int64($0 + 1), stratum: 0, inclusion: 1) }
      + english.map { SampledPost(post: Int64($0 + 1), stratum: 1, inclusion: 0.25) }
    let strata = [
      SampleRecord.Stratum(values: ["de"], posts: 40, drawn: 40), .init(values: ["en"], posts: 160, drawn: 40),
    ]
    let reader = try store(labelled: { $0 % 5 < 2 }, record(strata), posts)
    let run = try EvaluatedRun.load(from: reader, by: "lang")
    #expect(run.posts.count == 80 && run.scored == 200)
    let sample = try #require(try EvaluatedSample.load(from: reader, run: run))
    #expect(sample.name == "first" && sample.design == .stratified && sample.posts.labelled == 80)
    // Of the labelled posts 75 % are right, of the run 90 %. Of the German ones, half are.
    let resampling = BootstrapOptions(draws: 50)
    let measures = run.measures(positive: nil, resampling: resampling)
    #expect(measures.first { $0.name == "accuracy" && $0.slice == "all" }?.score.value == 0.75)
    let own = sample.measures(of: run, positive: nil, resampling: resampling)
    let accuracy = own.filter { $0.name == "run_accuracy" }
    #expect(accuracy.map(\.slice) == ["all", "lang=de", "lang=en"] && accuracy.map(\.count) == [80, 40, 40])
    #expect(zip(accuracy, [0.9, 0.5, 1]).allSatisfy { abs($0.score.value - $1) < 1e-9 })
    // All German posts are labelled, so their share is certain; of the English ones, three quarters are not.
    let intervals = accuracy.compactMap(\.interval)
    #expect(intervals.count == 3 && intervals[1].high - intervals[1].low < 1e-3)
    #expect(intervals[2].high == 1 && intervals[2].low > 0.9 && intervals[2].low < 0.97)
    #expect(own.map(\.name) == measures.filter { $0.slice != "none" }.map { "run_" + $0.name })
    // A report says the same.
    let shown = try #require(try ReportData.load(from: reader).sampleAccuracy)
    #expect(shown.labelled == 80 && shown.share.value == accuracy[0].score.value)
    #expect(shown.share.low == intervals[0].low && shown.share.high == intervals[0].high)
    let named = try EvaluatedRun.load(from: reader, truth: "corpus", by: "lang")
    #expect(
      try EvaluatedSample.load(from: reader, run: named)?.measures(of: named, positive: nil, resampling: resampling)
        == own)
  }

  @Test func nothingIsAddedWhereTheLabelledPostsSayTheSame() throws {
    let posts = (0..<50).map { SampledPost(post: Int64($0 + 1), stratum: 0, inclusion: 0.25) }
    let strata = [SampleRecord.Stratum(values: [], posts: 200, drawn: 50)]
    let random = try store(labelled: { $0 < 50 }, record(strata, .random), posts)
    #expect(try EvaluatedSample.load(from: random, run: EvaluatedRun.load(from: random)) == nil)
    #expect(try ReportData.load(from: random).sampleAccuracy == nil)
    let whole = try store(labelled: { _ in true }, record(strata, .random), posts)
    #expect(try EvaluatedSample.load(from: whole, run: EvaluatedRun.load(from: whole)) == nil)
    let uncertain = try store(labelled: { $0 < 90 }, record(strata, .uncertain), posts)
    #expect(try EvaluatedSample.load(from: uncertain, run: EvaluatedRun.load(from: uncertain)) == nil)
    // Labels of other posts than the sample's do not count.
    let more = try store(labelled: { $0 < 90 }, record(strata, .random), posts)
    let run = try EvaluatedRun.load(from: more), sample = try #require(try EvaluatedSample.load(from: more, run: run))
    let accuracy = sample.measures(of: run, positive: nil, resampling: BootstrapOptions(draws: 0))[0]
    #expect(accuracy.count == 50 && abs(accuracy.score.value - 0.9) < 1e-9)
  }
}
