import Bytes
import Preparation
import Inputs
import Models
import Scoring
import TestSupport
import Testing
import Training

@Suite struct TrainingSetTests {
  private static let samples = (0..<12).map { UInt8($0 * 20) }

  @Test func anExampleHoldsWhatScoringWouldRead() throws {
    let scratch = try Scratch()
    let picture = try scratch.png("a.png", Self.samples)
    let posts = try scratch.posts(
      "id,text,knowledge,image,label\n1,good cat,bad,a.png,yes\n2,,,a.png,no\n3,dog,,,no\n", knowledge: true)
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts))
    let file = try PictureFolder(root: scratch.path).load(picture)
    #expect(set.count == 3 && (0..<3).map(set.hasPicture) == [true, true, false])
    #expect(set[0].inputs.text == [2, 4, 6, 3] && set[0].inputs.knowledge == [2, 5, 3] && set[0].label == 1)
    #expect(set[1].inputs.text == [2, 3] && set[1].inputs.knowledge == [2, 3] && set[1].label == 0)
    #expect(set[2].inputs.text == [2, 1, 3] && set[2].inputs.pixels == nil)
    #expect(set.tokens(of: 0) == 7)
    let planes = (0..<3).flatMap { channel in (0..<4).map { Float(Self.samples[3 * $0 + channel]) / 255 } }
    #expect(set[0].inputs.pixels == planes && set[1].inputs.pixels == planes)
    #expect(try scratch.reader().pixels(of: file) == planes)
    #expect(set[0].inputs.pictureIdentity == file.sha256)
    #expect(set[0].teacher == nil && set.untaught == 3)
  }

  @Test func aPictureCanBeHidden() throws {
    let scratch = try Scratch()
    try scratch.png("a.png", Self.samples)
    let posts = try scratch.posts("text,image,label\ngood,a.png,yes\nbad,a.png,no\n")
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts))
    let hidden = set[0, pictured: false].inputs
    #expect(hidden.pixels == nil && hidden.pictureIdentity == nil && hidden.text == [2, 4, 3])
    #expect(set[0].inputs.pixels != nil)
  }

  @Test func knowledgeIsLeftOutWhereTheModelReadsNone() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("text,knowledge,label\ngood,bad,yes\nbad,,no\n")
    #expect(try TrainingSet(posts, labels: try LabelSet(of: posts))[0].inputs.knowledge == nil)
  }

  @Test func theTeachersVectorsAreMatchedByKey() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("id,text,label\ne\u{301},good,yes\né,bad,no\n3,bad,no\n")
    let path = scratch.file("teacher.safetensors")
    try SafetensorsTeacher.write(
      path, ids: ["3", "é", "x"], text: [1, 2, 3, 4, 5, 6], image: [6, 5, 4, 3, 2, 1], width: 2)
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts), teacher: try TeacherCache.load(path))
    #expect(set.untaught == 1 && set[0].teacher == nil)
    #expect(set[1].teacher == TeacherVectors(text: [3, 4], image: [4, 3]))
    #expect(set[2].teacher == TeacherVectors(text: [1, 2], image: [6, 5]))
  }
}

@Suite struct LabelSetTests {
  @Test func labelsAreSortedByTheirBytesUnlessGiven() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("text,label\ngood,b\ngood,e\u{301}\ngood,é\ngood,B\n")
    #expect(try LabelSet(of: posts).names.map { Array($0.utf8) } == ["B", "b", "e\u{301}", "é"].map { Array($0.utf8) })
    let given = try LabelSet(of: posts, names: ["é", "b", "e\u{301}", "B"])
    #expect(given["é"] == 0 && given["e\u{301}"] == 2 && given["x"] == nil && given.count == 4)
    let set = try TrainingSet(posts, labels: given)
    #expect(set.classCounts == [1, 1, 1, 1] && set.label(of: 0) == 1)
  }

  @Test func aSingleLabelIsAnError() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("text,label\ngood,yes\nbad,yes\n")
    #expect(throws: TrainingDataError.oneLabel("yes", files: ["posts.csv"])) { try LabelSet(of: posts) }
    #expect(throws: TrainingDataError.oneLabel("yes", files: ["posts.csv"])) {
      try LabelSet(of: posts, names: ["yes"])
    }
  }

  @Test func noPostsAreAnError() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("text,label\ngood,\nbad\n")
    #expect(throws: TrainingDataError.noPosts(files: ["posts.csv"], unlabelled: 1, faulted: 1)) {
      try LabelSet(of: posts)
    }
    let labels = try LabelSet(names: ["a", "b"])
    #expect(throws: TrainingDataError.noPosts(files: ["posts.csv"], unlabelled: 1, faulted: 1)) {
      try TrainingSet(posts, labels: labels)
    }
    let words = "\(TrainingDataError.noPosts(files: ["posts.csv"], unlabelled: 1, faulted: 1))"
    #expect(words.contains("1 rows without one, 1 other faulty rows"))
  }

  @Test func aNamedLabelWithoutPostsIsRejected() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("text,label\ngood,a\nbad,b\n")
    #expect(throws: TrainingDataError.absentLabels(["c"], files: ["posts.csv"])) {
      try LabelSet(of: posts, names: ["a", "b", "c"])
    }
    #expect(throws: TrainingDataError.labelName("a", index: 2)) { try LabelSet(names: ["a", "b", "a"]) }
    #expect(throws: TrainingDataError.labelName("", index: 1)) { try LabelSet(names: ["a", ""]) }
  }

  @Test func anUnknownLabelInValidationIsRejected() throws {
    let scratch = try Scratch()
    let labels = try LabelSet(of: try scratch.posts("text,label\ngood,a\nbad,b\n"))
    let posts = try scratch.posts("text,label\ngood,a\nbad,A\nbad,c\nbad,c\n")
    let error = TrainingDataError.unknownLabels(
      [LabelCount(label: "c", count: 2), LabelCount(label: "A", count: 1)], known: ["a", "b"])
    #expect(throws: error) { try TrainingSet(posts, labels: labels) }
    #expect(
      "\(error)"
        == "3 posts have labels that the model does not have: \"c\" (2), \"A\" (1); the labels are \"a\", \"b\"")
  }

  @Test func bareNumbersAreNoticed() throws {
    #expect(try LabelSet(names: ["0", "-1"]).areBareNumbers)
    #expect(try !LabelSet(names: ["0", "one"]).areBareNumbers)
  }
}
