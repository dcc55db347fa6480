import Bytes
import Evaluation
import GRDB
import Results
import ResultsFixtures
import Store
import Testing

@Suite struct RunSharesTests {
  private func share(_ shares: RunShares, _ method: EstimatedShare.Method = .predictionPowered) throws -> EstimatedShare
  {
    try #require(shares.whole.shares.first { $0.label == "ironic" && $0.method == method })
  }

  @Test func theShareIsCorrectedByTheLabelledPosts() throws {
    let store = try TestStore(rows: dumpRows(), labels: ["sincere", "ironic"]) { database in
      try database.insertSample(dumpSample(), (0..<400).filter { $0 % 4 == 0 }.map { ($0 + 1, 0) })
    }
    let shares = try RunShares.load(from: store.reader())
    #expect(shares.whole.posts == 400 && shares.whole.labelled == 100 && shares.sampled == 100)
    let powered = try share(shares), plain = try share(shares, .sample), naive = try share(shares, .predicted)
    let interval = try #require(powered.interval)
    #expect(interval.low < dumpShare && dumpShare < interval.high && naive.interval == nil)
    #expect(abs(powered.value - dumpShare) < abs(naive.value - dumpShare))
    let effect = try #require(powered.designEffect)
    #expect(effect < 1 && (plain.designEffect ?? 0) > 0.99 && (plain.designEffect ?? 2) < 1.01)
    #expect(shares.whole.shares.filter { $0.label == "ironic" }.map(\.method) == EstimatedShare.Method.allCases)
    // Both labels add up.
    let other = try #require(shares.whole.shares.first { $0.label == "sincere" })
    #expect(abs(other.value + powered.value - 1) < 1e-9 && shares.notices.isEmpty)
    let sentence = try #require(shares.sentence(label: "ironic"))
    #expect(sentence.contains("of 400 posts are \"ironic\": estimated from 100 labelled posts (a random sample)."))
  }

