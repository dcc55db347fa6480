import Foundation
import Inputs
import TestSupport
import Testing

/// Pictures whose references are spelled otherwise than their files.
@Suite struct PictureFinderTests {
  /// The files of all tests; the last name is composed as on a disk of a Mac (form D).
  private static let names = [
    "img/a.jpg", "img/sub folder/b 1.jpg", "img/PHOTO.JPG", "img/c.jpeg", "img/d", "img/100%.jpg", "img/Dj8H7+3&A.jpg",
    "img/E9xYz.jpg", "img/cafe\u{301}.jpg", "other/e.png", "twice/one/f.jpg", "twice/two/f.jpg", "case/g.jpg",
    "case/G.jpg", "kinds/h.jpg", "kinds/h.png", "kinds/h.json", "data/i.jpg",
  ]

  /// The references, their files, and the rules that find them.
  private static let near: [(reference: String, path: String, rules: [PictureRule])] = [
    (#"img\a.jpg"#, "img/a.jpg", [.backslashes]),
    (#"img\sub folder\b 1.jpg"#, "img/sub folder/b 1.jpg", [.backslashes]),
    ("img/sub%20folder/b%201.jpg", "img/sub folder/b 1.jpg", [.percent]),
    ("img/sub+folder/b+1.jpg", "img/sub folder/b 1.jpg", [.percent]), ("img/caf\u{E9}.jpg", names[8], [.unicode]),
    ("https://pbs.twimg.com/media/E9xYz.jpg", "img/E9xYz.jpg", [.webAddress]),
    ("https://pbs.twimg.com/media/E9xYz?format=jpg&name=small", "img/E9xYz.jpg", [.webAddress]),
    ("https://pbs.twimg.com/media/E9xYz.jpg:large", "img/E9xYz.jpg", [.webAddress, .size]),
    ("http://example.org/img/a.jpg?x=1", "img/a.jpg", [.webAddress]),
    ("img/E9xYz.jpg?name=orig", "img/E9xYz.jpg", [.query]), ("img/E9xYz.jpg:orig", "img/E9xYz.jpg", [.size]),
    ("img/E9xYz.jpg-large", "img/E9xYz.jpg", [.size]), ("\u{FEFF}img/a.jpg\u{200B}", "img/a.jpg", [.quotes]),
    (#"\\server\share\img\a.jpg"#, "img/a.jpg", [.backslashes, .folder]), ("~/img/a.jpg", "img/a.jpg", [.folder]),
    ("img/sub%2520folder/b%25201.jpg", "img/sub folder/b 1.jpg", [.percent]),
    ("img/Dj8H7+3&amp;A.jpg", "img/Dj8H7+3&A.jpg", [.entities]),
    ("img/Dj8H7+3&amp;amp;A.jpg", "img/Dj8H7+3&A.jpg", [.entities]),
    ("img/&#99;af&#xe9;.jpg", names[8], [.entities, .unicode]), ("\"img/a.jpg\"", "img/a.jpg", [.quotes]),
    ("img/a.jpg ", "img/a.jpg", [.quotes]), ("file:img/a.jpg", "img/a.jpg", [.fileAddress]),
    ("file:///data/img/a.jpg", "img/a.jpg", [.fileAddress]), ("/data/img/a.jpg", "img/a.jpg", [.folder]),
    (#"C:\Users\anna\data\img\a.jpg"#, "img/a.jpg", [.backslashes, .folder]),
    ("project/img/a.jpg", "img/a.jpg", [.folder]), ("img/photo.jpg", "img/PHOTO.JPG", [.letterCase]),
    ("IMG/Sub Folder/B 1.jpg", "img/sub folder/b 1.jpg", [.letterCase]), ("img/c", "img/c.jpeg", [.ending]),
    ("img/c.png", "img/c.jpeg", [.ending]), ("img/d.jpg", "img/d", [.ending]),
    ("img/photo.png", "img/PHOTO.JPG", [.letterCase, .ending]),
    ("img/caf%E9.jpg", names[8], [.percent, .unicode]), ("img/caf&eacute;.jpg", names[8], [.entities, .unicode]),
    ("<img/a.jpg>", "img/a.jpg", [.quotes]), ("//pbs.twimg.com/media/E9xYz.jpg", "img/E9xYz.jpg", [.webAddress]),
    (#"x\IMG\c.PNG"#, "img/c.jpeg", [.backslashes, .folder]),
  ]

  /// The files in a folder, or in an archive of it.
  private struct Place {
    let scratch: Scratch
    let root: String

    init(_ kind: String) throws {
      scratch = try Scratch()
      root = scratch.file("place")
      let files = PictureFinderTests.names.map { (path: $0, bytes: Array($0.utf8)) }
      switch kind {
      case "zip": try scratch.write("place", ArchiveBuilder.zip(files))
      case "tar": try scratch.write("place", ArchiveBuilder.tar(files.map { ($0.path, $0.bytes) }))
      default: for file in files { try scratch.write("place/" + file.path, file.bytes) }
      }
      try scratch.write("outside.jpg", [1])
    }

    func folder(_ match: PictureMatch) throws -> PictureFolder { try PictureFolder(roots: [root], match: match) }
  }

  @Test("Files are found in other spellings, in a folder as in an archive", arguments: ["folder", "zip", "tar"])
  func nearFiles(kind: String) throws {
    let place = try Place(kind)
    let folder = try place.folder(.near), exact = try place.folder(.written)
    for (reference, path, rules) in Self.near {
      let file = try folder.load(reference)
      #expect(file.bytes == Array(path.utf8) && file.path == reference, "\(reference)")
      #expect(file.found?.path.utf8.elementsEqual(path.utf8) == true, "\(reference)")
      #expect(
        Self.withoutCase(file.found?.rules) == Self.withoutCase(rules), "\(reference): \(file.found?.rules ?? [])")
      #expect(folder.find(reference) == nil)
      let fault = #expect(throws: PictureFileError.self) { try exact.load(reference) }
      #expect(fault?.hint == .found(path, by: .near), "\(reference)")
      #expect(fault?.detail.hasSuffix("there is \(path): --image-match near") == true, "\(fault?.detail ?? "")")
    }
  }

  /// The rules, but not whether case differs, too, in paths that need an ending or a folder anyway.
  private static func withoutCase(_ rules: [PictureRule]?) -> [PictureRule] {
    guard let rules, rules.contains(.folder) else { return rules ?? [] }
    return rules.filter { $0 != .letterCase && $0 != .ending }
  }

  @Test("A file that is where the corpus says is taken as it is", arguments: PictureMatch.allCases)
  func writtenFilesComeFirst(match: PictureMatch) throws {
    let place = try Place("folder"), folder = try place.folder(match)
    for path in ["img/100%.jpg", "./img//a.jpg", "case/G.jpg", "kinds/h.png"] {
      let file = try folder.load(path)
      #expect(file.found == nil)
    }
  }

  @Test("Another folder needs the rule of the name")
  func names() throws {
    let place = try Place("folder")
    let near = try place.folder(.near), name = try place.folder(.name)
    for (reference, path) in [("e.png", "other/e.png"), ("img/E.jpg", "other/e.png"), ("/x/e.png", "other/e.png")] {
      let fault = #expect(throws: PictureFileError.self) { try near.load(reference) }
      #expect(fault?.hint == .found(path, by: .name), "\(reference)")
      let file = try name.load(reference)
      #expect(file.found?.path == path && file.found?.rules.contains(.name) == true)
    }
  }

  @Test("A name below the folder of another machine that has the same name is near")
  func sameFolderName() throws {
    let place = try Place("folder")
    let folder = try PictureFolder(roots: [place.root + "/data"], match: .near)
    #expect(try folder.load("/home/anna/data/i.jpg").found?.rules == [.folder])
    #expect(throws: PictureFileError.self) { try folder.load("/home/anna/other/i.jpg") }
  }

  @Test("Several files that fit are a fault that lists them")
  func ambiguity() throws {
    let place = try Place("folder")
    let folder = try place.folder(.name)
    for (reference, paths) in [
      ("f.jpg", ["twice/one/f.jpg", "twice/two/f.jpg"]), ("kinds/h.webp", ["kinds/h.jpg", "kinds/h.png"]),
      ("https://x.org/f.jpg", ["twice/one/f.jpg", "twice/two/f.jpg"]), ("CASE/g.JPG", ["case/G.jpg", "case/g.jpg"]),
    ] {
      let fault = #expect(throws: PictureFileError.self) { try folder.load(reference) }
      #expect(fault?.problem == .ambiguous(paths: paths), "\(reference): \(String(describing: fault?.problem))")
      #expect(fault?.detail.contains("several files fit: \(paths[0]), \(paths[1])") == true)
    }
    let fault = #expect(throws: PictureFileError.self) { try place.folder(.written).load("f.jpg") }
    #expect(fault?.hint == .several(["twice/one/f.jpg", "twice/two/f.jpg"]))
  }

  @Test("Whatever a reference says, nothing outside is read", arguments: ["folder", "zip", "tar"])
  func nothingOutside(kind: String) throws {
    let place = try Place(kind)
    if kind == "folder" {
      try FileManager.default.createSymbolicLink(
        atPath: place.root + "/link.jpg", withDestinationPath: "../outside.jpg")
      try FileManager.default.createSymbolicLink(atPath: place.root + "/up", withDestinationPath: "..")
      let fault = #expect(throws: PictureFileError.self) { try place.folder(.written).load("link.jpg") }
      #expect(fault?.hint == nil, "no rule helps")
    }
    let folder = try place.folder(.name)
    for reference in [
      "../outside.jpg", "..\\outside.jpg", "%2e%2e/outside.jpg", "file:///../outside.jpg", "outside.jpg", "OUTSIDE.JPG",
      "link.png", "LINK.jpg", "up/outside.jpg", "UP/OUTSIDE.jpg", "img/../../outside.jpg", "/etc/passwd",
      place.scratch.file("outside.jpg"), "https://x.org/../outside.jpg", "img/%2e%2e/%2e%2e/outside.jpg",
    ] {
      #expect(throws: PictureFileError.self, "\(reference)") { try folder.load(reference) }
    }
  }

  @Test("Several places are one; a file in two of them is a fault")
  func severalPlaces() throws {
    let scratch = try Scratch()
    try scratch.write("1.tar", ArchiveBuilder.tar([("a.jpg", [1]), ("both.jpg", [2])]))
    try scratch.write("2.tar", ArchiveBuilder.tar([("b.jpg", [3]), ("both.jpg", [4]), ("C.JPG", [5])]))
    let location = PictureLocation([scratch.file("*.tar")], match: .near)
    #expect(location.roots == [scratch.file("1.tar"), scratch.file("2.tar")])
    let folder = try location.open()
    #expect(try folder.load("a.jpg").bytes == [1])
    #expect(try folder.load("b.jpg").bytes == [3])
    #expect(try folder.load("c.jpg").bytes == [5])
    #expect(folder.find("b.jpg") == nil && folder.find("none.jpg") == .missing)
    let fault = #expect(throws: PictureFileError.self) { try folder.load("both.jpg") }
    #expect(fault?.detail.contains("both.jpg in 1.tar, both.jpg in 2.tar") == true, "\(fault?.detail ?? "")")
    let spelled = #expect(throws: PictureFileError.self) { try folder.load(#".\both.jpg"#) }
    #expect(spelled?.problem == .ambiguous(paths: ["./both.jpg in 1.tar", "./both.jpg in 2.tar"]))
    let upper = #expect(throws: PictureFileError.self) { try folder.load("BOTH.jpg") }
    #expect(upper?.problem == .ambiguous(paths: ["both.jpg in 1.tar", "both.jpg in 2.tar"]))
    let recorded = try #require(PictureLocation(location.roots).recorded)
    #expect(PictureLocation(recorded: recorded).places == location.roots)
  }

  @Test("A zip behind other bytes is named, not taken for a file of another kind")
  func selfExtracting() throws {
    let scratch = try Scratch()
    try scratch.write("a.exe", Array("MZ program".utf8) + ArchiveBuilder.zip([("a.jpg", [1])]))
    try scratch.write("b.exe", Array("MZ program".utf8))
    let fault = #expect(throws: PictureFolderError.self) { try PictureFolder(root: scratch.file("a.exe")) }
    #expect("\(try #require(fault))".contains("does not begin at its first byte, as in a self-extracting archive"))
    #expect(throws: PictureFolderError.notAFolder(path: scratch.file("b.exe"))) {
      try PictureFolder(root: scratch.file("b.exe"))
    }
  }

  @Test("A picture within its reference is read; a damaged one is a fault")
  func dataAddresses() throws {
    let folder = try Place("folder").folder(.written)
    let file = try folder.load("data:image/png;base64,AQID")
    #expect(file.bytes == [1, 2, 3] && file.path.hasPrefix("data:image/png;base64,sha256="))
    #expect(folder.find("data:image/png;base64,AQID") == nil)
    #expect(try folder.load("DATA:image/png;BASE64,AQID").bytes == [1, 2, 3])
    let kept = #expect(throws: PictureFileError.self) { try folder.load(file.path) }
    #expect(kept?.detail == "the picture was in the corpus itself, and only its hash was kept")
    for reference in ["data:image/png;base64,A!", "data:image/svg+xml,<svg/>", "data:image/png;base64,"] {
      #expect(throws: PictureFileError.self) { try folder.load(reference) }
    }
    let small = try PictureFolder(root: Checkout.samples, limits: PictureLimits(bytes: 10))
    let large = "data:image/png;base64," + String(repeating: "AAAA", count: 20)
    #expect(throws: PictureFileError.self) { try small.load(large) }
    #expect(small.find(large) != nil)
  }

  @Test("The limit on a file's size holds in archives, too; what cannot be read says why")
  func archiveFaults() throws {
    let scratch = try Scratch()
    var damaged = ArchiveBuilder.zip([
      ("a.jpg", [1, 2, 3]), ("large.jpg", Array(repeating: 1, count: 100)), ("no.jpg", []),
    ])
    damaged[30 + 5] ^= 1
    let folder = try PictureFolder(root: try scratch.write("p.zip", damaged), limits: PictureLimits(bytes: 99))
    let fault = #expect(throws: PictureFileError.self) { try folder.load("a.jpg") }
    #expect(fault?.detail == "a.jpg is damaged in the archive; copy or download the archive again")
    for (path, problem) in [
      ("large.jpg", PictureError.fileTooLarge(bytes: 100, limit: 99)), ("no.jpg", .emptyFile), ("b.jpg", .missing),
      ("/a.jpg", .outsideFolder(folder: scratch.file("p.zip"))), ("", .impossiblePath), (".", .directory),
    ] { #expect(folder.find(path) == problem, "\(path)") }
    try scratch.write("c.tar.gz", [0x1F, 0x8B, 8, 0])
    #expect(throws: PictureFolderError.compressed(path: scratch.file("c.tar.gz"), by: "gzip")) {
      try PictureFolder(root: scratch.file("c.tar.gz"))
    }
    try scratch.write("cut.zip", Array(damaged.dropLast(3)))
    let error = #expect(throws: PictureFolderError.self) { try PictureFolder(root: scratch.file("cut.zip")) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("download"))
  }
}
