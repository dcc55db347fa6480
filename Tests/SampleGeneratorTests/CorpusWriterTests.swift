import Bytes
import CImages
import Corpus
import Foundation
import Inputs
import SampleGenerator
import TestSupport
import Testing

@Suite struct CorpusWriterTests {
  private static let small = CorpusWriter(train: 13, validation: 5, test: 6, seed: 3)

  @Test func everyRowIsAPostWithAPicture() throws {
    let scratch = try Scratch()
    try Self.small.write(to: scratch.path + "/corpus")
    for (name, count) in [("train", 13), ("validation", 5), ("test", 6)] {
      var reader = try CorpusReader(paths: ["\(scratch.path)/corpus/\(name).csv"], options: CorpusOptions())
      var rows = 0
      while let row = try reader.next() {
        guard case .post(let post) = row else { Issue.record("a fault"); continue }
        rows += 1
        #expect(["sincere", "ironic"].contains(post.label))
        #expect(post.extra.map(\.name) == ["topic", "picture", "shows", "language", "seen"])
        #expect(post.knowledge.hasPrefix("a picture of "))
        let image = try #require(post.image)
        let data = try Data(contentsOf: URL(filePath: "\(scratch.path)/corpus/\(image)"))
        #expect(try PictureDecoder.decode(Array(data)).width == Scene.side)
      }
      #expect(rows == count)
      #expect(reader.notices.isEmpty)
    }
    #expect(try scratch.names() == ["corpus"])
    #expect(try scratch.files("corpus").keys.count { $0.hasPrefix("images/") && $0.contains(".") } == 24)
  }

  @Test func theSameOptionsGiveTheSameBytes() throws {
    let scratch = try Scratch()
    for name in ["one", "two"] { try Self.small.write(to: "\(scratch.path)/\(name)") }
    try CorpusWriter(train: 13, validation: 5, test: 6, seed: 4).write(to: scratch.path + "/other")
    let one = try scratch.files("one")
    #expect(one.count == 27)
    #expect(try scratch.files("two") == one)
    #expect(try scratch.files("other") != one)
  }

