import Corpus
import Inputs
import Models
import Preparation
import Scoring
import Store
import TestSupport
import Testing

/// A text or a picture, encoded to be compared with a run of the sample model.
@Suite struct PostProbeTests {
  private static let model = Checkout.samples + "/model"
  private static let picture = Checkout.samples + "/images/test-00001.png"
  private static let text = "what a treat my job interview turned out to be"

  private let scratch: Scratch
  private let search: NeighbourSearch

  /// Scores a post with text and picture, which a probe of the same must find.
  init() throws {
    scratch = try Scratch()
    let corpus = try scratch.write("posts.csv", "id,text,image\n1,\(Self.text),images/test-00001.png\n")
    let folder = try ModelFolder.load(Self.model), limits = PictureLimits(), columns = CorpusOptions()
    func reader() throws -> CorpusReader { try CorpusReader(paths: [corpus], options: columns) }
    let source = try ScoringCorpus(
      names: reader().files, paths: [corpus], options: columns, images: PictureLocation([Checkout.samples]),
      features: nil,
      reading: [],
      limits: limits)
    let task = ScoringTask(
      corpus: source, model: folder, precision: .f32,
      target: ScoringTarget(store: scratch.file("posts.sqlite"), run: "posts", version: "0"),
      options: ScoringOptions(threads: 1, spaces: PostClassifier.spaces), limits: limits,
      allowedMissing: MismatchFinder.inputs(of: folder.configuration).map(\.name))
    _ = try task.score(reader(), since: .now, notices: []) { _ in }
    search = try NeighbourSearch(path: scratch.file("posts.sqlite"), run: nil)
  }

  private func vector(_ probe: PostProbe, space: String, run: SearchedRun? = nil) throws -> [Float] {
    try probe.vector(for: run ?? search.run, space: space, model: Self.model, notice: { _ in })
  }

  @Test func aProbeIsEncodedAsScoringEncodesThePost() throws {
    let both = PostProbe(text: Self.text, image: Self.picture)
    let text = PostProbe(text: Self.text, image: nil), image = PostProbe(text: nil, image: Self.picture)
    for (probe, space) in [(both, "fused"), (both, "text"), (both, "image"), (text, "text"), (image, "image")] {
      #expect(try vector(probe, space: space) == search.probe(post: "1", space: space).values, "\(space)")
    }
    // Against pictures a text has only its own vector.
    #expect(try vector(text, space: "image") == search.probe(post: "1", space: "text").values)
    #expect(try vector(image, space: "text") == search.probe(post: "1", space: "image").values)
  }

  @Test func theSpaceFollowsFromTheParts() {
    let text = PostProbe(text: "", image: nil), image = PostProbe(text: nil, image: "a.png")
    let both = PostProbe(text: "", image: "a.png")
    #expect([text, image, both].map(\.defaultSpace) == ["text", "image", "fused"])
    #expect(["text", "image", "fused"].map(text.space(comparedWith:)) == ["text", "text", "fused"])
    #expect(["text", "image", "fused"].map(image.space(comparedWith:)) == ["image", "image", "fused"])
    #expect(["text", "image", "fused"].map(both.space(comparedWith:)) == ["text", "image", "fused"])
  }

  @Test func aRunOfAnotherModelOrVersionIsNotCompared() throws {
    let probe = PostProbe(text: "late", image: nil), folder = try ModelFolder.load(Self.model)
    var run = search.run
    run.fingerprint = "c0ffee"
    #expect(
      throws: PostProbeError.otherModel(
        path: folder.path, fingerprint: folder.fingerprint, run: run.name, model: run.model, wanted: "c0ffee")
    ) { try vector(probe, space: "text", run: run) }
    run = search.run
    run.precision = "f8"
    #expect(throws: PostProbeError.unknownPrecision("f8")) { try vector(probe, space: "text", run: run) }
    run = search.run
    run.options = "{}"
    #expect(throws: ScoringError.unknownOptions("{}")) { try vector(probe, space: "text", run: run) }
  }

  @Test func aPictureThatCannotBeReadIsNamed() throws {
    let missing = scratch.file("none.png"), words = try scratch.write("words.jpg", "no picture")
    #expect(throws: PostProbeError.picture(path: missing, .missing)) {
      try vector(PostProbe(text: nil, image: missing), space: "image")
    }
    #expect {
      try vector(PostProbe(text: nil, image: words), space: "image")
    } throws: { error in
      guard case PostProbeError.picture(words, .unsupportedFormat) = error else { return false }
      return "\(error)".hasPrefix("\(words): looks like ")
    }
  }
}
