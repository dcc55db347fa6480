import Evaluation
import GoldenModels
import Testing
import Training

@Suite struct AlignmentLossTests {
  /// Cosines 1, 0.6, 0 and 0.8 over τ = ½ are the scores 2, 1.2; 0, 1.6. The loss is a quarter of
  /// ln(1 + e^−0.8) + ln(1 + e^−1.6) by rows and ln(1 + e^−2) + ln(1 + e^−0.4) by columns.
  @Test func twoVectorsByHand() {
    let (loss, gradients) = AlignmentLoss.of([[2, 0], [0, 3]], [[1, 0], [3, 4]], temperature: 0.5)
    #expect(abs(loss - (0.371_100_7 + 0.183_900_6 + 0.126_928_0 + 0.513_015_3) / 4) < 1e-6)
    // By score 1, 2: (0.310026 + 0.401312) / 2; along the first vector nothing is left, across it 0.8 / 2.
    #expect(abs(gradients[0][0]) < 1e-7)
    #expect(abs(gradients[0][1] - 0.355_668_9 * 0.4) < 1e-6)
    // By scores 2, 1 and 2, 2: 0.143592 and −0.284647; across the second vector 1 and 0.6, over its length, 3.
    #expect(abs(gradients[1][0] - (0.143_592_3 - 0.284_647_0 * 0.6) / 3) < 1e-6)
    #expect(abs(gradients[1][1]) < 1e-7)
  }

  @Test func oneOrNoVectorHasNoLoss() {
    let one = AlignmentLoss.of([[1, 2]], [[-3, 1]], temperature: 0.1)
    #expect(abs(one.loss) < 1e-12)
    #expect(one.gradients[0].allSatisfy { abs($0) < 1e-6 })
    let none = AlignmentLoss.of([], [], temperature: 0.1)
    #expect(none.loss == 0 && none.gradients.isEmpty)
  }

  /// Equal vectors cost ln n, for any value.
  @Test func equalVectorsCostTheLogarithmOfTheirNumber() {
    let vectors = [[Float]](repeating: [1, -2, 0.5], count: 8)
    #expect(abs(AlignmentLoss.of(vectors, vectors, temperature: 0.1).loss - 2.079_441_5) < 1e-6)
  }

  @Test func lengthsDoNotMatter() {
    var random = SeededGenerator(seed: 1)
    let students = (0..<5).map { _ in random.floats(7) }, teachers = (0..<5).map { _ in random.floats(7) }
    let (loss, gradients) = AlignmentLoss.of(students, teachers, temperature: 0.1)
    let longer = AlignmentLoss.of(
      students.map { $0.map { $0 * 8 } }, teachers.map { $0.map { $0 * 1e10 } }, temperature: 0.1)
    #expect(abs(longer.loss - loss) < 1e-6 * loss)
    for (long, short) in zip(longer.gradients, gradients) {
      #expect(zip(long, short).allSatisfy { abs($0 * 8 - $1) < 1e-5 })
    }
    // The component along a vector can't be learnt.
    for (student, gradient) in zip(students, gradients) {
      #expect(abs(zip(student, gradient).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-5)
    }
  }

  /// A vector of zeros has no direction; the rest of the batch goes on.
  @Test func zerosAreFinite() {
    let (loss, gradients) = AlignmentLoss.of([[0, 0], [1, 2]], [[1, 0], [0, 1]], temperature: 0.1)
    #expect(loss.isFinite)
    #expect(gradients.joined().allSatisfy { $0.isFinite })
  }
}

@Suite struct ClassificationLossTests {
  /// Of ¾ and ½: −ln ¾ = 0.287682 and ln 2 = 0.693147.
  private static let logits: [[Float]] = [[1.098_612_3, 0], [0, 0]]

