import Corpus
import Evaluation
import Glibc
import TestSupport
import Testing

@Suite struct CompressedFileTests {
  let scratch: Scratch
  private let rows = (1...5000).map { "\($0),text number \($0 * 7919 % 5003)" }
  private var text: String { "id,text\n" + rows.joined(separator: "\n") + "\n" }

  init() throws { scratch = try Scratch() }

  @Test(arguments: ["gz", "zst"]) func aCompressedFileHasTheRowsOfTheFileInIt(ending: String) throws {
    let path = try compressed("posts.csv.\(ending)", Array(text.utf8))
    let rows = try read([path]), plain = try scratch.rows(text)
    #expect(rows.map(\.brief) == plain.map(\.brief) && rows.count == 5000)
    #expect(rows.compactMap(\.post?.text) == plain.compactMap(\.post?.text))
    var fewBytes = CorpusOptions()
    fewBytes.limits.chunkBytes = 7
    #expect(try read([path], fewBytes) == rows)
  }

  @Test(arguments: ["gz", "zst"]) func itIsRecognisedByItsContent(ending: String) throws {
    let tabs = try compressed("posts.tsv.\(ending)", Array("id\ttext\n1\ta\n".utf8))
    #expect(try read([tabs]).map(\.brief) == ["2:1"])
    let unnamed = try compressed("posts", Array("id,text\n1,a\n".utf8), ending)
    #expect(try read([unnamed]).map(\.brief) == ["2:1"])
    let plain = try scratch.write("posts.csv.\(ending)", "id,text\n1,a\n")
    let reader = try CorpusReader(paths: [plain], options: CorpusOptions())
    #expect(reader.notices == [.notCompressed(file: "posts.csv.\(ending)")])
    #expect(try read([plain]).map(\.brief) == ["2:1"])
  }

