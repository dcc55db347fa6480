import Bytes
import CorpusCheck
import Corpus
import Foundation
import TestSupport
import Testing

/// Findings in corpora of a few rows.
@Suite struct CorpusFindingsTests {
  @Test func columnsAreReported() throws {
    let check = try Scratch().check("id,text,Label,likes\n1,one two,x,5\n2,two,,5\n3,three,x,\n")
    #expect(check.rows == 3 && check.faults.isEmpty)
    #expect(check.columns.map(\.name) == ["id", "text", "Label", "likes"])
    #expect(check.columns.map(\.role) == [.id, .text, nil, nil])
    #expect(check.columns.map(\.empty) == [0, 0, 1, 1])
    #expect(check.columns.map(\.distinct) == [3, 3, 1, 1])
    #expect(check.columns[3].commonest.map(\.value) == ["5"] && check.columns[3].commonest.map(\.count) == [2])
    #expect(check.findings.contains { if case .notice(.unreadColumns) = $0 { true } else { false } })
  }

  @Test func equalRowsAndContradictionsAreFound() throws {
    let check = try Scratch().check(
      """
      id,text,label
      1,the bus is late,a
      1,the bus is late,a
      2,the bus is late,b
      2,some other words,a
      3,The BUS is late!,a

      """)
    let duplicates = check.duplicates
    #expect(duplicates.sameIDSameContent == 1 && duplicates.sameIDOtherContent == 1)
    #expect(duplicates.contents.different == 3 && duplicates.contents.extra == 2)
    #expect(duplicates.contents.contradicting == 1 && duplicates.contents.contradictingRows == 3)
    let pair = try #require(duplicates.contents.contradictions.first)
    #expect(pair.first.line == 2 && pair.second.line == 4 && pair.firstLabel == "a" && pair.secondLabel == "b")
    #expect(duplicates.texts.different == 2 && duplicates.texts.extra == 3)
    #expect(duplicates.texts.commonest.map(\.count) == [4])
    #expect(check.findings.contains(.contradictions(contents: 1, rows: 3)))
    #expect(check.findings.contains(.repeatedIDs(rows: 1)))
  }

  /// Rows with the same id and content are one post; short texts of different people are none.
  @Test func repostsAreCounted() throws {
    let text = "I love Mondays and they are my favourite day"
    let check = try Scratch().check(
      "id,text\n1,\(text)\n2,RT @bob: \(text)!\n2,RT @bob: \(text)!\n3,\(text) via @bob\n4,lol\n5,lol\n6,Quite another text of nobody else\n"
    )
    let duplicates = check.duplicates
    #expect(duplicates.reposts == 3 && duplicates.repostGroups == 1 && duplicates.repostScale == 1)
  }

  @Test func labelsInSeveralSpellingsAreFound() throws {
    let check = try Scratch().check("text,label\na,not_sarcastic\nb,Not Sarcastic\nc,sarcastic\nd,\ne,not_sarcastic\n")
    #expect(check.spellings.map { $0.map(\.label) } == [["not_sarcastic", "Not Sarcastic"]])
    #expect(check.labels.map(\.count) == [2, 1, 1] && check.unlabelled == 1)
    let unseen = try Scratch().check("text,label\na,yes\nb,yes\u{200B}\nc,yes\n")
    #expect(unseen.findings.map { "\($0)" }.contains { $0.contains("\"yes\", \"yes<U+200B>\"") })
  }

