import Bytes
import Corpus
import Store
import Testing

@Suite struct StreamLineTests {
  private static let position = RowPosition(file: "posts.csv", record: 3, line: 5)

  private func read(_ text: String) throws -> LedgerRow {
    let reader = StreamedRecordReader(labels: ["ironic", "not \"ironic\""])
    return try Array(text.utf8).withUnsafeBytes { try reader.read($0).row }
  }

  private var prediction: PredictionRecord {
    PredictionRecord(
      label: "ironic", confidence: Double(0.7 as Float),
      probabilities: [("ironic", Double(0.7 as Float)), ("not \"ironic\"", Double(0.3 as Float))],
      textImageSimilarity: -1.0 / 3, unknownShare: 0.1, truncated: 2,
      vectors: [("text", [1, -0.0, .leastNonzeroMagnitude]), ("fused", [0.1, 1e30, -3])])
  }

  private var post: PostRecord {
    let (picture, audio) = (SHA256.hash(data: [1]), SHA256.hash(data: [2]))
    let text = "line\nbreak \u{1F600} \u{1}"
    let hash = ContentHash.hex(text: text, knowledge: "k", pictureHash: picture, features: [("audio", audio)])
    var post = PostRecord(
      identity: PostIdentity(key: "e\u{301}", contentHash: hash), text: text, knowledge: "k", image: "p.jpg",
      pictureHash: picture.hexadecimal, postedAt: "2020-01-02T03:04:05Z",
      extra: [ExtraField(name: "likes", value: "3"), ExtraField(name: "author", value: "")], label: "ironic",
      hasPicture: true)
    post.features = [FeatureRecord(stream: "audio", hash: audio)]
    post.pictureIsCut = true
    return post
  }

  @Test func aPostWithEverythingReadsBackTheSame() throws {
    let row = LedgerRow(position: Self.position, outcome: .post(post, prediction))
    let back = try read(StreamLine.text(of: row, .whole))
    guard case .post(let other, let answer?) = back.outcome else {
      Issue.record("no post")
      return
    }
    #expect(back.position == Self.position)
    #expect(other.identity == post.identity && other.features == post.features && other.pictureIsCut)
    #expect(ByteText(other.text) == ByteText(post.text) && other.knowledge == "k" && other.image == "p.jpg")
    #expect(other.pictureHash == post.pictureHash && other.postedAt == post.postedAt && other.extra == post.extra)
    #expect(other.label == "ironic" && other.hasPicture)
    #expect(answer.label == "ironic" && answer.confidence == prediction.confidence && answer.truncated == 2)
    #expect(answer.probabilities.map(\.label) == prediction.probabilities.map(\.label))
    #expect(answer.probabilities.map(\.value) == prediction.probabilities.map(\.value))
    #expect(answer.textImageSimilarity == prediction.textImageSimilarity && answer.unknownShare == 0.1)
    #expect(answer.vectors.map(\.space) == ["text", "fused"])
    #expect(
      answer.vectors.map { $0.values.map(\.bitPattern) } == prediction.vectors.map { $0.values.map(\.bitPattern) })
  }

  @Test func aLineHasOnlyThePartsAskedFor() {
    // The vectors have members of that name, too.
    var answer = prediction
    answer.vectors = []
    let row = LedgerRow(position: Self.position, outcome: .post(post, answer))
    let identity = StreamLine.text(of: row, .identity)
    #expect(!identity.contains("\"text\"") && !identity.contains("extra"))
    #expect(StreamLine.text(of: row, .columns(["author"])).contains(#""extra":{"author":""}"#))
    #expect(throws: StreamLineFault.withoutPost) { try read(identity) }
  }

  @Test(arguments: [ByteText("k1"), nil]) func aFaultReadsBackTheSame(_ key: ByteText?) throws {
    let fault = RowFault(
      position: Self.position, key: key, stage: .image, code: .missing, path: "a\tb.jpg", detail: "no such file")
    let text = StreamLine.text(of: LedgerRow(position: Self.position, outcome: .fault(fault)), .whole)
    guard case .fault(let back) = try read(text).outcome else {
      Issue.record("no fault")
      return
    }
    #expect(back == fault && text.contains("\"key\":" + (key == nil ? "null" : "\"k1\"")))
  }

  @Test func theEndReadsBackTheSame() throws {
    var end = StreamEnd(
      scorer: ScorerRecord(
        modelFingerprint: "f0", modelName: "m", precision: "f32", options: #"{"decode":"scaled"}"#,
        labels: ["a", "b"]),
      corpus: "a.csv + b.csv", images: "pictures", reading: [ReadingFlag(name: "id", value: "tweet_id")],
      version: "0.2.0", machine: .members([("threads", .integer(2))]))
    (end.read, end.scored, end.withoutPicture, end.faults) = (6, 3, 2, 1)
    end.files = [FileCounts(name: "a.csv", read: 6), FileCounts(name: "b.csv")]
    end.pictures.add("lists", 3)
    end.part = StreamPart(number: 2, of: 3, parts: "00ff", file: "a.csv", firstRecord: 7, records: 6)
    let back = try #require(try StreamEnd(parsing: Array(end.text.utf8)))
    #expect(back == end && back.written == 6 && back.scorer.options == #"{"decode":"scaled"}"#)
  }

  @Test(arguments: [
    ("{", StreamEndError.notJSON(.expected("a string", at: 1))),
    (#"{"end":true,"clfa_stream":2}"#, .newer(version: 2)),
    (#"{"end":true}"#, .member("clfa_stream")),
  ]) func anotherEndIsAnError(_ text: String, _ error: StreamEndError) {
    #expect(throws: error) { try StreamEnd(parsing: Array(text.utf8)) }
  }

  @Test(arguments: ["{}", #"{"file":"a","record":1}"#]) func aLineThatIsNoEndGivesNone(_ text: String) throws {
    #expect(try StreamEnd(parsing: Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    ("{}", StreamLineFault.missing("state")), (#"{"file":"a","record":1,"state":"scored"}"#, .missing("line")),
    (#"{"file":"a","record":1,"line":2,"state":"lost"}"#, .unknown("state", "lost")), (#"{"end":true}"#, .endInside),
  ]) func anotherLineIsAFault(_ text: String, _ fault: StreamLineFault) {
    #expect(throws: fault) { try read(text) }
  }
}