  @Test func theMeanOfTwo() {
    let (loss, gradients) = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: nil)
    #expect(abs(loss - (0.287_682_1 + 0.693_147_2) / 2) < 1e-6)
    #expect(near(gradients, [[-0.125, 0.125], [0.25, -0.25]]))
  }

  /// Weights 1 and 3 make (0.287682 + 3 · 0.693147) / 4.
  @Test func classWeightsByHand() {
    let (loss, gradients) = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: [1, 3])
    #expect(abs(loss - 0.591_780_9) < 1e-6)
    #expect(near(gradients, [[-0.0625, 0.0625], [0.375, -0.375]]))
    // Only the ratio of the weights matters.
    let scaled = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: [10, 30])
    #expect(abs(scaled.loss - loss) < 1e-12)
    #expect(near(scaled.gradients, gradients))
  }

  @Test func aLabelOfNoWeightTeachesNothing() {
    let one = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: [0, 1])
    #expect(abs(one.loss - 0.693_147_2) < 1e-6)
    #expect(near(one.gradients, [[0, 0], [0.5, -0.5]]))
    let none = ClassificationLoss.of(ClassificationLossTests.logits, [0, 0], weights: [0, 1])
    #expect(none.loss == 0 && none.gradients == [[0, 0], [0, 0]])
  }

  @Test func largeLogitsStayFinite() {
    let (loss, gradients) = ClassificationLoss.of([[3e38, -3e38, 0], [1e4, 0, 0]], [0, 1], weights: nil)
    #expect(loss == 5_000)
    #expect(near(gradients, [[0, 0, 0], [0.5, -0.5, 0]]))
  }

  @Test func aNaNStaysANaN() {
    let (loss, gradients) = ClassificationLoss.of([[.nan, 0], [0, 0]], [1, 1], weights: nil)
    #expect(loss.isNaN)
    #expect(gradients[0].allSatisfy { $0.isNaN } && gradients[1].allSatisfy { $0.isFinite })
  }

  /// Half each: (ln 4 − ½ ln 3 + ln 2) / 2 of probabilities ¾ and ½.
  @Test func probabilitiesByHand() {
    let (loss, gradients) = ClassificationLoss.of(
      ClassificationLossTests.logits, [0, 0], distributions: [[0.5, 0.5], [0.5, 0.5]], weights: nil)
    #expect(abs(loss - (1.386_294_4 - 0.549_306_1 + 0.693_147_2) / 2) < 1e-6)
    #expect(near(gradients, [[0.125, -0.125], [0, 0]]))
  }

  /// A certain label gives the same bits as the label, and so does a list without probabilities.
  @Test func certainProbabilitiesEqualLabels() {
    var random = SeededGenerator(seed: 3)
    let logits = (0..<9).map { _ in random.floats(4) }, labels = (0..<9).map { $0 % 4 }
    let certain = labels.map { label in (0..<4).map { $0 == label ? 1.0 : 0 } }
    for weights in [nil, [0.5, 2, 1, 3]] {
      let hard = ClassificationLoss.of(logits, labels, weights: weights)
      for distributions in [certain, [[Double]?](repeating: nil, count: 9)] {
        let soft = ClassificationLoss.of(logits, labels, distributions: distributions, weights: weights)
        #expect(soft.loss == hard.loss && soft.gradients == hard.gradients)
      }
    }
  }

  @Test(arguments: ["", "weighted."]) func probabilitiesEqualPyTorch(prefix: String) throws {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let golden = try GoldenTensors(path: "/\(folder)/Data/soft-labels.safetensors")
    func rows(_ name: String) throws -> [[Float]] { try (0..<6).map { try #require(golden.slice(name, $0)) } }
    let targets = try rows("targets").map { $0.map(Double.init) }
    let labels = targets.map { row in row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } }
    let weights = try #require(golden["weights"]).map(Double.init)
    let (loss, gradients) = ClassificationLoss.of(
      try rows("logits"), labels, distributions: targets, weights: prefix.isEmpty ? nil : weights)
    #expect(abs(loss - Double(try #require(golden[prefix + "loss"]?.first))) < 1e-6)
    #expect(near(gradients, try rows(prefix + "grad")))
  }

  private func near(_ a: [[Float]], _ b: [[Float]]) -> Bool {
    a.map(\.count) == b.map(\.count) && zip(a.joined(), b.joined()).allSatisfy { abs($0 - $1) < 1e-6 }
  }
}
