import Foundation
import TestSupport
import Testing

/// `--images`, `--image-match`, `--image-template` and `--pictures`: the pictures of files as people have them.
@Suite struct PicturePathsTests {
  /// The pictures of a folder as paths and bytes: pictures of the samples by other names.
  private static func pictures(_ names: [String]) throws -> [(path: String, bytes: [UInt8])] {
    let folder = Workdir.samples + "/images"
    let all = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jpg") }.sorted()
    return try names.enumerated().map { place, name in
      let data = try Data(contentsOf: URL(filePath: folder + "/" + all[place % all.count]))
      return (name, [UInt8](data))
    }
  }

  private static func write(_ pictures: [(path: String, bytes: [UInt8])], in workdir: borrowing Workdir) throws {
    for picture in pictures { try workdir.write(picture.path, Data(picture.bytes)) }
  }

  /// Spellings of paths of files that are all there; the third name is in the form of a Mac's disk.
  private static let files = [
    "img/a.jpg", "img/sub folder/b 1.jpg", "img/cafe\u{301}.jpg", "img/E9xYzWvXoAAq1.jpg", "img/PHOTO.JPG",
    "img/c.jpeg", "img/100%.jpg",
  ]
  private static let posts = """
    id,text,image
    1,windows path,img\\a.jpg
    2,windows path below,img\\sub folder\\b 1.jpg
    3,percent escaped,img/sub%20folder/b%201.jpg
    4,"NFC in the list, NFD on disk",img/caf\u{E9}.jpg
    6,URL of the picture,https://pbs.twimg.com/media/E9xYzWvXoAAq1.jpg
    7,query behind the name,img/E9xYzWvXoAAq1.jpg?name=orig
    9,file url,file:///data/img/a.jpg
    10,absolute path inside,/data/img/a.jpg
    11,ending in other case,img/photo.jpg
    12,no ending in list,img/c
    14,dot slash,./img/a.jpg
    15,twice slash,img//a.jpg
    16,blank behind,img/a.jpg\u{20}
    18,percent itself,img/100%.jpg
    20,drive letter,C:\\Users\\anna\\data\\img\\a.jpg

    """

