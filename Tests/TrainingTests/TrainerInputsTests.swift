import Bytes
import Corpus
import Inputs
import Models
import Preparation
import TestSupport
import Testing
import Training

@Suite struct TrainerInputsTests {
  /// Posts with one of two words in each of five positions, so that no two are equal.
  private static func csv(_ range: Range<Int>, yes: String = "yes", no: String = "no") -> String {
    range.reduce(into: "id,text,label\n") { text, index in
      let words = (0..<5).map { (index >> $0) & 1 == 0 ? "good" : "bad" }.joined(separator: " ")
      text += "p\(index),\(words),\(index % 2 == 0 ? yes : no)\n"
    }
  }

  private func posts(_ run: TinyRun, _ name: String, _ csv: String) throws -> TrainingPosts {
    let start = try run.start()
    let reader = try InputReader(
      configuration: start.configuration, vocabularyPath: start.vocabularyPath, lexiconPath: nil,
      limits: PictureLimits(), decoding: .exact)
    return try TrainingPosts.read(
      paths: [try run.scratch.write(name, csv)], options: CorpusOptions(), reader: reader, threads: 1)
  }

  private func inputs(
    _ run: TinyRun, _ training: String, _ validation: String, labels: [ByteText]? = nil
  ) throws -> TrainerInputs {
    try TrainerInputs(
      try run.start(), training: try posts(run, "train.csv", training),
      validation: try posts(run, "valid.csv", validation), labels: labels, teacher: run.teacher, run.settings)
  }

  @Test func labelsAreSortedUnlessTheirOrderIsGiven() throws {
    let run = try TinyRun()
    let sorted = try inputs(run, Self.csv(0..<12), Self.csv(12..<18))
    #expect(sorted.start.configuration.labelNames == ["no", "yes"] && sorted.notices.isEmpty)
    #expect(sorted.training.count == 12 && sorted.validation.count == 6)
    let given = try inputs(run, Self.csv(0..<12), Self.csv(12..<18), labels: ["yes", "no"])
    #expect(given.start.configuration.labelNames == ["yes", "no"])
    #expect(throws: TrainingDataError.self) {
      try inputs(run, Self.csv(0..<12), Self.csv(12..<18), labels: ["yes", "perhaps"])
    }
  }

  @Test func postsInBothCorporaAreCounted() throws {
    #expect(try inputs(try TinyRun(), Self.csv(0..<12), Self.csv(9..<18)).notices == [.shared(3)])
  }

  @Test func postsWithoutATeacherVectorAreCounted() throws {
    var run = try TinyRun()
    try run.teach(0..<10)
    #expect(
      try inputs(run, Self.csv(0..<12), Self.csv(12..<18)).notices == [
        .untaughtInValidation(6), .teacherIsOnlyCompared,
      ])
    (run.settings.alpha, run.settings.batch) = (1, 1)
    #expect(
      try inputs(run, Self.csv(0..<12), Self.csv(8..<10)).notices == [
        .untaught(2), .nothingToAlign, .shared(2),
      ])
  }

  @Test func whatThePostsLackIsSaid() throws {
    let run = try TinyRun()
    // 40 posts, of which three have a picture, one has no text, and five have a rare label; a validation post has the text of one, a second its picture.
    let training = (0..<40).reduce(into: "id,text,image,label\n") { text, index in
      text += "p\(index),\(index == 39 ? "" : "good \(index)"),\(index > 36 ? "a.png" : ""),"
      text += (index < 5 ? "rare" : "yes") + "\n"
    }
    let validation = "id,text,image,label\nv1,good 7,b.png,yes\nv2,bad,a.png,yes\n"
    let inputs = try inputs(run, training, validation)
    #expect(
      inputs.notices == [
        .sharedText(1), .sharedPicture(1), .withoutPicture(37, of: 40), .withoutText(1, of: 40),
        .fewPosts([LabelCount(label: "rare", count: 5)]), .notValidated(["rare"]),
      ])
    #expect(TrainingRecipe.frozen.pictureDropout(for: inputs) == 0.1)
    #expect(TrainingRecipe.paper.pictureDropout(for: inputs) == nil)
    let texts = try self.inputs(run, Self.csv(0..<12), Self.csv(12..<18))
    #expect(TrainingRecipe.frozen.pictureDropout(for: texts) == nil, "without any picture there is nothing to hide")
  }

  @Test func bareNumbersAreNoNames() throws {
    let training = Self.csv(0..<12, yes: "1", no: "0"), validation = Self.csv(12..<18, yes: "1", no: "0")
    #expect(try inputs(try TinyRun(), training, validation).notices == [.labelsAreNumbers])
  }
}
