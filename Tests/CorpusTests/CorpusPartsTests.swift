import Bytes
import Corpus
import TestSupport
import Testing

/// A corpus in parts: read together they are the corpus.
@Suite struct CorpusPartsTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func divide(
    _ paths: [String], _ size: CorpusDivider.Size, _ options: CorpusOptions = CorpusOptions()
  ) throws -> CorpusParts {
    try CorpusDivider.divide(paths, options, into: size, reading: [], observe: { _ in })
  }

  /// The rows of each part.
  private func rows(
    _ parts: CorpusParts, _ paths: [String], _ options: CorpusOptions = CorpusOptions()
  ) throws -> [[CorpusRow]] {
    try parts.parts.indices.map { place in
      var options = options
      options.portion = parts.portion(place + 1...place + 1)
      return try read(paths, options)
    }
  }

  private static let quoted = """
    id,text

    1,"two
    lines"
    2,plain
    3,"open
    4,after an open quote

    5,a,b
    6,"a ""quoted"" word"
    7,last

    """

  @Test(arguments: [1, 2, 3, 5, 20]) func partsOfATableAreTheTable(most: Int) throws {
    let path = try scratch.write("posts.csv", Self.quoted)
    let all = try read([path]), parts = try divide([path], .rows(most))
    #expect(all.count == 7 && parts.files[0].records == 7 && parts.parts.count == (7 + most - 1) / most)
    let found = try rows(parts, [path])
    #expect(found.flatMap(\.self) == all)
    #expect(found.map(\.count) == parts.parts.map(\.records))
  }

  /// A quote that is open at the end of a part looks beyond it, as in the whole file.
  @Test func faultsAreThoseOfTheWholeFile() throws {
    let open = (1...30).map { "\($0),\"open\n" }.joined()
    let path = try scratch.write("posts.csv", "id,text\n" + open + "31,end\n")
    let parts = try divide([path], .rows(4))
    #expect(parts.parts.count == 8)
    #expect(try rows(parts, [path]).flatMap(\.self) == read([path]))
  }

  @Test(arguments: ["\r\n", "\n"]) func linesOfObjectsAreDivided(lineEnd: String) throws {
    let objects = (1...9).map { #"{"id":\#($0),"text":"post \#($0) é","more\#($0)":true}"# }
    let path = try scratch.write("posts.jsonl", objects.joined(separator: lineEnd + lineEnd) + lineEnd)
    let parts = try divide([path], .rows(4))
    #expect(parts.parts.map(\.records) == [4, 4, 1])
    #expect(try rows(parts, [path]).flatMap(\.self) == read([path]))
  }

  @Test func otherEncodingsKeepTheirBytes() throws {
    let bytes = Array("id,text\n".utf8) + (1...9).flatMap { Array("\($0),caf".utf8) + [0xE9, 0x80, 0x0A] }
    let path = try scratch.write("posts.csv", bytes), options = CorpusOptions(encoding: .windows1252)
    let parts = try divide([path], .parts(3), options)
    #expect(parts.parts.count == 3)
    #expect(try rows(parts, [path], options).flatMap(\.self) == read([path], options))
    let marked = try scratch.write("marked.csv", [0xEF, 0xBB, 0xBF] + Array(Self.quoted.utf8))
    #expect(try rows(divide([marked], .rows(2)), [marked]).flatMap(\.self) == read([marked]))
  }

  @Test func compressedFilesAndListsAreOnePart() throws {
    let table = try scratch.write("a.csv", "id,text\n" + (1...40).map { "\($0),text \($0)\n" }.joined())
    let packed = try scratch.writeGzip("b.csv.gz", Array("id,text\n41,a\n42,b\n".utf8))
    let list = try scratch.write("c.json", #"[{"id":43,"text":"a"},{"id":44,"text":"b"}]"#)
    let paths = [table, packed, list], parts = try divide(paths, .parts(5))
    #expect(parts.files.map(\.whole) == [nil, .compressed, .list] && parts.parts.map(\.file) == [0, 0, 0, 1, 2])
    #expect(try rows(parts, paths).flatMap(\.self) == read(paths))
    #expect(throws: PartsError.tooFewParts(wanted: 2, files: 3)) { try divide(paths, .parts(2)) }
  }

  @Test func theFileOfPartsReadsBackTheSame() throws {
    let path = try scratch.write("posts.csv", Self.quoted)
    let parts = try divide([path], .rows(3)), file = try scratch.write("parts.json", parts.text)
    #expect(try CorpusParts.load(file).parts == parts)
    let gap = parts.text.replacing(#""first_record":4"#, with: #""first_record":5"#)
    #expect(throws: PartsError.malformed(path: file)) { try CorpusParts.load(scratch.write("parts.json", gap)) }
  }

  @Test func aShardHasConsecutiveParts() throws {
    let path = try scratch.write("posts.csv", "id,text\n" + (1...20).map { "\($0),text\n" }.joined())
    let parts = try divide([path], .rows(2))
    let shards = try (1...3).map { number in
      try #require(Shard(number: number, count: 3).flatMap(parts.numbers(of:)))
    }
    #expect(shards == [1...3, 4...6, 7...10])
    #expect(Shard(number: 1, count: 11).flatMap(parts.numbers(of:)) == nil)
  }

  @Test func aChangedFileIsNamed() throws {
    let path = try scratch.write("posts.csv", Self.quoted), parts = try divide([path], .rows(2))
    try parts.files[0].check(at: path)
    _ = try scratch.write("posts.csv", Self.quoted + "8,more\n")
    #expect(
      throws: PartsError.otherSize(file: path, bytes: Self.quoted.utf8.count + 7, was: Self.quoted.utf8.count)
    ) { try parts.files[0].check(at: path) }
    _ = try scratch.write("posts.csv", Self.quoted.replacing("plain", with: "PLAIN"))
    #expect(throws: PartsError.otherBeginning(file: path)) { try parts.files[0].check(at: path) }
  }

  /// A change far from the beginning that keeps the size is found where a part does not end as it did.
  @Test func recordsThatMovedAreAnError() throws {
    let rows = (11...30).map { "\($0),text\n" }.joined()
    let path = try scratch.write("posts.csv", "id,text\n" + rows), parts = try divide([path], .rows(5))
    _ = try scratch.write("posts.csv", "id,text\n" + rows.replacing("15,text\n16,text\n", with: "15,text+\n16,tex\n"))
    #expect(throws: CorpusError.otherRecords(file: path, found: 5, expected: 5)) { try self.rows(parts, [path]) }
  }
}
