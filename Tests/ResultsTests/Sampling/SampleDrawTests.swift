import Bytes
import Evaluation
import GRDB
import Results
import ResultsFixtures
import Store
import Testing

/// 600 posts: a third is predicted ironic, with probabilities that are the less sure the later the post is.
private func rows() -> [TestRow] {
  (0..<600).map { place in
    let isIronic = place % 3 == 0
    let sure = 0.99 - 0.48 * Double(place) / 600
    return TestRow(
      key: "p\(place)", text: "text \(place)", truth: place < 30 ? "sincere" : nil,
      predicted: isIronic ? "ironic" : "sincere", confidence: sure,
      probabilities: #"{"sincere":\#(isIronic ? 1 - sure : sure),"ironic":\#(isIronic ? sure : 1 - sure)}"#,
      extra: place % 5 == 0 ? "{}" : #"{"lang":"\#(place % 2 == 0 ? "en" : "de")"}"#,
      posted: place < 300 ? "2026-01-05T00:00:00Z" : "2026-02-05T00:00:00Z")
  }
}

private func store(_ rows: [TestRow] = rows()) throws -> TestStore {
  try TestStore(rows: rows, labels: ["sincere", "ironic"])
}

@Suite struct SampleDrawTests {
  @Test func aRandomSampleIsTheSameForTheSameSeed() throws {
    let store = try store(), reader = try store.reader()
    let one = try SampleDraw.draw(from: reader, SamplePlan(size: 60, seed: 7))
    let two = try SampleDraw.draw(from: reader, SamplePlan(size: 60, seed: 7))
    let other = try SampleDraw.draw(from: reader, SamplePlan(size: 60, seed: 8))
    #expect(one.posts == two.posts && Set(one.posts.map(\.post)) != Set(other.posts.map(\.post)))
    #expect(Set(one.posts.map(\.post)).count == 60 && one.posts.allSatisfy { $0.inclusion == 0.1 && $0.stratum == 0 })
    #expect(one.posts.map(\.post) != one.posts.map(\.post).sorted())
    #expect(one.record.design == .random && one.record.size == 60 && one.record.seed == 7)
    #expect(one.record.strata == [.init(values: [], posts: 600, drawn: 60)] && one.record.name == "sample-1")
    #expect(one.labelled == one.posts.count { $0.post <= 30 })
    // A larger sample contains the smaller one.
    let larger = try SampleDraw.draw(from: reader, SamplePlan(size: 90, seed: 7))
    #expect(Set(larger.posts.map(\.post)).isSuperset(of: one.posts.map(\.post)))
  }

  /// Over many seeds each post is drawn as often as its probability says.
  @Test func everyPostIsDrawnEquallyOften() throws {
    let store = try store(Array(rows().prefix(40))), reader = try store.reader()
    var counts = [Int64: Int]()
    for seed in 0..<400 {
      for post in try SampleDraw.draw(from: reader, SamplePlan(size: 10, seed: UInt64(seed))).posts {
        counts[post.post, default: 0] += 1
      }
    }
    // 100 expected, with a standard deviation of 8.7.
    #expect(counts.count == 40 && counts.values.allSatisfy { (60...140).contains($0) }, "\(counts)")
    let spread = counts.values.reduce(0.0) { $0 + (Double($1) - 100) * (Double($1) - 100) } / 40
    #expect(spread < 2.5 * 75)
  }

