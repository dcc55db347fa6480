import Foundation
import Testing

/// The table of rows and their pictures at the end of `score --plan` and `check`.
@Suite struct PictureRuleLinesTests {
  private static func write(_ workdir: borrowing Workdir) throws -> String {
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    for name in ["img/a.jpg", "img/PHOTO.JPG", "below/deep/c.jpg"] { try workdir.write(name, picture) }
    return try workdir.write(
      "posts.csv",
      "id,text,image\n1,one,img/a.jpg\n2,two,img\\a.jpg\n3,three,img/photo.jpg\n4,four,c.jpg\n5,five,\n6,six,no.jpg\n")
  }

  private static func table(_ output: String) -> [String] {
    let lines = output.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    return Array(lines.drop { !$0.hasPrefix("picture  ") }).filter { !$0.isEmpty }.map { line in
      line.split(separator: "  ", omittingEmptySubsequences: true).map { $0.trimmingCharacters(in: .whitespaces) }
        .joined(separator: "|")
    }
  }

  private static let written = [
    "picture|rows|share", "found where the corpus says|1|16.7 %", "not found|4|66.7 %", "no picture named|1|16.7 %",
    #"--image-match near would find missing ones|2|33.3 %|img\a.jpg is img/a.jpg; img/photo.jpg is img/PHOTO.JPG"#,
    "--image-match name would find further ones|1|16.7 %|c.jpg is below/deep/c.jpg",
  ]
  private static let byName = [
    "picture|rows|share", "found where the corpus says|1|16.7 %", "found by rules for other spellings|2|33.3 %",
    "backslashes|1", "letter case|1", "found by name alone|1|16.7 %", "not found|1|16.7 %",
    "no picture named|1|16.7 %",
  ]

  @Test func aPlanEndsWithIt() async throws {
    let workdir = try Workdir()
    let corpus = try Self.write(workdir)
    let plan = try await workdir.run(Workdir.score(corpus, "s.sqlite", "--plan"))
    #expect(plan.status == 0 && Self.table(plan.output) == Self.written, "\(plan.output)\(plan.errors)")
    let named = try await workdir.run(Workdir.score(corpus, "s.sqlite", "--plan", "--image-match", "name"))
    #expect(Self.table(named.output) == Self.byName, "\(named.output)")
    let none = try await workdir.run(
      Workdir.score(try workdir.write("texts.csv", "id,text\n1,one\n"), "s.sqlite", "--plan"))
    #expect(Self.table(none.output).isEmpty, "\(none.output)")
  }

  @Test func aCheckEndsWithIt() async throws {
    let workdir = try Workdir()
    let corpus = try Self.write(workdir)
    let check = try await workdir.run("check", corpus)
    #expect(Self.table(check.output) == Self.written, "\(check.output)")
    let named = try await workdir.run("check", corpus, "--image-match", "name")
    #expect(Self.table(named.output) == Self.byName, "\(named.output)")
    let object = try await workdir.run("check", corpus, "--format", "json")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(object.output.utf8)) as? [String: Any])
    let pictures = try #require(json["pictures"] as? [String: Any])
    #expect((pictures["found"] as? [String: Int])?["not_found"] == 4)
    let offers = try #require(pictures["offers"] as? [[String: Any]])
    #expect(offers.map { $0["rule"] as? String } == ["near", "name"] && offers.map { $0["rows"] as? Int } == [2, 1])
  }
}