  @Test(arguments: ["gz", "zst"]) func partsFollowEachOther(ending: String) throws {
    let parts = try ["id,text\n1,", "a\n2,b", "\n3,c\n", ""].map { text in
      try compressed("part", Array(text.utf8), ending)
      return try scratch.bytes("part")
    }
    let path = try scratch.write("posts.csv.\(ending)", parts.joined())
    #expect(try read([path]).map(\.brief) == ["2:1", "3:2", "4:3"])
    // Tapes are filled up with zeros; a frame to skip holds what others need.
    let end: [UInt8] = ending == "gz" ? [0, 0, 0] : [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let padded = try scratch.write("padded.csv.\(ending)", Array(parts.joined()) + end)
    #expect(try read([padded]).map(\.brief) == ["2:1", "3:2", "4:3"])
    if ending == "zst" {
      let skipped = try scratch.write("skipped.csv.zst", end + Array(parts.joined()))
      #expect(try read([skipped]).map(\.brief) == ["2:1", "3:2", "4:3"])
    }
  }

  @Test(arguments: ["gz", "zst"]) func anEndThatIsCutOffIsNamedAfterTheRowsBefore(ending: String) throws {
    let long = "id,text\n" + (1...60_000).map { "\($0),text number \($0 * 7919 % 60013)\n" }.joined()
    let path = try compressed("posts.csv.\(ending)", Array(long.utf8))
    let bytes = try scratch.bytes("posts.csv.\(ending)")
    for left in [bytes.count - 1, bytes.count / 2] {
      try scratch.write("posts.csv.\(ending)", bytes[..<left])
      var reader = try CorpusReader(paths: [path], options: CorpusOptions()), count = 0
      let form: Compression = ending == "gz" ? .gzip : .zstd
      #expect(throws: CorpusError.cutCompression(file: path, form: form, size: left)) {
        while try reader.next() != nil { count += 1 }
      }
      #expect(count > 1000)
    }
    #expect(
      CorpusError.cutCompression(file: "a.gz", form: .gzip, size: 12).description.hasPrefix(
        "a.gz: the gzip data are cut off: the file ends at byte 12"))
  }

  @Test(arguments: ["gz", "zst"]) func damageIsNamedWithItsPlace(ending: String) throws {
    let path = try compressed("posts.csv.\(ending)", Array(text.utf8))
    let bytes = try scratch.bytes("posts.csv.\(ending)")
    try scratch.write("posts.csv.\(ending)", bytes + Array("and then some".utf8))
    #expect(offset(of: path) == bytes.count)
    var damaged = bytes
    damaged.replaceSubrange((bytes.count / 2)..<(bytes.count / 2 + 64), with: [UInt8](repeating: 0xFF, count: 64))
    try scratch.write("posts.csv.\(ending)", damaged)
    let place = try #require(offset(of: path))
    #expect((0...bytes.count).contains(place))
  }

  /// Bytes changed, put in, left out or cut off: reading ends, with rows or with an error that names the file.
  @Test(arguments: ["gz", "zst"]) func noDamageIsFatal(ending: String) throws {
    var generator = SeededGenerator(seed: 17)
    let path = try compressed("posts.csv.\(ending)", Array(text.utf8))
    let bytes = try scratch.bytes("posts.csv.\(ending)")
    var errors = 0
    for _ in 0..<200 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<damaged.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: damaged.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 2: damaged.remove(at: place)
        default: damaged.removeLast(damaged.count - max(place, 100))
        }
      }
      try scratch.write("posts.csv.\(ending)", damaged)
      do throws(CorpusError) { _ = try read([path]) } catch {
        #expect("\(error)".contains(path))
        errors += 1
      }
    }
    #expect(errors > 100)
  }

  @Test func aWrongChecksumIsDamage() throws {
    let path = try scratch.writeGzip("posts.csv.gz", Array(text.utf8))
    var bytes = try scratch.bytes("posts.csv.gz")
    bytes[bytes.count - 8] ^= 1
    try scratch.write("posts.csv.gz", bytes)
    #expect(throws: CorpusError.self) { try read([path]) }
  }

  @Test func theMemoryForUnpackingHasALimit() throws {
    // The windows of the public dumps are larger than the library allows without being asked.
    let wide = try scratch.writeZstd("posts.csv.zst", Array(text.utf8), windowBits: 28)
    #expect(try read([wide]).count == 5000)
    // A frame that asks for 4 GiB: its magic number, no size, and the exponent 22.
    let wider = try scratch.write("wider.csv.zst", [0x28, 0xB5, 0x2F, 0xFD, 0, 22 << 3, 1, 0, 0, 0, 0, 0])
    #expect(throws: CorpusError.windowTooLarge(file: wider, limit: 2 << 30)) { try read([wider]) }
    #expect(
      CorpusError.windowTooLarge(file: wider, limit: 2 << 30).description.contains(
        "more memory than the 2048 MiB that are allowed"))
  }

  @Test func progressCountsBytesOnTheDisk() throws {
    let path = try scratch.writeGzip("posts.csv.gz", Array(text.utf8))
    let size = try scratch.bytes("posts.csv.gz").count
    var options = CorpusOptions()
    options.limits.chunkBytes = 1024
    var reader = try CorpusReader(paths: [path], options: options)
    #expect(reader.totalBytes == size)
    var last = 0, rows = 0
    while try reader.next() != nil {
      #expect((last...size).contains(reader.bytesRead))
      last = reader.bytesRead
      rows += 1
      if rows == 2500 { #expect((size * 4 / 10...size * 6 / 10).contains(last)) }
    }
    #expect(reader.bytesRead == size)
  }

  @Test func aCompressedPipeIsReadToo() throws {
    let packed = try scratch.zstd(Array("id,text\n1,a\n2,b\n".utf8))
    let pipe = scratch.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
    #expect(write(descriptor, packed, packed.count) == packed.count)
    let options = CorpusOptions()
    var reader = try CorpusReader(paths: [pipe], options: options)
    close(descriptor)
    var keys: [String] = []
    while let row = try reader.next() { keys.append(row.brief) }
    #expect(keys == ["2:1", "3:2"])
  }

  @discardableResult
  private func compressed(_ name: String, _ bytes: [UInt8], _ ending: String? = nil) throws -> String {
    let isGzip = ending.map { $0 == "gz" } ?? name.hasSuffix(".gz")
    return isGzip ? try scratch.writeGzip(name, bytes) : try scratch.writeZstd(name, bytes)
  }

  /// Where the damage of a file is.
  private func offset(of path: String) -> Int? {
    do throws(CorpusError) {
      _ = try read([path])
    } catch {
      if case .damagedCompression(_, _, let offset, _) = error { return offset }
    }
    return nil
  }
}
