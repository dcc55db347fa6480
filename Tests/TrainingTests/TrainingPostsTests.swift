import Bytes
import Preparation
import Corpus
import Inputs
import Models
import TestSupport
import Testing
import Training

@Suite struct TrainingPostsTests {
  private static let black = [UInt8](repeating: 0, count: 12)

  @Test func everyRowIsAPostOrAFault() throws {
    let scratch = try Scratch()
    try scratch.png("a.png", Self.black)
    try scratch.write("broken.png", Array(PNG.file(width: 2, Self.black).prefix(40)))
    let posts = try scratch.posts(
      """
      id,text,image,label
      1,good,a.png,yes
      2,bad,,no
      3,good,a.png,
      4,good,a.png,\u{20}
      5,good,none.png,yes
      6,good,broken.png,yes
      7,good
      8,,,no
      9,cat,a.png,no
      """)
    #expect(posts.count == 3 && posts.withoutPicture == 1)
    #expect(posts.faults.map(\.key) == ["3", "4", "5", "6", "7", "8"])
    #expect(
      posts.faults.map(\.code) == [.noLabel, .noLabel, .missing, .truncated, .tooFewFields, .emptyPost])
    #expect(posts.faults.map(\.position.line) == [4, 5, 6, 7, 8, 9])
    #expect(posts.labelCounts == [LabelCount(label: "no", count: 2), LabelCount(label: "yes", count: 1)])
  }

  @Test func postsWithTextMayLackTheirPicture() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts(
      "text,image,label\ngood,none.png,yes\n,none.png,no\n", missingPicture: .textOnly)
    #expect(posts.count == 1 && posts.withoutPicture == 1)
    #expect(posts.faults.map(\.code) == [.missing])
  }

  @Test(arguments: [1, 2, 7]) func threadsChangeNothing(threads: Int) throws {
    let scratch = try Scratch()
    var csv = "id,text,image,label\n"
    for number in 0..<150 {
      try scratch.png("\(number % 9).png", (0..<12).map { UInt8(number % 9 * 12 + $0) })
      csv += "\(number),\(number.isMultiple(of: 2) ? "good" : "bad cat"),\(number % 10).png,\(number % 3)\n"
    }
    let posts = try scratch.posts(csv, threads: threads)
    #expect(posts.count == 135)
    #expect(posts.faults.map(\.key) == (0..<15).map { "\($0 * 10 + 9)" })
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts))
    let numbers = (0..<150).filter { $0 % 10 != 9 }
    for (place, number) in numbers.enumerated() {
      let example = set[place]
      #expect(set.key(of: place) == "\(number)" && example.label == number % 3)
      #expect(example.inputs.text == (number.isMultiple(of: 2) ? [2, 4, 3] : [2, 5, 6, 3]))
      #expect(example.inputs.pixels?.first == Float(number % 10 % 9 * 12) / 255)
    }
  }

  @Test func codedLabelsTakeTheirNames() throws {
    let scratch = try Scratch()
    let path = try scratch.write("posts.csv", "text,label\ngood,1\nbad,0\ncat,other\n")
    let options = CorpusOptions(labelNames: try LabelNames(parsing: "0=sincere,1=ironic"))
    let posts = try TrainingPosts.read(paths: [path], options: options, reader: try scratch.reader())
    #expect(posts.labelCounts.map(\.label) == ["ironic", "sincere", "other"])
  }

  @Test func aRequestToStopIsObeyed() throws {
    let scratch = try Scratch()
    let path = try scratch.write("posts.csv", "text,label\ngood,yes\n")
    #expect(throws: TrainingDataError.interrupted) {
      try TrainingPosts.read(
        paths: [path], options: CorpusOptions(shouldStop: { true }), reader: try scratch.reader(), threads: 1)
    }
  }

  @Test func aFileThatIsNotThereIsAnError() throws {
    let scratch = try Scratch()
    #expect(throws: CorpusError.notFound(file: scratch.file("none.csv"))) {
      try TrainingPosts.read(
        paths: [scratch.file("none.csv")], options: CorpusOptions(), reader: try scratch.reader())
    }
  }
}