  @Test func eachFaultNamesTheFileThatIsNearAndARuleFindsThemAll() async throws {
    let workdir = try Workdir()
    try Self.write(Self.pictures(Self.files), in: workdir)
    let corpus = try workdir.write("posts.csv", Self.posts)
    let check = try await workdir.run("check", corpus)
    #expect(check.output.contains("Of the pictures that are missing, --image-match near finds 12."), "\(check.output)")
    let checkNear = try await workdir.run("check", corpus, "--image-match", "near")
    #expect(checkNear.output.contains("12 pictures found by rules ("), "\(checkNear.output)")
    let exact = try await workdir.run(Workdir.score(corpus, "s.sqlite", "--run", "r"))
    #expect(exact.status == 0 && exact.errors.contains("15 rows = 3 scored"), "\(exact.errors)")
    #expect(exact.errors.contains("of the pictures that are missing, --image-match near finds 12"), "\(exact.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT DISTINCT code FROM fault ORDER BY 1") == ["missing", "outside_folder"])
    let details = try workdir.rows("s.sqlite", "SELECT detail FROM fault")
    #expect(details.allSatisfy { $0.contains("; there is img/") && $0.hasSuffix(": --image-match near") }, "\(details)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT detail FROM fault WHERE key = '11'")
        == ["no such file; there is img/PHOTO.JPG: --image-match near"])
    let near = try await workdir.run(
      Workdir.score(corpus, "s.sqlite", "--run", "r", "--retry-faults", "--image-match", "near"))
    #expect(near.status == 0 && near.errors.contains("15 rows = 15 scored"), "\(near.errors)")
    #expect(
      near.errors.contains("12 pictures found by rules (") && near.errors.contains("backslashes 3"), "\(near.errors)")
    #expect(!near.errors.contains("of the pictures that are missing"))
    #expect(
      try workdir.rows(
        "s.sqlite",
        "SELECT counts ->> '$.pictures.found_by_rule', counts ->> '$.pictures.letter_case', "
          + "counts ->> '$.pictures.needs_near' FROM run") == ["12|1|NULL"])
    let shown = try await workdir.run("runs", "show", "s.sqlite", "r", "--format", "csv")
    #expect(shown.output.contains("pictures found_by_rule,12"), "\(shown.output)")
    // The store keeps paths as the corpus writes them, and finds the pictures again by the rules.
    #expect(try workdir.rows("s.sqlite", "SELECT image FROM post WHERE key = '1'") == ["img\\a.jpg"])
    let report = try await workdir.run("report", "s.sqlite", "--layout", "triage", "--pictures", "show", "-o", "r.pdf")
    #expect(report.status == 0 && !report.errors.contains("not available"), "\(report.errors)")
  }

  @Test func theNameAloneIsARuleOfItsOwnAndAmbiguityIsAFault() async throws {
    let workdir = try Workdir()
    try Self.write(Self.pictures(["x/one.jpg", "y/two.jpg", "z/two.jpg"]), in: workdir)
    let corpus = try workdir.write("posts.csv", "id,text,image\n1,a,one.jpg\n2,b,two.jpg\n3,c,../../etc/passwd\n")
    let near = try await workdir.run(Workdir.score(corpus, "n.sqlite", "--image-match", "near"))
    #expect(near.errors.contains("there is x/one.jpg: --image-match name"), "\(near.errors)")
    let name = try await workdir.run(Workdir.score(corpus, "s.sqlite", "--image-match", "name"))
    #expect(name.errors.contains("1 picture found by rules (name alone 1)"), "\(name.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, code, detail FROM fault WHERE key = '2'") == [
        "2|ambiguous|several files fit: y/two.jpg, z/two.jpg; write the path of one, or leave out the others' folders"
      ])
    #expect(try workdir.rows("s.sqlite", "SELECT code FROM fault WHERE key = '3'") == ["outside_folder"])
  }

  @Test func picturesAreReadInPlaceFromZipAndTar() async throws {
    let workdir = try Workdir()
    let pictures = try Self.pictures(["img/a.jpg", "img/b.jpg", "img/c.jpg", "img/d.jpg"])
    try Self.write(pictures, in: workdir)
    try workdir.write("stored.zip", Data(ArchiveBuilder.zip(pictures)))
    try workdir.write("deflated.zip", Data(ArchiveBuilder.zip(pictures, .deflated)))
    try workdir.write("shard-0.tar", Data(ArchiveBuilder.tar(pictures.prefix(2).map { ($0.path, $0.bytes) })))
    try workdir.write("shard-1.tar", Data(ArchiveBuilder.tar(pictures.suffix(2).map { ($0.path, $0.bytes) })))
    let corpus = try workdir.write(
      "posts.csv", "id,text,image\n1,a,img/a.jpg\n2,b,./img//b.jpg\n3,c,img/c.jpg\n4,d,img/d.jpg\n5,e,../img/a.jpg\n")
    let places = [[], ["stored.zip"], ["deflated.zip"], ["shard-0.tar", "shard-1.tar"], ["shard-*.tar"]]
    var scores: [[String]] = []
    for (number, place) in places.enumerated() {
      let flags = place.flatMap { ["--images", workdir.path + "/" + $0] }
      let outcome = try await workdir.run(Workdir.score(corpus, "s\(number).sqlite") + flags)
      #expect(outcome.status == 0 && outcome.errors.contains("5 rows = 4 scored"), "\(place): \(outcome.errors)")
      #expect(try workdir.rows("s\(number).sqlite", "SELECT key, code FROM fault") == ["5|outside_folder"])
      scores.append(
        try workdir.rows(
          "s\(number).sqlite",
          "SELECT key, picture_hash, prediction.label, confidence FROM post JOIN prediction ON post_id = post.id ORDER BY key"
        ))
      let plan = try await workdir.run(Workdir.score(corpus, "p\(number).sqlite", "--plan") + flags)
      #expect(plan.output.contains("pictures found: 4"), "\(plan.output)")
    }
    #expect(scores.allSatisfy { $0 == scores[0] } && scores[0].count == 4)
    try workdir.write("cut.zip", Data(ArchiveBuilder.zip(pictures).dropLast(9)))
    let cut = try await workdir.run(Workdir.score(corpus, "c.sqlite", "--images", workdir.path + "/cut.zip"))
    #expect(cut.status != 0 && cut.errors.contains("cut short, or not an archive"), "\(cut.errors)")
  }

  @Test func severalPicturesArePickedOrRowsOfTheirOwn() async throws {
    let workdir = try Workdir()
    try Self.write(Self.pictures((0..<4).map { "media/\($0).jpg" }), in: workdir)
    let corpus = try workdir.write(
      "posts.csv",
      "id,text,image\n1,two,media/0.jpg;media/1.jpg\n2,json,\"[\"\"media/1.jpg\"\",\"\"media/2.jpg\"\",\"\"media/3.jpg\"\"]\"\n"
        + "3,python,['media/2.jpg']\n4,none,[]\n5,nan,nan\n6,one,media/3.jpg\n")
    let first = try await workdir.run(Workdir.score(corpus, "f.sqlite"))
    #expect(first.errors.contains("6 rows = 4 scored + 2 without picture"), "\(first.errors)")
    #expect(
      first.errors.contains(
        "3 cells list pictures, of which 3 are left out; 2 cells say that there is no picture (--pictures each takes them)"
      ),
      "\(first.errors)")
    #expect(first.errors.contains("notice: posts.csv:2: the cell of the picture is a list of 2"))
    let each = Workdir.score(corpus, "e.sqlite", "--pictures", "each", "--run", "r")
    let outcome = try await workdir.run(each)
    #expect(outcome.errors.contains("9 rows = 7 scored + 2 without picture"), "\(outcome.errors)")
    #expect(
      try workdir.rows("e.sqlite", "SELECT key, line FROM entry ORDER BY record LIMIT 5") == [
        "1|2", "1#2|2", "2|3", "2#2|3", "2#3|3",
      ])
    #expect(try await workdir.run(each).errors.contains("already finished"))
    let joined = try await workdir.run("query", "e.sqlite", "several-pictures", "--format", "csv")
    let lines = joined.output.split(separator: "\n").map { $0.split(separator: ",").prefix(3).joined(separator: ",") }
    #expect(lines.first == "key,pictures,scored" && Set(lines.dropFirst()) == ["1,2,2", "2,3,3"], "\(joined.output)")
    let export = try await workdir.run("export", "e.sqlite", "--run", "r", "--corpus", corpus, "-o", "out.csv")
    #expect(export.status == 0, "\(export.errors)")
    #expect(try String(contentsOfFile: workdir.path + "/out.csv", encoding: .utf8).split(separator: "\n").count == 10)
  }

  @Test func pathsAreMadeOfColumnsAndPicturesComeWithinCells() async throws {
    let workdir = try Workdir()
    let pictures = try Self.pictures(["media/11.jpg", "media/12.jpg"])
    try Self.write(pictures, in: workdir)
    let corpus = try workdir.write("posts.csv", "id,text\n11,a\n12,b\n13,c\n")
    let made = try await workdir.run(Workdir.score(corpus, "t.sqlite", "--image-template", "media/{id}.jpg"))
    #expect(made.status == 0 && made.errors.contains("3 rows = 2 scored"), "\(made.errors)")
    #expect(try workdir.rows("t.sqlite", "SELECT image FROM post ORDER BY key") == ["media/11.jpg", "media/12.jpg"])
    let both = try await workdir.run(
      Workdir.score(corpus, "t.sqlite", "--image-template", "{id}.jpg", "--image", "text"))
    #expect(both.status == 64 && both.errors.contains("give one of them"), "\(both.errors)")
    let data = Data(pictures[0].bytes).base64EncodedString()
    let cells = try workdir.write("cells.csv", "id,text,image\n1,a,\"data:image/jpeg;base64,\(data)\"\n")
    let inline = try await workdir.run(Workdir.score(cells, "d.sqlite"))
    #expect(inline.errors.contains("1 row = 1 scored"), "\(inline.errors)")
    #expect(
      try workdir.rows("d.sqlite", "SELECT picture_hash FROM post")
        == workdir.rows("t.sqlite", "SELECT picture_hash FROM post WHERE key = '11'"))
    #expect(try workdir.rows("d.sqlite", "SELECT length(image) < 100 FROM post") == ["1"])
  }
}
