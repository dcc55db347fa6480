import Preparation
import Corpus
import Foundation
import Inputs
import TestSupport
import Testing

@Suite struct PictureFolderTests {
  /// `pictures/` with a file, a folder and links, next to a file outside it; removed with the value.
  private struct Place {
    private let scratch: Scratch
    var root: URL { URL(filePath: scratch.path) }
    var folder: URL { root.appending(path: "pictures") }

    init() throws {
      scratch = try Scratch()
      for (path, bytes) in [
        ("pictures/a.gif", [1, 2, 3] as [UInt8]), ("pictures/sub/b.jpg", [4]), ("pictures/empty", []),
        ("outside.gif", [5]), ("pictures-too/c.gif", [6]), ("pictures/é ü.png", [7]),
        ("pictures/large", Array(repeating: 0, count: 1001)),
      ] {
        try scratch.write(path, bytes)
      }
      for (link, target) in [
        ("inside", "sub/b.jpg"), ("absolute", folder.appending(path: "a.gif").path),
        ("escape", "../outside.gif"),
        ("up", ".."), ("dangling", "nowhere"), ("circle", "circle"), ("device", "/dev/null"),
      ] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: link).path, withDestinationPath: target)
      }
      try FileManager.default.createSymbolicLink(
        atPath: root.appending(path: "alias").path, withDestinationPath: "pictures")
      #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
    }
  }

  @Test("Files in the folder are read, however they are named")
  func inside() throws {
    let place = try Place()
    let folder = try PictureFolder(root: place.folder.path)
    for (path, bytes) in [
      ("a.gif", [1, 2, 3] as [UInt8]), ("./sub//b.jpg", [4]), ("sub/../a.gif", [1, 2, 3]), ("inside", [4]),
      ("absolute", [1, 2, 3]), ("é ü.png", [7]), (place.folder.path + "/a.gif", [1, 2, 3]),
      ("../pictures/a.gif", [1, 2, 3]),
    ] {
      let file = try folder.load(path)
      #expect(file.bytes == bytes)
      #expect(file.path == path)
      #expect(folder.find(path) == nil)
    }
    let hash = try folder.load("a.gif").sha256.map { String($0, radix: 16) }
    #expect(hash.count == 32 && hash.starts(with: ["3", "90", "58", "c6", "f2"]), "SHA-256 of 01 02 03")
  }

  @Test("A picture in base 64 needs its address, and something in it; a plan says so, too")
  func base64() throws {
    let place = try Place(), folder = try PictureFolder(root: place.folder.path)
    let bare = "/9j/" + String(repeating: "4AAQ", count: 1000)
    let fault = #expect(throws: PictureFileError.self) { try folder.load(bare) }
    #expect(
      fault?.description
        == "missing: /9j/4AAQ4AAQ4AAQ4AAQ4AAQ…: a picture in base 64, not a path; write data:image/jpeg;base64, before it"
    )
    #expect(folder.find(bare) == fault?.problem)
    let empty = #expect(throws: PictureFileError.self) { try folder.load("data:image/png;base64,") }
    #expect(empty?.detail == "nothing is behind the comma, so there is no picture")
    for address in ["data:image/png;base64,", "data:image/png;base64,!", "data:image/png,abc"] {
      let fault = #expect(throws: PictureFileError.self) { try folder.load(address) }
      #expect(folder.find(address) == fault?.problem && fault != nil)
    }
    #expect(try folder.load(" data:;base64,aGVsbG8").bytes == Array("hello".utf8))
  }

  @Test("The folder itself may be reached by a link or a relative path")
  func aliases() throws {
    let place = try Place()
    let alias = try PictureFolder(root: place.root.appending(path: "alias").path)
    #expect(try alias.load("a.gif").bytes == [1, 2, 3])
    #expect(try alias.load(place.root.path + "/alias/a.gif").bytes == [1, 2, 3])
    #expect(alias.find(place.root.path + "/alias/none.gif") == .missing)
    #expect(try PictureFolder(root: "/").load(place.folder.path + "/a.gif").bytes == [1, 2, 3])
    #expect(
      try PictureFolder(root: "/").load(String(place.folder.path.dropFirst()) + "/a.gif").bytes == [1, 2, 3])
  }

  @Test(
    "Whatever else is there has its own code",
    arguments: [
      ("none.gif", FaultCode.missing), ("a.gif/b", .missing), ("dangling", .missing), ("", .missing),
      ("a\0.gif", .missing), ("..", .outsideFolder), ("../outside.gif", .outsideFolder),
      ("../none.gif", .outsideFolder), ("sub/../../none.gif", .outsideFolder),
      ("../pictures-too/c.gif", .outsideFolder),
      ("/etc/passwd", .outsideFolder), ("/none/none", .outsideFolder), ("escape", .outsideFolder),
      ("up/outside.gif", .outsideFolder), ("device", .outsideFolder), ("sub", .directory), (".", .directory),
      ("pipe", .notAFile), ("empty", .emptyFile), ("large", .fileTooLarge), ("circle", .unreadable),
      (String(repeating: "x", count: 5000), .missing),
    ])
  func codes(path: String, code: FaultCode) throws {
    let place = try Place()
    let folder = try PictureFolder(root: place.folder.path, limits: PictureLimits(bytes: 1000))
    let fault = #expect(throws: PictureFileError.self) { try folder.load(path) }
    #expect(fault?.code == code)
    #expect(fault?.path == path)
    #expect(folder.find(path)?.code == code)
  }

  @Test("A device is not opened")
  func device() throws {
    let fault = #expect(throws: PictureFileError.self) { try PictureFolder(root: "/dev").load("zero") }
    #expect(fault?.problem == .notAFile(kind: "device"))
  }

  @Test("A socket is not opened")
  func socketFile() throws {
    let place = try Place()
    let handle = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // A socket's path is short by law: it is bound by its bare name.
    let path = place.folder.path + "/s"
    try #require(path.utf8.count < 100)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(handle, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    #expect(try PictureFolder(root: place.folder.path).find("s")?.code == .notAFile)
  }

  @Test("A file without permission is unreadable", .enabled(if: geteuid() != 0, "root reads everything"))
  func permission() throws {
    let place = try Place()
    chmod(place.folder.appending(path: "a.gif").path, 0)
    let folder = try PictureFolder(root: place.folder.path)
    let fault = #expect(throws: PictureFileError.self) { try folder.load("a.gif") }
    #expect(fault?.code == .unreadable)
    #expect(folder.find("a.gif")?.code == .unreadable)
  }

  @Test("A limit counts the last byte")
  func limit() throws {
    let place = try Place()
    let folder = try PictureFolder(root: place.folder.path, limits: PictureLimits(bytes: 1001))
    #expect(try folder.load("large").bytes.count == 1001)
  }

  @Test("A path that is not a folder is rejected")
  func noFolder() throws {
    let place = try Place()
    let missing = place.root.path + "/none"
    #expect(throws: PictureFolderError.missing(path: missing)) { try PictureFolder(root: missing) }
    let file = place.root.path + "/outside.gif"
    #expect(throws: PictureFolderError.notAFolder(path: file)) { try PictureFolder(root: file) }
    #expect(throws: PictureFolderError.missing(path: "")) { try PictureFolder(root: "") }
    #expect(throws: PictureFolderError.missing(path: "a\0")) { try PictureFolder(root: "a\0") }
  }

  @Test("A folder replaced with a link while pictures are loaded gives none from outside")
  func race() throws {
    let place = try Place()
    let sub = place.folder.appending(path: "sub").path, link = place.folder.appending(path: "link").path
    let outside = place.root.appending(path: "pictures-too").path
    try Data([6]).write(to: URL(filePath: outside + "/b.jpg"))
    #expect(symlink(outside, link) == 0)
    let folder = try PictureFolder(root: place.folder.path)
    let race = Race(exchanging: sub, link, loads: 20_000) { (try? folder.load("sub/b.jpg").bytes).map { $0 == [4] } }
    #expect(race.outsiders == 0, "pictures from outside, of \(race.loads) loads")
  }

  @Test("A broken link reveals nothing about files outside")
  func messagesRevealNothingOutsideTheFolder() throws {
    let place = try Place()
    for (link, target) in [("there", "../outside.gif"), ("nowhere", "../none.gif"), ("far", "/none/none.gif")] {
      #expect(symlink(target, place.folder.appending(path: link).path) == 0)
    }
    let folder = try PictureFolder(root: place.folder.path)
    for path in ["there", "nowhere", "far", "up/outside.gif", "up/none.gif", "up/none/../none.gif"] {
      #expect(folder.find(path)?.code == .outsideFolder, "\(path)")
    }
  }
}

@Suite struct MissingPictureTests {
  private static let fault = PictureFileError(path: "a.jpg", problem: .missing)

  @Test("An existing picture is used under both policies", arguments: MissingPicturePolicy.allCases)
  func there(rule: MissingPicturePolicy) throws {
    #expect(try rule.value { () throws(PictureFileError) in 7 } == 7)
  }

  @Test("A picture that cannot be used is a fault, unless the text alone is requested")
  func missing() throws {
    #expect(throws: Self.fault) {
      try MissingPicturePolicy.fault.value { () throws(PictureFileError) -> Int in throw Self.fault }
    }
    #expect(try MissingPicturePolicy.textOnly.value { () throws(PictureFileError) -> Int in throw Self.fault } == nil)
  }

  @Test("The values of the flag")
  func words() {
    #expect(MissingPicturePolicy.allCases.map(\.rawValue) == ["fault", "text-only"])
  }
}
