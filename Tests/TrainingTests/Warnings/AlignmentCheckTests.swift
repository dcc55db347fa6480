import Evaluation
import TestSupport
import Testing
import Training

@Suite struct AlignmentCheckTests {
  /// Every batch of all batches, counted.
  private func counted(_ groups: [Int], posts: Int, batch: Int) -> Double {
    let group = groups.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    var shared = 0, drawn = 0
    for subset in 0..<(1 << posts) where subset.nonzeroBitCount == batch {
      let members = group.indices.filter { subset >> $0 & 1 == 1 }
      drawn += members.count
      shared += members.count { member in members.contains { $0 != member && group[$0] == group[member] } }
    }
    return Double(shared) / Double(drawn)
  }

  @Test(arguments: [([1, 1, 1, 1], 4), ([2, 1, 1], 4), ([4], 4), ([3, 2, 2, 1], 9), ([2, 2, 2, 2, 2], 10)])
  func theExpectedShareIsThatOfAllBatches(groups: [Int], posts: Int) {
    for batch in 2...posts - 1 {
      let share = AlignmentCheck.sharedShare(groups, posts: posts, batch: batch)
      #expect(abs(share - counted(groups, posts: posts, batch: batch)) < 1e-12, "\(groups), \(batch)")
    }
    #expect(AlignmentCheck.sharedShare(groups, posts: posts, batch: 1) == 0)
  }

  @Test func noVectorsShareNothing() {
    #expect(AlignmentCheck.sharedShare([], posts: 10, batch: 8) == 0)
    #expect(AlignmentCheck.sharedShare([5, 5], posts: 10, batch: 65_536) == 1)
  }

  /// Twelve posts, each with a text and a picture of its own, but for every fourth, which has no picture; p8 has the text
  /// of p4 and p9 the picture of p5. A teacher of the first ten.
  private func check(
    isReversed: Bool = false, _ vector: (_ post: Int, _ isText: Bool) -> [Float]
  ) throws -> AlignmentCheck {
    var run = try TinyRun()
    let path = run.scratch.file("teacher.safetensors"), posts = 0..<10
    try SafetensorsTeacher.write(
      path, ids: posts.map { "p\($0)" }, text: posts.flatMap { vector($0, true) },
      image: posts.flatMap { vector($0, false) }, width: 8)
    run.teacher = try TeacherCache.load(path)
    let rows = try (0..<12).map { post in
      let picture = post == 9 ? 5 : post, text = post == 8 ? 4 : post
      try run.scratch.png("\(picture).png", (0..<12).map { UInt8($0 + picture * 12) })
      return "p\(post),good cat \(text),\(post % 4 == 3 ? "" : "\(picture).png"),\(post % 2 == 0 ? "yes" : "no")\n"
    }
    let csv = "id,text,image,label\n" + (isReversed ? rows.reversed() : rows).joined()
    return AlignmentCheck(try run.set("train.csv", csv, try run.start()), batch: 4)
  }

  private func axis(_ post: Int) -> [Float] { (0..<8).map { $0 == post % 8 ? 2 : 0.25 * Float(post / 8) } }

  @Test func aTeacherThatKnowsItsPairsRanksThemFirst() throws {
    let check = try check { post, _ in axis(post) }
    let pairs = try #require(check.teacherPairs)
    #expect(pairs.value == 1 && pairs.count == 6, "p3 and p7 have no picture; one of p4 and p8, and of p5 and p9")
    #expect(check.batch == 4 && check.sharedTexts == 0 && check.sharedPictures == 0)
  }

  /// The keys choose the posts, as in teaching, and not the order of the rows.
  @Test func theOrderOfTheRowsDoesNotMatter() throws {
    let vector = { (post: Int, isText: Bool) -> [Float] in
      (0..<8).map { Float((post * 37 + $0 * 11 + (isText ? 5 : 0)) % 23) - 11 }
    }
    let one = try check(vector), other = try check(isReversed: true, vector)
    let pairs = try #require(one.teacherPairs)
    #expect((0.01..<0.99).contains(pairs.value) && one == other)
  }

  @Test func equalVectorsAreCountedOnEachSide() throws {
    let check = try check { post, isText in isText ? axis(post) : axis(0) }
    #expect(check.teacherPairs?.value == 0.5)
    #expect(check.sharedTexts == 0)
    #expect(check.sharedPictures == AlignmentCheck.sharedShare([8], posts: 12, batch: 4))
  }
}
