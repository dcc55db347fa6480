import Bytes
import Evaluation
import Foundation
import Models
import TestSupport
import Testing
import Training

/// Each warning on both sides of its threshold, and runs that cause warnings.
@Suite struct TrainingWarningTests {
  private static let epochZero =
    #"{"epoch":0,"is_best":false,"loss_classification":0,"loss_image":0,"loss_text":0,"loss_total":0,"rate":0,"#
    + #""steps":0,"validation":{"accuracy":0.5,"loss":0.7,"macro_f1":0.4,"weighted_f1":0.4}}"# + "\n"

  private func record(epoch: Int = 0, _ change: (inout EpochRecord) -> Void) throws -> EpochRecord {
    var record = try #require(TrainingHistory(lines: Self.epochZero)?.epochs.first)
    record.epoch = epoch
    change(&record)
    return record
  }

  private func names(_ record: EpochRecord, alpha: Double = 1) -> [String] {
    TrainingWarning.all(of: record, alpha: alpha).map(\.name)
  }

  private func space(
    _ count: Int = 1000, cosine: Double = 0.1, rank: Double = 100, dimensions: Int = 512
  ) -> SpaceGeometry.Side {
    SpaceGeometry.Side(
      count: count, dimensions: dimensions, meanCosine: cosine, effectiveRank: rank, uniformity: -3)
  }

  @Test(arguments: [(1, []), (2, ["small_batch"]), (7, ["small_batch"]), (8, [])])
  func aSmallBatch(batch: Int, expected: [String]) throws {
    let record = try record {
      $0.alignment = AlignmentCheck(batch: batch, teacherPairs: nil, sharedTexts: 0, sharedPictures: 0)
    }
    #expect(names(record) == expected)
    #expect(names(record, alpha: 0).isEmpty)
    #expect(TrainingWarning.smallBatch(7).description.contains("with the 6 others"))
  }

