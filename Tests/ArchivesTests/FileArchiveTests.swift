import Archives
import Bytes
import TestSupport
import Testing

/// Zips and tars whose files are read in place.
@Suite struct FileArchiveTests {
  /// Bytes in memory.
  private final class Source: RandomAccessBytes {
    let all: [UInt8]

    init(_ all: [UInt8]) { self.all = all }

    var count: Int { all.count }

    func bytes(in range: Range<Int>) throws(ArchiveError) -> [UInt8] {
      guard range.upperBound <= all.count else { throw .cutShort(part: "the file", at: all.count) }
      return Array(all[range])
    }
  }

  private static func archive(_ bytes: [UInt8]) throws -> FileArchive { try #require(try FileArchive(Source(bytes))) }

  private static func contents(_ archive: FileArchive, _ path: String) throws -> [UInt8] {
    try archive.contents(of: try #require(archive.names.find(Array(path.utf8)), "no \(path)"))
  }

  private static let files: [(path: String, bytes: [UInt8])] = [
    ("img/a.jpg", [1, 2, 3]), ("./b.png", []), ("img//ü.jpg", Array(repeating: 7, count: 1000)),
  ]

  @Test(arguments: [true, false]) func filesOfAZipAreRead(isDeflated: Bool) throws {
    let archive = try Self.archive(ArchiveBuilder.zip(Self.files, isDeflated ? .deflated : .stored))
    #expect(archive.count == 3)
    #expect(try Self.contents(archive, "img/a.jpg") == [1, 2, 3])
    #expect(try Self.contents(archive, "b.png") == [])
    #expect(try Self.contents(archive, "img/ü.jpg").count == 1000)
    #expect(archive.names.find(Array("img/b.jpg".utf8)) == nil)
  }

  @Test func filesOfATarAreReadAndSymbolicLinksAreNot() throws {
    let long = String(repeating: "d/", count: 90) + "name.jpg"
    var bytes = ArchiveBuilder.tarFile("link.jpg", nil)
    bytes += ArchiveBuilder.tarFile("././@LongLink", Array(long.utf8) + [0], kind: "L")
    bytes += ArchiveBuilder.tarFile("cut", [4, 5])
    let record = "path=pax ü.jpg\n", length = record.utf8.count + 3
    bytes += ArchiveBuilder.tarFile("pax", Array("\(length) \(record)".utf8), kind: "x")
    bytes += ArchiveBuilder.tarFile("other", [6])
    bytes += ArchiveBuilder.tar(Self.files.map { ($0.path, $0.bytes) } + [("img/a.jpg", [9])])
    let archive = try Self.archive(bytes)
    #expect(archive.count == 6)
    #expect(try Self.contents(archive, long) == [4, 5])
    #expect(try Self.contents(archive, "pax ü.jpg") == [6])
    #expect(try Self.contents(archive, "img/a.jpg") == [9], "the last file of a name is the one that tar unpacks")
    #expect(throws: ArchiveError.link("link.jpg")) { try Self.contents(archive, "link.jpg") }
  }

  @Test func aHardLinkIsTheFileBeforeIt() throws {
    let long = String(repeating: "d/", count: 90) + "name.jpg"
    var bytes = ArchiveBuilder.tarFile("a.jpg", [1, 2])
    bytes += ArchiveBuilder.tarFile("././@LongLink", Array("./a.jpg".utf8) + [0], kind: "K")
    bytes += ArchiveBuilder.tarFile("b.jpg", [], kind: "1")
    let record = "linkpath=a.jpg\n", length = record.utf8.count + 3
    bytes += ArchiveBuilder.tarFile("pax", Array("\(length) \(record)".utf8), kind: "x")
    bytes += ArchiveBuilder.tarFile("c.jpg", [], kind: "1")
    bytes += ArchiveBuilder.tarFile("././@LongLink", Array(long.utf8) + [0], kind: "K")
    bytes += ArchiveBuilder.tarFile("d.jpg", [], kind: "1")
    let archive = try Self.archive(bytes + ArchiveBuilder.tar([("e.jpg", [3])]))
    for path in ["a.jpg", "b.jpg", "c.jpg"] { #expect(try Self.contents(archive, path) == [1, 2]) }
    #expect(throws: ArchiveError.link("d.jpg"), "its file is not there") { try Self.contents(archive, "d.jpg") }
    #expect(try Self.contents(archive, "e.jpg") == [3])
  }

  @Test func aSymbolicLinkInAZipIsNamed() throws {
    var zip = ArchiveBuilder.zip([("a.jpg", Array("/etc/passwd".utf8)), ("b.jpg", [2])])
    let entry = try #require(zip.indices.first { zip[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    // Made on Unix, with the mode of a link.
    zip[entry + 5] = 3
    (zip[entry + 40], zip[entry + 41]) = (0xFF, 0xA1)
    let archive = try Self.archive(zip)
    #expect(throws: ArchiveError.link("a.jpg")) { try Self.contents(archive, "a.jpg") }
    #expect(try Self.contents(archive, "b.jpg") == [2])
  }

  @Test func namesThatLeadOutAreNoFiles() throws {
    let bad: [(path: String, bytes: [UInt8])] = [
      ("../a.jpg", [1]), ("/etc/b.jpg", [2]), ("c/../../d.jpg", [3]), ("e/../f.jpg", [4]), ("w\\g.jpg", [5]),
    ]
    for bytes in [ArchiveBuilder.zip(bad), ArchiveBuilder.tar(bad.map { ($0.path, $0.bytes) })] {
      let archive = try Self.archive(bytes)
      #expect(archive.count == 2)
      #expect(try Self.contents(archive, "f.jpg") == [4])
    }
    #expect(
      try Self.contents(Self.archive(ArchiveBuilder.zip(bad)), "w/g.jpg") == [5], "as programs of Windows write it")
  }

  @Test func aNameTwiceInAZipIsNotGuessed() throws {
    let archive = try Self.archive(ArchiveBuilder.zip([("a.jpg", [1]), ("b.jpg", [2]), ("./a.jpg", [3])]))
    #expect(throws: ArchiveError.duplicateEntry("a.jpg")) { try Self.contents(archive, "a.jpg") }
    #expect(try Self.contents(archive, "b.jpg") == [2])
  }

  @Test func damageIsNamed() throws {
    let zip = ArchiveBuilder.zip(Self.files), tar = ArchiveBuilder.tar(Self.files.map { ($0.path, $0.bytes) })
    #expect(throws: ArchiveError.noDirectory) { try FileArchive(Source(zip.dropLast())) }
    var damaged = zip
    damaged[30 + 9] ^= 0xFF
    #expect(throws: ArchiveError.damagedEntry("img/a.jpg")) { try Self.contents(Self.archive(damaged), "img/a.jpg") }
    var deflated = ArchiveBuilder.zip(Self.files, .deflated)
    deflated[30 + 9] = 6
    #expect(throws: ArchiveError.damagedEntry("img/a.jpg")) { try Self.contents(Self.archive(deflated), "img/a.jpg") }
    #expect(throws: ArchiveError.cutShort(part: "img/a.jpg", at: 512)) { try FileArchive(Source(Array(tar[..<514]))) }
    #expect(throws: ArchiveError.cutShort(part: "a header", at: 1024)) { try FileArchive(Source(Array(tar[..<1100]))) }
    #expect(try Self.archive(Array(tar[..<1024])).count == 1, "many programs leave out the blocks of zeros")
    let text = try FileArchive(Source(Array("no archive".utf8)))
    #expect(text.map(\.count) == nil)
  }

  @Test func pathsAreFollowedAsInAFolder() {
    for (path, result) in [
      ("a/b", .inside(Array("a/b".utf8))), ("./a//b/../c", .inside(Array("a/c".utf8))), ("a/../../b", .outside),
      ("/a", .outside), ("a/", .folder), (".", .folder), ("", .folder), ("..", .outside),
    ] as [(String, ArchivePath)] { #expect(ArchivePath(Array(path.utf8)) == result, "\(path)") }
  }
}
