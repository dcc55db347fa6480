import Foundation
import SampleGenerator
import TestSupport
import Testing

@Suite struct LeakageCheckTests {
  @Test func aCorpusThatWasDrawnIsClean() throws {
    let scratch = try Scratch()
    try CorpusWriter(train: 600, validation: 50, test: 400, hasSound: true, seed: 7).write(to: scratch.path + "/corpus")
    let check = try LeakageCheck(folder: scratch.path + "/corpus")
    #expect(check.isClean)
    #expect(check.balances.count == 30)
    #expect(check.balances.allSatisfy { $0.difference <= ($0.split == "validation" ? 1 : 0) })
    #expect(check.balances.allSatisfy { $0.kinds >= 2 || $0.split == "validation" })
    // Rules about words and names find only ties, and pairs of which they get one right.
    #expect(
      check.baselines.filter { !["nearest picture", "nearest sound"].contains($0.rule) }.allSatisfy {
        $0.accuracy == 0.5
      })
    #expect(check.baselines.count == 12)
  }

  /// A corpus with these training and test posts, each twice so that they come in fours.
  private func check(
    train: [(text: String, label: String, picture: String)], test: [(text: String, label: String, picture: String)]
  ) throws -> LeakageCheck {
    let scratch = try Scratch()
    try CorpusWriter(train: 0, validation: 0, test: 2, seed: 1).write(to: scratch.path + "/corpus")
    let images = try scratch.files("corpus").keys.filter { $0.contains(".") && $0.hasPrefix("images/") }.sorted()
    for (name, posts) in [("train", train), ("test", test)] {
      let rows = (posts + posts).enumerated().map { index, post in
        "\(index),\(post.text),\(images[post.label == "sincere" ? 0 : 1]),\(post.label),bus,\(post.picture),same,en,a picture\n"
      }
      try scratch.write(
        "corpus/\(name).csv", "id,text,image,label,topic,picture,shows,language,knowledge\n" + rows.joined())
    }
    return try LeakageCheck(folder: scratch.path + "/corpus")
  }

  private func accuracy(_ check: LeakageCheck, _ rule: String) -> Double? {
    check.baselines.first { $0.rule == rule }?.accuracy
  }

  @Test func aWordThatRevealsTheLabelIsFound() throws {
    let check = try check(
      train: [("well the bus", "ironic", "sun"), ("the bus", "sincere", "sun")],
      test: [("well a train", "ironic", "sun"), ("a train", "sincere", "sun")])
    #expect(!check.isClean)
    #expect(accuracy(check, "majority by words") == 0.75)
    #expect(accuracy(check, "nearest text") == 0.75)
    #expect(accuracy(check, "majority by picture's names") == 0.5)
  }

  @Test func aPictureThatRevealsTheLabelIsFound() throws {
    let check = try check(
      train: [("the bus", "ironic", "skull"), ("the bus", "sincere", "sun")],
      test: [("a train", "ironic", "skull"), ("a train", "sincere", "sun")])
    #expect(!check.isClean)
    #expect(accuracy(check, "majority by picture's names") == 1)
    #expect(accuracy(check, "nearest picture") == 1)
    #expect(accuracy(check, "majority by words") == 0.5)
    #expect(check.balances.first { $0.split == "train" && $0.cue == "picture's names" }?.difference == 2)
  }

  @Test func aSoundThatRevealsTheLabelIsFound() throws {
    let scratch = try Scratch()
    try CorpusWriter(train: 40, validation: 0, test: 0, hasSound: true, seed: 1).write(to: scratch.path + "/corpus")
    let table = try String(contentsOfFile: scratch.path + "/corpus/train.csv", encoding: .utf8)
    let told = table.split(separator: "\n").map { line in
      let label = line.contains("a cheerful tune") ? ",sincere," : ",ironic,"
      return line.replacing(",sincere,", with: label).replacing(",ironic,", with: label) + "\n"
    }
    for name in ["train", "test"] { try scratch.write("corpus/\(name).csv", told.joined()) }
    let check = try LeakageCheck(folder: scratch.path + "/corpus")
    #expect(!check.isClean)
    #expect(accuracy(check, "nearest sound") == 1)
    #expect(accuracy(check, "majority by sound in words") == 1)
  }

  @Test func aSoundOfAnotherProgramIsReported() throws {
    let scratch = try Scratch()
    try CorpusWriter(train: 4, validation: 0, test: 4, hasSound: true, seed: 1).write(to: scratch.path + "/corpus")
    try scratch.write("corpus/sounds/train-00002.npy", "RIFF")
    let error = #expect(throws: SampleGeneratorError.self) { try LeakageCheck(folder: scratch.path + "/corpus") }
    #expect("\(try #require(error))".contains("sounds/train-00002.npy"))
  }

  @Test func aTextOfTheTestThatTrainingHasIsFound() throws {
    let posts = [("the bus", "ironic", "sun"), ("the bus", "sincere", "sun")]
    let check = try check(train: posts, test: posts)
    #expect(check.sharedTexts == 4)
    #expect(!check.isClean)
  }

  @Test func aPictureOutsideTheFolderIsNotRead() throws {
    let scratch = try Scratch()
    try CorpusWriter(train: 0, validation: 0, test: 1, seed: 1).write(to: scratch.path + "/corpus")
    try scratch.write(
      "corpus/train.csv",
      "id,text,image,label,topic,picture,shows,language\n1,a,../sun.png,ironic,bus,sun,same,en\n")
    #expect(throws: (any Error).self) { try LeakageCheck(folder: scratch.path + "/corpus") }
  }

  @Test func anUnknownLabelIsReported() throws {
    let error = #expect(throws: SampleGeneratorError.self) { try check(train: [("a", "maybe", "sun")], test: []) }
    #expect("\(try #require(error))".contains("line 2"))
  }
}