  @Test func vectorsThatPostsOfABatchShare() throws {
    func shared(_ texts: Double, _ pictures: Double) throws -> [String] {
      names(
        try record {
          $0.alignment = AlignmentCheck(batch: 64, teacherPairs: nil, sharedTexts: texts, sharedPictures: pictures)
        })
    }
    #expect(try shared(0.2, 0.2).isEmpty)
    #expect(try shared(0.201, 0.2) == ["shared_text_vectors"])
    #expect(try shared(0.2, 0.201) == ["shared_image_vectors"])
    #expect(
      TrainingWarning.sharedVectors(.image, share: 0.354, batch: 64).description
        .hasPrefix("In a batch of 64 posts, 35.4 % are expected to have the same teacher's picture vector"))
  }

  @Test func aTeacherAtChance() throws {
    func pairs(_ low: Double, _ high: Double) throws -> [TrainingWarning] {
      let estimate = Estimate(value: (low + high) / 2, low: low, high: high, count: 1000)
      return TrainingWarning.all(
        of: try record {
          $0.alignment = AlignmentCheck(batch: 8, teacherPairs: estimate, sharedTexts: 0, sharedPictures: 0)
        }, alpha: 1)
    }
    #expect(try pairs(0.501, 0.55).isEmpty)
    #expect(try pairs(0.5, 0.55).map(\.name) == ["teacher_at_chance"])
    let at = try #require(try pairs(0.48, 0.54).first).description
    #expect(at.contains("at chance") && at.contains("51.0 % of cases (1000 posts, 95 % interval: 48.0 % to 54.0 %)"))
    #expect(try #require(try pairs(0.3, 0.4).first).description.contains("below chance"))
  }

  @Test func aCollapsedSpace() throws {
    func collapsed(_ texts: SpaceGeometry.Side?, _ images: SpaceGeometry.Side? = nil, epoch: Int = 3) throws
      -> EpochRecord
    {
      try record(epoch: epoch) { ($0.validation.textSpace, $0.validation.imageSpace) = (texts, images) }
    }
    #expect(names(try collapsed(space(), space())).isEmpty)
    #expect(names(try collapsed(space(cosine: 0.9), nil)).isEmpty)
    #expect(names(try collapsed(space(cosine: 0.901), space())) == ["collapsed_text_vectors"])
    #expect(names(try collapsed(space(rank: 25.6), space(rank: 25.5))) == ["collapsed_image_vectors"])
    #expect(names(try collapsed(space(rank: 2, dimensions: 16), space(rank: 1.9, dimensions: 16))).count == 1)
    // Nothing was learnt yet; nothing is aligned; too few posts.
    #expect(names(try collapsed(space(cosine: 0.99), epoch: 0)).isEmpty)
    #expect(names(try collapsed(space(cosine: 0.99)), alpha: 0).isEmpty)
    #expect(names(try collapsed(space(29, cosine: 0.99))).isEmpty)
    let alike = SpaceGeometry.Side([[Float]](repeating: [1, 2, 3, 4], count: 40))
    let warning = try #require(TrainingWarning.all(of: try collapsed(alike), alpha: 1).first)
    #expect(warning == .collapsed(.text, epoch: 3, alike))
    #expect(warning.description.contains("cosine of two different posts is 1.000"))
    #expect(warning.description.contains("rank is 0.0 of 4 (warning below 2.0)"))
  }

  @Test func aSideThatIsIgnored() throws {
    func ignored(_ pictures: Estimate?, _ texts: Estimate?, alpha: Double) throws -> [String] {
      names(
        try record(epoch: 2) { $0.labelChanges = LabelChanges(swappedPictures: pictures, swappedTexts: texts) },
        alpha: alpha)
    }
    // Wilson's upper end for 0 of 73 is 4.999 %, for 0 of 72 it is 5.07 %.
    let few = Estimate.share(0, of: 73), more = Estimate.share(0, of: 72)
    for alpha in [0.0, 1] {
      #expect(try ignored(few, more, alpha: alpha) == ["ignored_image"])
      #expect(try ignored(more, few, alpha: alpha) == ["ignored_text"])
      #expect(try ignored(nil, nil, alpha: alpha).isEmpty)
    }
    let words = TrainingWarning.ignored(.image, swapped: few, hidden: .share(1, of: 73)).description
    #expect(words.hasPrefix("The answer hardly changes without pictures"))
    #expect(
      words.contains("0.0 % of cases (73 posts, 95 % interval: 0.0 % to 5.0 %), with the picture hidden in 1.4 %"))
  }

  @Test func aModelWithOneLabelForAllPosts() throws {
    var history = try #require(TrainingHistory(lines: Self.epochZero))
    history.epochs.append(try record(epoch: 1) { ($0.validation.onlyLabel, $0.isBest) = (ByteText("ironic"), true) })
    #expect(names(history.epochs[1]).isEmpty, "an early epoch may have one")
    let warning = TrainingWarning.oneLabel(ByteText("ironic"), accuracy: 0.5)
    #expect(history.warnings(alpha: 0) == [warning] && warning.name == "one_label")
    #expect(warning.description.contains("the label \"ironic\", which is right for 50.0 % of them"))
    #expect(TrainingHistory(lines: try history.lines()) == history)
    history.epochs.append(try record(epoch: 2) { $0.isBest = true })
    #expect(history.warnings(alpha: 0).isEmpty)
  }

  @Test func theHistoryRecordsTheInputsOfWarnings() throws {
    var history = try #require(TrainingHistory(lines: Self.epochZero))
    history.epochs[0].alignment = AlignmentCheck(
      batch: 4, teacherPairs: .share(50, of: 100), sharedTexts: 0.25, sharedPictures: 0)
    var later = try record(epoch: 1) {
      ($0.validation.textSpace, $0.validation.imageSpace) = (space(cosine: 0.95), space())
      ($0.validation.pairDistance, $0.validation.pairArea) = (1.5, .share(70, of: 100))
      $0.labelChanges = LabelChanges(
        hiddenPictures: .share(3, of: 100), swappedPictures: .share(1, of: 200), swappedTexts: .share(90, of: 100))
    }
    later.isBest = true
    history.epochs.append(later)
    let lines = try history.lines()
    #expect(TrainingHistory(lines: lines) == history)
    #expect(lines.contains(#""teacher_pairs":{"#) && lines.contains(#""mean_cosine":0.95"#))
    #expect(
      history.warnings(alpha: 1).map(\.name) == [
        "small_batch", "shared_text_vectors", "teacher_at_chance", "collapsed_text_vectors", "ignored_image",
      ])
    #expect(try #require(TrainingHistory(lines: Self.epochZero)).warnings(alpha: 1).isEmpty)
  }

  /// Three different pictures vary in two directions at most, however they are learnt; a teacher whose vectors are all
  /// alike tells no posts apart.
  @Test func aRunWithATeacherWhoseVectorsAreAllAlikeWarns() throws {
    var run = try TinyRun()
    let path = run.scratch.file("alike.safetensors"), posts = 0..<52
    let numbers = posts.flatMap { _ in (0..<8).map { Float($0) - 3 } }
    try SafetensorsTeacher.write(path, ids: posts.map { "p\($0)" }, text: numbers, image: numbers, width: 8)
    run.teacher = try TeacherCache.load(path)
    (run.settings.alpha, run.settings.epochs) = (1, 2)
    let trainer = try run.trainer(validation: TinyRun.csv(12..<52))
    var names: [String] = [], warnings: [TrainingWarning] = [], beforeTraining = 0
    let outcome = try trainer.run(
      card: run.card, checkpoints: CheckpointInterval(seconds: 600, steps: nil),
      observe: { event in
        switch event {
        case .warning(let warning):
          names.append(warning.name)
          warnings.append(warning)
        case .epoch(let record, _): if record.epoch == 0 { beforeTraining = names.count }
        case .step, .tried, .searchEnded: break
        }
      }, shouldStop: { false })
    let early = ["small_batch", "shared_text_vectors", "shared_image_vectors", "teacher_at_chance"]
    #expect(Array(names.prefix(4)) == early && beforeTraining == 4)
    #expect(Set(names).count == names.count, "each once: \(names)")
    #expect(names.contains("collapsed_image_vectors"))
    #expect(warnings.contains(.sharedVectors(.text, share: 1, batch: 4)))
    let pairs = try #require(outcome.history.epochs[0].alignment?.teacherPairs)
    #expect(pairs.value == 0.5 && pairs.low <= 0.5 && pairs.count == 3, "each picture once")
    let final = outcome.warnings.map(\.name)
    #expect(Array(final.prefix(4)) == early && final.contains("collapsed_image_vectors"))
    #expect(try TrainingHistory(lines: run.text("model/history.jsonl"))?.warnings(alpha: 1) == outcome.warnings)
  }

  /// Pictures that differ as files but not as pixels are ignored by every model.
  @Test func aRunWithUninformativePicturesWarns() throws {
    var run = try TinyRun()
    for (index, name) in ["a.png", "b.png", "c.png"].enumerated() {
      let side = 2 + 2 * index
      try run.scratch.write(name, PNG.file(width: side, [UInt8](repeating: 90, count: 3 * side * side)))
    }
    run.settings.epochs = 1
    let outcome = try run.train(try run.trainer(validation: TinyRun.csv(12..<212)))
    let changes = try #require(outcome.best.labelChanges), swapped = try #require(changes.swappedPictures)
    #expect(swapped.value == 0 && swapped.count >= 73 && swapped.count < 200)
    #expect(outcome.warnings.contains(.ignored(.image, swapped: swapped, hidden: changes.hiddenPictures)))
    run.configuration.aggregation = .text
    let texts = try run.train(try run.trainer("text", validation: TinyRun.csv(12..<212)))
    #expect(!texts.warnings.map(\.name).contains("ignored_image"), "nobody expects pictures to count there")
  }
}
