import Bytes
import Testing
import Training

/// Posts that are held out for validation.
@Suite struct HoldingOutTests {
  /// 200 posts of two labels, one three times as common; posts 0 and 1, 2 and 3, … have the same text.
  private static func posts() throws -> TrainingPosts {
    let csv = (0..<200).reduce(into: "id,text,label\n") { text, index in
      text += "p\(index),good \(index / 2),\(index % 4 == 0 ? "no" : "yes")\n"
    }
    let run = try TinyRun()
    return try run.set("posts.csv", csv, try run.start()).posts
  }

  private static func texts(_ posts: TrainingPosts) throws -> TrainingSet {
    try TrainingSet(posts, labels: LabelSet(names: ["no", "yes"]))
  }

  @Test func everyPostIsInOnePartAndEqualTextsAreTogether() throws {
    let (training, validation) = try Self.posts().holdingOut(0.2, seed: 1)
    #expect(training.count + validation.count == 200 && (30...40).contains(validation.count))
    #expect(try Self.texts(validation).sharingTexts(with: Self.texts(training)) == 0)
    let all = try Self.posts()
    #expect(try Self.texts(validation).sharingTexts(with: Self.texts(all)) == validation.count)
    #expect(Set(validation.labelCounts.map(\.label)) == ["no", "yes"])
  }

  @Test func theSeedDecidesWhichPosts() throws {
    func keys(_ seed: UInt64) throws -> [String] {
      let set = try Self.texts(try Self.posts().holdingOut(seed: seed).validation)
      return (0..<set.count).map(set.key)
    }
    #expect(try keys(1) == keys(1) && keys(1) != keys(2))
  }
}
