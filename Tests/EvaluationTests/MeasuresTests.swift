import Bytes
import Evaluation
import Testing

@Suite struct MeasuresTests {
  /// Posts whose scores predict the truth more or less well.
  private static func posts(_ count: Int, labels: [ByteText] = ["no", "yes"], seed: UInt64 = 3) -> LabelledPosts {
    var random = SeededGenerator(seed: seed), posts = LabelledPosts(labels: labels)
    for _ in 0..<count {
      let truth = Int(random.next() % UInt64(labels.count))
      var row = labels.indices.map { place in
        Double(random.next() % 1000) / 1000 + (place == truth ? 0.4 : 0.01)
      }
      let total = row.reduce(0, +)
      row = row.map { $0 / total }
      posts.add(truth: truth, predicted: LabelledPosts.likeliest(row), probabilities: row)
    }
    return posts
  }

  private static func all(_ posts: LabelledPosts) -> [Int32] { Array(0..<Int32(posts.count)) }

  @Test func onePostHasNoEmptyIntervals() throws {
    let posts = Self.posts(1), all = Self.all(posts)
    let measures =
      ConfusionMatrixMeasures.list(
        posts.matrix(all), slice: "all", positive: nil, resampling: BootstrapOptions(), isWhole: true)
      + ProbabilityMeasures.list(posts, all, slice: "all", resampling: BootstrapOptions())
    for measure in measures where measure.name != "accuracy" { #expect(measure.interval == nil, "\(measure.name)") }
    let accuracy = try #require(measures.first { $0.name == "accuracy" }?.interval)
    #expect(accuracy.high - accuracy.low > 0.5)
  }

  /// Forty posts, all right: no draw of them contains an error, but other posts may.
  @Test func aPerfectRunHasNoIntervalFrom100To100Percent() throws {
    var posts = LabelledPosts(labels: ["no", "yes"])
    for place in 0..<40 {
      posts.add(truth: place % 2, predicted: place % 2, probabilities: place % 2 == 0 ? [1, 0] : [0, 1])
    }
    let all = Self.all(posts), matrix = posts.matrix(all)
    let measures =
      ConfusionMatrixMeasures.list(matrix, slice: "all", positive: nil, resampling: BootstrapOptions(), isWhole: true)
      + ProbabilityMeasures.list(posts, all, slice: "all", resampling: BootstrapOptions())
    func interval(_ name: String, _ label: ByteText = "") throws -> ConfusionMatrixBootstrap.Interval? {
      try #require(measures.first { $0.name == name && $0.label == label }, "\(name)").interval
    }
    let accuracy = try #require(try interval("accuracy")), wilson = WilsonInterval(40, of: 40)
    #expect(accuracy == ConfusionMatrixBootstrap.Interval(low: wilson.low, high: 1) && accuracy.low < 0.92)
    // A label's recall is a share of that label's posts.
    let recall = try #require(try interval("recall", "no"))
    #expect(recall.low == WilsonInterval(20, of: 20).low)
    #expect(try interval("precision", "yes") == recall)
    for name in [
      "macro_f1", "weighted_f1", "mcc", "balanced_accuracy", "macro_recall", "brier", "log_loss", "calibration_error",
    ] {
      #expect(try interval(name) == nil, "\(name)")
    }
    for name in ["f1", "auc", "average_precision"] { #expect(try interval(name, "yes") == nil, "\(name)") }
  }

  @Test func aRunThatIsAlwaysWrongHasNoIntervalFrom0To0Percent() throws {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    matrix.add(truth: "no", predicted: "yes", count: 25)
    matrix.add(truth: "yes", predicted: "no", count: 15)
    let measures = ConfusionMatrixMeasures.list(
      matrix, slice: "all", positive: nil, resampling: BootstrapOptions(), isWhole: true)
    let accuracy = try #require(measures.first { $0.name == "accuracy" }?.interval)
    #expect(accuracy.low == 0 && accuracy.high == WilsonInterval(0, of: 40).high)
    #expect(measures.allSatisfy { ($0.interval.map { $0.high - $0.low > 0.01 }) ?? true })
  }

  @Test func matrixMeasuresAreTheMetrics() throws {
    let posts = Self.posts(400), matrix = posts.matrix(Self.all(posts)), metrics = ClassificationMetrics(matrix)
    let measures = ConfusionMatrixMeasures.list(
      matrix, slice: "all", positive: nil, resampling: BootstrapOptions(draws: 200), isWhole: true)
    func value(_ name: String, _ label: ByteText = "") -> Double? {
      measures.first { $0.name == name && $0.label == label }?.score.value
    }
    #expect(value("accuracy") == metrics.accuracy.value && value("mcc") == matrix.matthewsCorrelation.value)
    #expect(value("binary_f1", "yes") == metrics.binary?.scores.f1.value)
    #expect(value("recall", "no") == metrics.labels[0].scores.recall.value)
    for measure in measures {
      let interval = try #require(measure.interval, "\(measure.name)")
      #expect(interval.low <= measure.score.value && measure.score.value <= interval.high, "\(measure.name)")
    }
    #expect(
      ConfusionMatrixMeasures.list(
        ConfusionMatrix(labels: ["a"]), slice: "all", positive: nil, resampling: BootstrapOptions(), isWhole: true
      ).isEmpty)
  }

  /// The simple counterpart draws posts one by one and ranks them again.
  @Test func areasHaveTheIntervalsOfAPlainBootstrap() throws {
    let posts = Self.posts(300), width = posts.labels.count
    let measures = ProbabilityMeasures.list(
      posts, Self.all(posts), slice: "all", resampling: BootstrapOptions(draws: 2000))
    let area = try #require(measures.first { $0.name == "auc" && $0.label == "yes" })
    let precision = try #require(measures.first { $0.name == "average_precision" && $0.label == "yes" })
    var random = SeededGenerator(seed: 8), areas: [Double] = [], precisions: [Double] = []
    for _ in 0..<2000 {
      let drawn = (0..<posts.count).map { _ in Int(random.next() % UInt64(posts.count)) }
      let metrics = RankingMetrics(
        scores: drawn.map { Double(posts.probabilities[$0 * width + 1]) }, isLabel: drawn.map { posts.truths[$0] == 1 })
      areas.append(metrics.areaUnderROC.value)
      precisions.append(metrics.averagePrecision.value)
    }
    for (measure, plain) in [(area, areas.sorted()), (precision, precisions.sorted())] {
      let interval = try #require(measure.interval), breadth = plain[1949] - plain[50]
      #expect(abs(interval.low - plain[50]) < 0.15 * breadth && abs(interval.high - plain[1949]) < 0.15 * breadth)
    }
  }

  @Test func probabilityMeasuresAreThoseOfTheDefinitions() throws {
    let posts = Self.posts(200, labels: ["a", "b", "c"])
    let rows = (0..<posts.count).map(posts.row)
    let plain = CalibrationMetrics(probabilities: rows, truths: posts.truths.map { Int($0) })
    let measures = ProbabilityMeasures.list(
      posts, Self.all(posts), slice: "all", resampling: BootstrapOptions(draws: 10))
    func value(_ name: String) -> Double { measures.first { $0.name == name }?.score.value ?? .nan }
    #expect(abs(value("brier") - plain.brier) < 1e-6 && abs(value("log_loss") - plain.logLoss) < 1e-6)
    #expect(abs(value("calibration_error") - plain.expectedCalibrationError) < 1e-6)
    let areas = measures.filter { $0.name == "auc" }.map(\.score.value)
    #expect(areas.count == 3 && abs(value("macro_auc") - areas.reduce(0, +) / 3) < 1e-12)
  }

  @Test func postsWithoutProbabilitiesAreLeftOut() {
    var posts = LabelledPosts(labels: ["a", "b"])
    posts.add(truth: 0, predicted: 1, probabilities: [.nan, .nan])
    #expect(ProbabilityMeasures.list(posts, [0], slice: "all", resampling: BootstrapOptions()).isEmpty)
    #expect(ThresholdSweep.steps(posts, positive: 1).isEmpty)
  }

  @Test func aTruthThatTheModelDoesNotKnowIsMissed() throws {
    var posts = LabelledPosts(labels: ["a", "b"])
    posts.add(truth: 0, predicted: 0, probabilities: [1, 0])
    posts.add(truth: 2, predicted: 0, probabilities: [1, 0])
    posts.name(["a", "b", "c"])
    let measures = ProbabilityMeasures.list(posts, [0, 1], slice: "all", resampling: BootstrapOptions(draws: 0))
    #expect(measures.first { $0.name == "brier" }?.score.value == 1)
    #expect(posts.matrix([0, 1]).unknownTruths == ["c"])
  }

  @Test func theSweepCountsWhatEachThresholdTakes() throws {
    let posts = Self.posts(150), width = posts.labels.count
    let steps = ThresholdSweep.steps(posts, positive: 1)
    #expect(steps.count == 20 && steps.count { $0.isBest } == 1)
    for step in steps {
      let taken = (0..<posts.count).filter { Double(posts.probabilities[$0 * width + 1]) >= step.threshold }
      let hits = taken.count { posts.truths[$0] == 1 }, all = posts.truths.count { $0 == 1 }
      #expect(step.taken == taken.count, "\(step.threshold)")
      #expect(abs(step.scores.f1.value - 2 * Double(hits) / Double(taken.count + all)) < 1e-12)
      #expect(steps.allSatisfy { $0.scores.f1.value <= (steps.first { $0.isBest }?.scores.f1.value ?? 0) })
    }
  }

  @Test func theTemperatureMaximizesTheLikelihood() {
    var posts = LabelledPosts(labels: ["a", "b"])
    // Nine of ten are right, and the model's confidence is 0.99; T reduces it to 0.9.
    for place in 0..<1000 { posts.add(truth: place % 10 == 0 ? 1 : 0, predicted: 0, probabilities: [0.99, 0.01]) }
    let scaling = TemperatureScaling(fitting: posts, Self.all(posts))
    var row = [0.99, 0.01]
    scaling.apply(&row)
    #expect(abs(row[0] - 0.9) < 1e-3 && abs(row[0] + row[1] - 1) < 1e-12 && scaling.temperature > 2)
    let (rule, gains) = DecisionRule.fit(posts, positive: nil)
    #expect(rule.thresholds == nil && gains.contains { $0.measure == "calibration_error" && $0.after < $0.before })
  }

  @Test func thresholdsDecide() {
    let rule = DecisionRule(thresholds: [0.7, 0.3])
    #expect(rule.decide([0.69, 0.31]) == 1 && rule.decide([0.71, 0.29]) == 0)
    #expect(DecisionRule().decide([0.4, 0.6]) == 1)
  }
}