  @Test func strataAreSharedOutAndKept() throws {
    let store = try store(), reader = try store.reader()
    let plan = SamplePlan(size: 60, design: .stratified, by: ["label", "lang"])
    let draw = try SampleDraw.draw(from: reader, plan)
    #expect(draw.record.by == ["label", "lang"] && draw.record.allocation == "proportional")
    #expect(
      draw.record.strata.map(\.values) == [
        ["ironic", "de"], ["ironic", "en"], ["ironic", nil], ["sincere", "de"], ["sincere", "en"], ["sincere", nil],
      ])
    #expect(draw.record.strata.map(\.posts) == [80, 80, 40, 160, 160, 80])
    #expect(draw.record.strata.map(\.drawn) == [8, 8, 4, 16, 16, 8])
    #expect(draw.posts.allSatisfy { $0.inclusion == 0.1 })
    for post in draw.posts {
      let place = Int(post.post) - 1
      let label: ByteText = place % 3 == 0 ? "ironic" : "sincere"
      let lang: ByteText? = place % 5 == 0 ? nil : place % 2 == 0 ? "en" : "de"
      #expect(draw.record.strata[post.stratum].values == [label, lang])
    }
    // What is stored is what the estimate reads.
    let writer = try StoreWriter.open(path: store.path)
    try writer.record(draw.record, ofRun: draw.run, posts: draw.posts)
    try writer.close()
    let again = try store.reader()
    #expect(try SampleDraw.draw(from: again, SamplePlan(size: 1)).record.name == "sample-2")
    let listed = try ListedSample.all(from: again)
    #expect(listed.map(\.sample) == [draw.record] && listed.map(\.posts) == [60])
    #expect(listed.map(\.labelled) == [draw.labelled] && listed.map(\.run) == ["posts"])
    let shares = try RunShares.load(from: again)
    #expect(shares.outsideStrata == 0 && shares.sampled == 60 && shares.whole.labelled == draw.labelled)
  }

  @Test func neymanTakesMoreWhereTheModelIsLessSure() throws {
    let store = try store(), reader = try store.reader()
    let draw = try SampleDraw.draw(
      from: reader, SamplePlan(size: 60, design: .stratified, by: ["month"], allocation: .neyman))
    #expect(draw.record.strata.map(\.posts) == [300, 300] && draw.record.allocation == "neyman")
    // The standard deviations of the two halves, from the definition.
    let deviations = [0..<300, 300..<600].map { half in
      (half.reduce(0.0) {
        let sure = 0.99 - 0.48 * Double($1) / 600
        return $0 + sure * (1 - sure)
      } / 300).squareRoot()
    }
    let first = Int((60 * deviations[0] / (deviations[0] + deviations[1])).rounded())
    #expect(draw.record.strata.map(\.drawn) == [first, 60 - first] && first < 25)
    #expect(Set(draw.posts.map(\.inclusion)) == [Double(first) / 300, Double(60 - first) / 300])
  }

  @Test func uncertainPostsHaveNoInclusionProbability() throws {
    let store = try store()
    let draw = try SampleDraw.draw(from: store.reader(), SamplePlan(size: 20, design: .uncertain))
    #expect(Set(draw.posts.map(\.post)) == Set(581...600) && draw.posts.allSatisfy { $0.inclusion == nil })
    let alone = try TestStore.labelsAlone()
    #expect(throws: ResultsError.noProbabilities(run: "theirs")) {
      try SampleDraw.draw(from: alone.reader(), SamplePlan(size: 1, design: .uncertain))
    }
  }

  @Test func impossibleSamplesAreErrors() throws {
    let store = try store(), reader = try store.reader()
    #expect(throws: ResultsError.sampleTooLarge(601, posts: 600)) {
      try SampleDraw.draw(from: reader, SamplePlan(size: 601))
    }
    var many = (0..<1001).map { TestRow(key: "p\($0)", extra: #"{"user":"u\#($0)"}"#) }
    let crowd = try TestStore(rows: many)
    #expect(throws: ResultsError.tooManyValues(column: "user", limit: 1000)) {
      try SampleDraw.draw(from: crowd.reader(), SamplePlan(size: 10, design: .stratified, by: ["user"]))
    }
    many.removeLast()
    // Each of the groups has one post.
    let draw = try SampleDraw.draw(
      from: TestStore(rows: many).reader(), SamplePlan(size: 10, design: .stratified, by: ["user"]))
    #expect(draw.record.size == 1000)
  }

  @Test func postsAreShownInTheOrderOfTheSample() throws {
    let store = try store(), reader = try store.reader()
    let draw = try SampleDraw.draw(from: reader, SamplePlan(size: 5))
    let shown = try draw.shown(1..<4, from: reader)
    #expect(shown.map(\.key) == draw.posts[1..<4].map { "p\($0.post - 1)" })
    #expect(shown.map(\.text) == draw.posts[1..<4].map { "text \($0.post - 1)" } && shown[0].image == "images/1.jpg")
  }

  /// Two labels of forty are wrong, and the model knows better.
  @Test func doubtfulLabelsAreFoundAndSentBack() throws {
    let rows = (0..<40).map { place in
      let ironic = place % 2 == 0 ? 0.9 : 0.1, isWrong = place == 6 || place == 11
      return TestRow(
        key: "p\(place)", text: "text \(place)", truth: (place % 2 == 0) != isWrong ? "ironic" : "sincere",
        predicted: ironic > 0.5 ? "ironic" : "sincere", confidence: 0.9,
        probabilities: place == 6
          ? #"{"sincere":0.02,"ironic":0.98}"# : #"{"sincere":\#(1 - ironic),"ironic":\#(ironic)}"#)
    }
    let store = try TestStore(rows: rows, labels: ["sincere", "ironic"]), reader = try store.reader()
    let labels = try DoubtfulLabels.load(from: reader)
    #expect(labels.labelled == 40 && labels.found == 2 && labels.rows.map(\.key) == ["p6", "p11"])
    #expect(labels.rows.map(\.given) == ["sincere", "ironic"] && labels.rows.map(\.likely) == ["ironic", "sincere"])
    let first = try #require(labels.rows.first)
    #expect(abs(first.probability - 0.02) < 1e-6 && abs(first.margin - 0.96) < 1e-6 && first.text == "text 6")
    #expect(try DoubtfulLabels.load(from: reader, limit: 1).rows.map(\.key) == ["p6"])
    #expect(throws: ResultsError.noSuchSource("ann", known: ["corpus"])) {
      try DoubtfulLabels.load(from: reader, truth: "ann")
    }
    let draw = try SampleDraw.draw(from: reader, SamplePlan(size: 10, design: .labelIssues))
    #expect(Set(draw.posts.map(\.post)) == [7, 12] && draw.posts.allSatisfy { $0.inclusion == nil })
    let writer = try StoreWriter.open(path: store.path)
    try writer.record(draw.record, ofRun: draw.run, posts: draw.posts)
    try writer.close()
    #expect(throws: ResultsError.chosenSample("sample-1")) {
      try RunShares.load(from: store.reader(), sample: "sample-1")
    }
  }
}