  @Test func anotherSizeOfOneSplitLeavesTheOthersAlone() throws {
    let scratch = try Scratch()
    try Self.small.write(to: scratch.path + "/one")
    try CorpusWriter(train: 40, validation: 5, test: 6, seed: 3).write(to: scratch.path + "/two/")
    let one = try scratch.files("one"), two = try scratch.files("two")
    for name in one.keys where !name.contains("train") { #expect(one[name] == two[name], "\(name)") }
  }

  @Test func soundsAreAddedAndChangeNothingElse() throws {
    let scratch = try Scratch()
    try Self.small.write(to: scratch.path + "/mute")
    try CorpusWriter(train: 13, validation: 5, test: 6, hasSound: true, seed: 3).write(to: scratch.path + "/loud")
    let mute = try scratch.files("mute"), loud = try scratch.files("loud")
    #expect(loud.keys.count { $0.hasPrefix("sounds/") } == 24)
    for name in mute.keys where name.hasPrefix("images/") { #expect(loud[name] == mute[name]) }
    var sounds: [String: Set<[Float]>] = [:]
    var reader = try CorpusReader(paths: [scratch.path + "/loud/train.csv"], options: CorpusOptions())
    while let row = try reader.next() {
      guard case .post(let post) = row else { Issue.record("a fault"); continue }
      #expect(post.extra.map(\.name) == ["topic", "picture", "shows", "language", "seen", "sound", "heard"])
      let cells = Dictionary(uniqueKeysWithValues: post.extra.map { ($0.name, $0.value) })
      let file = try #require(cells["sound"].flatMap { loud[$0] })
      sounds[cells["heard"] ?? "", default: []].insert(try #require(Jingle.numbers(of: Array(file))))
    }
    // No two posts sound the same, even of the same topic and mood.
    #expect(sounds.values.map(\.count).reduce(0, +) == 13)
    #expect(sounds.values.contains { $0.count > 1 })
  }

  @Test func placesAreTwoMoreColumns() throws {
    let scratch = try Scratch()
    try Self.small.write(to: scratch.path + "/plain")
    try CorpusWriter(train: 13, validation: 5, test: 6, hasPlaces: true, seed: 3).write(to: scratch.path + "/placed")
    let plain = try scratch.text("plain/test.csv").split(separator: "\n")
    let placed = try scratch.text("placed/test.csv").split(separator: "\n")
    #expect(placed.first == plain[0] + ",topic_place,mood_place")
    for (row, own) in zip(plain, placed).dropFirst() {
      #expect(own.hasPrefix(row + ","))
      let boxes = own.dropFirst(row.count + 1).split(separator: ",").map {
        $0.split(separator: " ").compactMap { Int($0) }
      }
      #expect(boxes.count == 2 && boxes.allSatisfy { $0.count == 4 && $0[0] < $0[2] && $0[1] < $0[3] }, "\(own)")
      #expect(boxes.joined().allSatisfy { (0...Scene.side).contains($0) }, "\(own)")
    }
  }

  @Test func emptySplitsAreHeaders() throws {
    let scratch = try Scratch()
    try CorpusWriter(train: 0, validation: 0, test: 1, seed: 1).write(to: scratch.path + "/corpus")
    #expect(
      try scratch.files("corpus")["train.csv"]
        == Data("id,text,image,label,topic,picture,shows,language,knowledge,seen\n".utf8))
    #expect(try scratch.files("corpus")["test.csv"]?.count { $0 == 10 } == 2)
  }

  @Test func existingFilesStay() throws {
    let scratch = try Scratch()
    try scratch.write("corpus/mine.txt", "mine")
    #expect(throws: SampleGeneratorError.exists(path: scratch.path + "/corpus")) {
      try Self.small.write(to: scratch.path + "/corpus")
    }
    #expect(try scratch.files("corpus") == ["mine.txt": Data("mine".utf8)])
  }

  @Test func onlyLeftoversOfAKilledRunAreReplaced() throws {
    let scratch = try Scratch()
    try scratch.write(".corpus.4711-1f.partial/images/train-00001.jpg", "half")
    try scratch.write(".corpus.4711-1f.partial/train.csv", "half")
    try scratch.write(".other.4711-1f.partial/train.csv", "another's")
    try Self.small.write(to: scratch.path + "/corpus")
    #expect(try scratch.names() == [".other.4711-1f.partial", "corpus"])
  }

  @Test func aMissingParentFolderIsReported() throws {
    let scratch = try Scratch()
    let error = #expect(throws: SampleGeneratorError.self) { try Self.small.write(to: scratch.path + "/no/corpus") }
    #expect("\(try #require(error))".contains("/no/corpus"))
  }
}

/// The encoders' guarantees; drawn pictures are also decoded and compared in other tests.
@Suite struct EncodeTests {
  private static let pixels = (0..<3 * 16 * 16).map { UInt8(truncatingIfNeeded: $0 &* 37) }

  @Test func encodersStayWithinTheirBuffers() {
    for encode in [cimages_jpeg_encode, cimages_webp_encode] {
      var bytes = [UInt8](repeating: 0xAB, count: 4096)
      var whole = bytes.count
      #expect(encode(Self.pixels, 16, 16, 80, &bytes, &whole) == CIMAGES_OK)
      #expect((30..<4096).contains(whole))
      for room in [0, 1, 20, whole - 1] {
        var bytes = [UInt8](repeating: 0xAB, count: 4096)
        var count = room
        #expect(encode(Self.pixels, 16, 16, 80, &bytes, &count) == CIMAGES_NO_MEMORY)
        #expect(bytes[room...].allSatisfy { $0 == 0xAB })
      }
    }
  }

  @Test(arguments: [(0, 16), (16, 0), (16_384, 1), (1, 16_384)] as [(UInt32, UInt32)])
  func aSizeThatWebPCannotHoldIsRejected(_ width: UInt32, _ height: UInt32) {
    let pixels = [UInt8](repeating: 0, count: 3 * 16_384)
    var bytes = [UInt8](repeating: 0, count: 4096)
    var count = bytes.count
    #expect(cimages_webp_encode(pixels, width, height, 80, &bytes, &count) == CIMAGES_UNSUPPORTED)
  }
}