  @Test func labelsOutsideTheSampleDoNotCount() throws {
    let store = try TestStore(rows: dumpRows { _ in true }, labels: ["sincere", "ironic"]) { database in
      try database.insertSample(dumpSample("old"), [(1, 0)])
      try database.insertSample(dumpSample("new"), (1...100).map { ($0, 0) })
      try database.insertSample(dumpSample("for training", .uncertain), (1...50).map { ($0, 0) })
    }
    let reader = try store.reader()
    #expect(try RunShares.load(from: reader).sample?.name == "new")
    #expect(try RunShares.load(from: reader).whole.labelled == 100)
    #expect(try RunShares.load(from: reader, sample: "old").whole.labelled == 1)
    #expect(throws: ResultsError.chosenSample("for training")) {
      try RunShares.load(from: reader, sample: "for training")
    }
    #expect(throws: ResultsError.noSuchSample("none", known: ["for training", "new", "old"])) {
      try RunShares.load(from: reader, sample: "none")
    }
  }

  @Test func theSourcesOfTheSamplesLabelsAreNamedIfAPostMayHaveSeveral() throws {
    let store = try TestStore(rows: dumpRows(), labels: ["sincere", "ironic"]) { database in
      try database.insertSample(dumpSample(), (0..<400).filter { $0 % 4 == 0 }.map { ($0 + 1, 0) })
    }
    #expect(try RunShares.load(from: store.reader()).sources.isEmpty)
    // Two posts of the sample, and one outside of it.
    try store.write { database in
      try database.execute(
        sql: "INSERT INTO label SELECT id, 'zoe', 'ironic', '2026-02-01T00:00:00Z' FROM post WHERE id IN (1, 5, 2)")
    }
    let shares = try RunShares.load(from: store.reader())
    #expect(shares.sources == [.init(name: "corpus", posts: 100), .init(name: "zoe", posts: 2)])
    #expect(try RunShares.load(from: store.reader(), truth: "zoe").sources.isEmpty)
  }

  @Test func withoutASampleAllLabelsCountAndThatIsSaid() throws {
    let store = try TestStore(rows: dumpRows(), labels: ["sincere", "ironic"])
    let shares = try RunShares.load(from: store.reader())
    #expect(shares.whole.labelled == 100 && shares.sample == nil && shares.notices.count == 1)
    // If every post is labelled, the share is known.
    let all = try RunShares.load(from: TestStore(rows: dumpRows { _ in true }, labels: ["sincere", "ironic"]).reader())
    let known = try share(all), interval = try #require(known.interval)
    #expect(abs(known.value - dumpShare) < 1e-9 && interval.high - interval.low < 0.01 && all.notices.isEmpty)
    #expect(known.labelsToHalve == nil)
    #expect(throws: ResultsError.noTruth(run: "posts", posts: 400)) {
      try RunShares.load(from: TestStore(rows: dumpRows { _ in false }, labels: ["sincere", "ironic"]).reader())
    }
  }

  /// German posts are labelled four times as often as English ones, so that the labels alone would mislead.
  @Test func strataAreWeighted() throws {
    var made = dumpRows { $0 % 2 == 1 || $0 % 8 == 0 }
    for place in made.indices where made[place].truth != nil {
      made[place].truth = place % 2 == 1 ? "ironic" : "sincere"
    }
    var sample = dumpSample("by language", .stratified)
    sample.by = ["lang"]
    sample.strata = [.init(values: ["en"], posts: 200, drawn: 50), .init(values: ["de"], posts: 200, drawn: 200)]
    let store = try TestStore(rows: made, labels: ["sincere", "ironic"]) { database in
      let posts = (0..<400).filter { $0 % 2 == 1 || $0 % 8 == 0 }.map { ($0 + 1, $0 % 2) }
      try database.insertSample(sample, posts)
    }
    let shares = try RunShares.load(from: store.reader())
    #expect(shares.whole.labelled == 250 && shares.outsideStrata == 0)
    #expect(abs(try share(shares, .sample).value - 0.5) < 1e-9)
    #expect(!shares.whole.shares.contains { $0.method == .postStratified })
  }

  @Test func slicesHaveTheirOwnShares() throws {
    let store = try TestStore(rows: dumpRows(), labels: ["sincere", "ironic"])
    let byMonth = try RunShares.load(from: store.reader(), by: "month")
    #expect(byMonth.slices.map(\.name) == ["month=2026-01", "month=2026-02"])
    #expect(byMonth.slices.map(\.posts) == [200, 200] && byMonth.slices.map(\.labelled) == [50, 50])
    #expect(byMonth.slices.allSatisfy { $0.shares.map(\.method) == [.predictionPowered, .predictionPowered] })
    // Every fourth post is labelled, so none of the German ones.
    let byLanguage = try RunShares.load(from: store.reader(), by: "lang")
    #expect(byLanguage.slices.map(\.labelled) == [0, 100] && byLanguage.slices[0].shares.isEmpty)
    #expect(byLanguage.notices.contains { $0.contains("lang=de (0)") })
  }

  @Test func labelsAloneCountAsCertain() throws {
    let store = try TestStore.labelsAlone()
    let shares = try RunShares.load(from: store.reader())
    #expect(!shares.hasProbabilities && shares.notices.contains { $0.contains("no probabilities") })
    #expect(shares.whole.shares.contains { $0.method == .predictionPowered })
  }

  @Test func theSourceIsLessCertainThanTheRun() throws {
    let store = try TestStore(rows: dumpRows(), labels: ["sincere", "ironic"])
    let run = try #require(share(RunShares.load(from: store.reader())).interval)
    let source = try #require(share(RunShares.load(from: store.reader(), ofSource: true)).interval)
    #expect(source.high - source.low > run.high - run.low)
  }

  /// Ironic posts have 30 likes or a little more, the others 10; every tenth post has none.
  private func likedStore(_ sample: SampleRecord? = dumpSample()) throws -> TestStore {
    var made = dumpRows()
    for place in made.indices where place % 10 != 9 {
      let likes = (noise(place) < 0.4 ? 30 : 10) + place % 5
      made[place].extra = #"{"lang":"\#(place % 2 == 0 ? "en" : "de")","likes":"\#(likes)"}"#
    }
    return try TestStore(rows: made, labels: ["sincere", "ironic"]) { database in
      try database.execute(sql: "INSERT INTO column_type VALUES ('likes', 'integer'), ('sent', 'time')")
      guard let sample else { return }
      try database.insertSample(sample, (0..<400).filter { $0 % 4 == 0 }.map { ($0 + 1, 0) })
    }
  }

  private let likes = { (place: Int) in Double((noise(place) < 0.4 ? 30 : 10) + place % 5) }

  @Test func theMeanOfAColumnIsEstimatedForEachLabel() throws {
    let shares = try RunShares.load(from: likedStore().reader(), by: "lang", meanOf: "likes")
    let numbered = (0..<400).filter { $0 % 10 != 9 }, ironic = numbered.filter { noise($0) < 0.4 }
    func mean(_ method: EstimatedMean.Method, _ label: ByteText?) throws -> EstimatedMean {
      try #require(shares.whole.means.first { $0.method == method && $0.label == label })
    }
    let all = try mean(.all, nil)
    #expect(abs(all.value - numbered.reduce(0) { $0 + likes($1) } / 360) < 1e-9 && all.count == 360)
    #expect(all.interval == nil)
    let right = ironic.reduce(0) { $0 + likes($1) } / Double(ironic.count)
    let powered = try mean(.predictionPowered, "ironic"), plain = try mean(.sample, "ironic")
    let naive = try mean(.predicted, "ironic"), interval = try #require(powered.interval)
    // A quarter of the other posts is predicted as ironic, so their mean is far too low.
    #expect(interval.low < right && right < interval.high && naive.value < right - 5 && naive.interval == nil)
    // All labelled ironic posts have nearly the same number, so the sample alone is right, too.
    let sampled = ironic.filter { $0 % 4 == 0 }
    #expect(abs(plain.value - sampled.reduce(0) { $0 + likes($1) } / Double(sampled.count)) < 1e-9)
    #expect(plain.count == sampled.count && abs((plain.designEffect ?? 0) - 1) < 0.05)
    // No German post is labelled.
    #expect(shares.slices.map(\.means.count) == [1, 3] && shares.slices[1].means[1].method == .predictionPowered)
    #expect(shares.notices.contains { $0.contains("40 posts have no number in the column likes") })
    let sentence = try #require(shares.meanSentence(label: "ironic"))
    #expect(sentence.hasPrefix("The mean of likes is 3") && sentence.contains("In all 360 posts with a number it is"))
  }

  @Test func onlyColumnsOfNumbersHaveMeans() throws {
    let reader = try likedStore().reader()
    for name in ["sent", "lang", "like"] {
      #expect(throws: ResultsError.noNumberColumn(name, known: ["likes"])) {
        try RunShares.load(from: reader, meanOf: name)
      }
    }
    #expect(try RunShares.load(from: reader).whole.means.isEmpty)
    let source = try RunShares.load(from: reader, ofSource: true, meanOf: "likes").whole.means[1]
    let run = try RunShares.load(from: reader, meanOf: "likes").whole.means[1]
    #expect(
      (source.interval?.high ?? 0) - (source.interval?.low ?? 0) > (run.interval?.high ?? 0) - (run.interval?.low ?? 0))
  }
}