  @Test func labelsAreComparedAsBytes() throws {
    let (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    let check = try Scratch().check("text,label\na,\(one)\nb,\(two)\na,\(two)\n", against: "text,label\nb,\(one)\n")
    #expect(check.labels.map(\.label) == [two, one] && check.labels.map(\.count) == [2, 1])
    #expect(check.labels.map(\.label) != [one, two])
    #expect(check.duplicates.contents.contradicting == 1 && check.against?.contents.contradicting == 1)
  }

  @Test func equallyCommonValuesAreInTheOrderOfTheirBytes() throws {
    let check = try Scratch().check("text,label\na,caf\u{E9}\nb,cafe\u{301}\n")
    #expect(check.columns.last?.commonest.map { ByteText($0.value) } == ["cafe\u{301}", "caf\u{E9}"])
  }

  @Test func postsInBothCorporaAreFound() throws {
    let check = try Scratch().check(
      "id,text\n1,the bus is late\n2,another text of words\n3,quite new words here\n",
      against: "id,text\n7,the bus is late\n2,nothing of it\n8,Another text: of WORDS\n")
    let against = try #require(check.against)
    #expect((against.ids.rows, against.contents.rows, against.texts.rows) == (1, 1, 2))
    #expect(against.texts.examples.map(\.first.line) == [2, 3] && against.texts.examples.map(\.second.line) == [2, 4])
    #expect(check.findings.filter { $0.code == "overlap" }.count == 3)
  }

  @Test func picturesThatLookAlikeAreFoundOnBothSides() throws {
    let scratch = try Scratch()
    let picture = try samplePicture("jpg")
    try scratch.write("a.jpg", picture)
    // Bytes after the end change the file, not the picture.
    try scratch.write("twin.jpg", picture + Data([0, 0, 0]))
    try scratch.write("other.png", samplePicture("png"))
    let here = "text,image,label\na,twin.jpg,x\nb,other.png,y\nc,a.jpg,x\n"
    let there = "text,image,label\nd,a.jpg,y\ne,none.jpg,y\n"
    let against = try #require(try scratch.check(here, decodes: true, against: there).against)
    #expect(against.pictures.rows == 1 && against.pictures.contradicting == 1)
    let looks = try #require(against.lookalikes)
    #expect((looks.rows, looks.of, looks.contradicting) == (1, 3, 1))
    let pair = try #require(looks.examples.first)
    #expect((pair.first.line, pair.second.line) == (2, 2) && pair.firstLabel == "x" && pair.secondLabel == "y")
    let quick = try scratch.check(here, against: there)
    #expect(quick.against?.lookalikes == nil && quick.against?.pictures.rows == 1)
  }

  @Test func picturesAreReadAsScoringReadsThem() throws {
    let scratch = try Scratch()
    for format in ["webp", "png", "jpg"] { try scratch.write("images/one.\(format)", samplePicture(format)) }
    try scratch.write("images/same.png", samplePicture("png"))
    try scratch.write("cut.jpg", Data(contentsOf: URL(filePath: samples + "/broken/cut.jpg")))
    let csv = """
      text,image
      a,images/one.webp
      b,images/one.png
      c,images/one.jpg
      d,images/same.png
      e,
      f,none.jpg
      g,../x.jpg
      h,cut.jpg

      """
    let quick = try scratch.check(csv)
    #expect(quick.pictures.readable == 5 && quick.pictures.unnamed == 1)
    #expect(quick.pictures.unreadable.map(\.name) == ["missing", "outside_folder"])
    #expect(quick.pictures.formats.map { "\($0.name) \($0.count)" } == ["JPEG 2", "PNG 2", "WebP 1"])
    #expect(quick.duplicates.pictures.extra == 1 && quick.duplicates.lookalikes == nil)
    let decoded = try scratch.check(csv, decodes: true)
    #expect(
      decoded.pictures.readable == 4
        && decoded.pictures.unreadable.map(\.name) == ["missing", "outside_folder", "truncated"])
    #expect(decoded.faults.map(\.code) == [.missing, .outsideFolder, .truncated] && decoded.duplicates.lookalikes == 0)
    #expect(decoded.faults.first?.first.first?.position.line == 7)
  }

  @Test func turnedPicturesAreCounted() throws {
    let scratch = try Scratch()
    let picture = PNG.file(width: 2, [UInt8](repeating: 7, count: 24))
    for (name, orientation) in [("one", 1), ("six", 6), ("eight", 8), ("wrong", 9)] as [(String, UInt8)] {
      try scratch.write("\(name).png", Data(PNG.turned(picture, orientation: orientation)))
    }
    let check = try scratch.check("text,image\na,one.png\nb,six.png\nc,eight.png\nd,wrong.png\ne,six.png\nf,\n")
    #expect(check.pictures.readable == 5 && check.pictures.turned == 3 && check.pictures.cut == 0)
    #expect(try scratch.check("text,image\na,one.png\n").pictures.turned == 0)
  }

  @Test func aSampleAndALimitAreObeyed() throws {
    let scratch = try Scratch()
    let rows = "text\n" + (0..<50).map { "text \($0)\n" }.joined()
    let path = try scratch.write("rows.csv", rows)
    var options = CorpusCheckOptions(threads: 2)
    options.limit = 7
    let folders = try scratch.folders("rows.csv")
    let limited = try CorpusChecker(options).check(
      CorpusReader(paths: [path], options: CorpusOptions()), folders: folders)
    #expect(limited.rows == 7 && limited.isLimited)
    options.limit = nil
    options.sample = Sample(percent: 30)
    let sampled = try CorpusChecker(options).check(
      CorpusReader(paths: [path], options: CorpusOptions()), folders: folders)
    #expect(sampled.rows + sampled.left == 50 && (1..<40).contains(sampled.rows))
    #expect(throws: CorpusCheckError.self) {
      try CorpusChecker(options, shouldStop: { true }).check(
        CorpusReader(paths: [path], options: CorpusOptions()), folders: folders)
    }
  }
}
