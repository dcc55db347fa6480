import Testing
import Training

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

  @Test func oneLabelTellsNothingApart() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("text,label\ngood,yes\nbad,yes\n")
    #expect(throws: TrainingDataError.oneLabel("yes", files: ["posts.csv"])) { try LabelSet(of: posts) }
    #expect(throws: TrainingDataError.oneLabel("yes", files: ["posts.csv"])) {
      try LabelSet(of: posts, names: ["yes"])
    }
  }

  @Test func noPostsAreSaidToBeNone() throws {
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
    #expect(words.contains("--label"))
  }

  @Test func aNamedLabelThatNobodyTeachesIsRefused() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts("text,label\ngood,a\nbad,b\n")
    #expect(throws: TrainingDataError.absentLabels(["c"], files: ["posts.csv"])) {
      try LabelSet(of: posts, names: ["a", "b", "c"])
    }
    #expect(throws: TrainingDataError.labelName("a", index: 2)) { try LabelSet(names: ["a", "b", "a"]) }
    #expect(throws: TrainingDataError.labelName("", index: 1)) { try LabelSet(names: ["a", ""]) }
  }

  @Test func aStrangeLabelInValidationIsRefused() throws {
    let scratch = try Scratch()
    let labels = try LabelSet(of: try scratch.posts("text,label\ngood,a\nbad,b\n"))
    let posts = try scratch.posts("text,label\ngood,a\nbad,A\nbad,c\nbad,c\n")
    let error = TrainingDataError.unknownLabels(
      [LabelCount(label: "c", count: 2), LabelCount(label: "A", count: 1)], known: ["a", "b"])
    #expect(throws: error) { try TrainingSet(posts, labels: labels) }
    #expect(
      "\(error)" == "3 posts have labels that training does not know: \"c\" (2), \"A\" (1), and the labels are \"a\", "
        + "\"b\"; where only names differ, say --labels THEIRS=OURS,…")
  }

  @Test func bareNumbersAreNoticed() throws {
    #expect(try LabelSet(names: ["0", "-1"]).areBareNumbers)
    #expect(try !LabelSet(names: ["0", "one"]).areBareNumbers)
  }
}
