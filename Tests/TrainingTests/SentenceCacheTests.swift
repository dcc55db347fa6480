import Foundation
import Models
import TestSupport
import Testing
import Training

@Suite struct SentenceCacheTests {
  private static let teacher = [UInt8](repeating: 7, count: 32)

  @Test func cachedVectorsAreReadBack() throws {
    let scratch = try Scratch(), path = scratch.file("out.encoded")
    do {
      let cache = try SentenceCache(path: path, teacher: Self.teacher, width: 2)
      #expect(cache.count == 0 && cache["a"] == nil)
      try cache.add([("a", [1, 2]), ("é", [3, 4])])
      try cache.add([("e\u{301}", [5, -0.0])])
    }
    let cache = try SentenceCache(path: path, teacher: Self.teacher, width: 2)
    #expect(cache.count == 3 && cache["a"] == [1, 2] && cache["é"] == [3, 4] && cache["e\u{301}"] == [5, 0])
    #expect(cache["b"] == nil)
    cache.remove()
    #expect(try scratch.names().isEmpty)
  }

  @Test func anotherTeachersVectorsAreDropped() throws {
    let scratch = try Scratch(), path = scratch.file("out.encoded")
    for (teacher, width) in [(Self.teacher, 2), ([UInt8](repeating: 8, count: 32), 2), (Self.teacher, 3)] {
      let cache = try SentenceCache(path: path, teacher: teacher, width: width)
      #expect(cache.count == 0)
      try cache.add([("a", [Float](repeating: 1, count: width))])
    }
    try scratch.write("out.encoded", "something else")
    #expect(try SentenceCache(path: path, teacher: Self.teacher, width: 2).count == 0)
  }

  /// Wherever a kill cuts the file: complete records stay, and the next ones are appended in the right place.
  @Test func halfARecordIsCutOff() throws {
    let scratch = try Scratch(), path = scratch.file("out.encoded")
    do {
      let cache = try SentenceCache(path: path, teacher: Self.teacher, width: 2)
      try cache.add([("a", [1, 2]), ("b", [3, 4])])
    }
    let whole = try Data(contentsOf: URL(filePath: path)), header = whole.count - 2 * 40
    for length in 0...whole.count {
      try scratch.write("out.encoded", Array(whole.prefix(length)))
      do {
        let cache = try SentenceCache(path: path, teacher: Self.teacher, width: 2)
        #expect(cache.count == max(0, length - header) / 40, "\(length)")
        try cache.add([("c", [5, 6])])
      }
      let again = try SentenceCache(path: path, teacher: Self.teacher, width: 2)
      #expect(again["c"] == [5, 6] && again.count == max(0, length - header) / 40 + 1, "\(length)")
    }
  }

  @Test func aSecondProcessIsKeptOut() throws {
    let scratch = try Scratch(), path = scratch.file("out.encoded")
    let cache = try SentenceCache(path: path, teacher: Self.teacher, width: 2)
    #expect(
      throws: ModelError.unwritable(path: path, reason: "another clfa teach is at work there")
    ) { try SentenceCache(path: path, teacher: Self.teacher, width: 2) }
    #expect(cache.count == 0)
  }
}
