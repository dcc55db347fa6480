import Bytes
import Corpus
import CorpusCheck
import Evaluation
import Foundation
import TestSupport
import Testing

/// Every row behind the findings, not only examples.
@Suite struct FindingListTests {
  /// The rows of a list as `finding key:line other:line detail`.
  private static func lines(_ scratch: Scratch, _ csv: String, against: String? = nil, decodes: Bool = false, part: Int)
    throws -> [String]
  {
    let list = try FindingList(near: scratch.file("list.csv"), rowsOfAPart: part)
    _ = try scratch.check(csv, decodes: decodes, against: against, list: list)
    var lines: [String] = []
    try list.each { row in
      let other = row.other.map { " \($0.file):\($0.line) \($0.key ?? "-")" } ?? ""
      lines.append(
        "\(row.finding.rawValue) \(row.row.line) \(row.row.key ?? "-")\(other)"
          + (row.detail.isEmpty ? "" : " | \(row.detail)"))
      #expect(row.row.file == "posts.csv")
    }
    return lines
  }

  @Test func everyFindingHasItsRows() throws {
    let lines = try Self.lines(
      Scratch(),
      """
      id,text,image,label
      1,the bus is late,,a
      1,the bus is late,,a
      2,the bus is late,,b
      2,some other words,,a
      3,The BUS is late!,,A
      4,one two three four five six seven,none.jpg,a
      5,one two three four five six seven eight,,
      6,too few
      7,some other words,,

      """, against: "id,text,image,label\n7,shared with nobody,,x\n8,some other words,,b\n", part: 1000)
    let faults = lines.filter { $0.hasPrefix("faults ") }
    #expect(faults.count == 2 && lines.firstIndex(of: faults[0]) == 8, "\(lines)")
    #expect(faults[0].hasPrefix("faults 7 4 | image: missing: none.jpg — ") && faults[1].hasPrefix("faults 9 "))
    #expect(faults[1].contains("| corpus: too_few_fields — "))
    #expect(
      lines.filter { !faults.contains($0) } == [
        #"overlap_contents 5 2 other.csv:3 8 | label "a"; the other row has "b""#,
        "overlap_contents 10 7 other.csv:3 8",
        #"overlap_texts 5 2 other.csv:3 8 | label "a"; the other row has "b""#,
        "overlap_texts 10 7 other.csv:3 8",
        #"contradictions 2 1 posts.csv:4 2 | label "a"; the other row has "b""#,
        #"contradictions 3 1 posts.csv:4 2 | label "a"; the other row has "b""#,
        #"contradictions 4 2 posts.csv:2 1 | label "b"; the other row has "a""#,
        #"spellings 6 3 | label "A"; most rows have "a""#,
        #"repeated_ids 5 2 posts.csv:4 2 | label "a"; the other row has "b""#,
        "overlap_ids 10 7 other.csv:2 7",
        "duplicate_rows 3 1 posts.csv:2 1",
        "duplicate_contents 3 1 posts.csv:2 1",
        #"duplicate_contents 4 2 posts.csv:2 1 | label "b"; the other row has "a""#,
        "duplicate_contents 10 7 posts.csv:5 2",
        "duplicate_texts 3 1 posts.csv:2 1",
        #"duplicate_texts 4 2 posts.csv:2 1 | label "b"; the other row has "a""#,
        #"duplicate_texts 6 3 posts.csv:2 1 | label "A"; the other row has "a""#,
        "duplicate_texts 10 7 posts.csv:5 2",
        "close_texts 8 5 posts.csv:7 4",
      ], "\(lines)")
  }

  /// A large corpus is read in parts; the same rows are found, as many as the report counts.
  @Test func partsFindTheSameRows() throws {
    var random = SeededGenerator(seed: 5)
    func rows(_ count: Int) -> String {
      (0..<count).map { _ in
        "\(random.index(below: 150)),text number \(random.index(below: 100)),\(["a", "b", ""][random.index(below: 3)])\n"
      }.joined()
    }
    let csv = "id,text,label\n" + rows(300), other = "id,text,label\n" + rows(60)
    let whole = try Self.lines(Scratch(), csv, against: other, part: 1000)
    let parts = try Self.lines(Scratch(), csv, against: other, part: 7)
    #expect(whole.sorted() == parts.sorted() && whole != parts)
    let check = try Scratch().check(csv, against: other), against = try #require(check.against)
    func count(_ finding: ListedFinding) -> Int { whole.count { $0.hasPrefix("\(finding.rawValue) ") } }
    #expect(count(.contradictions) == check.duplicates.contents.contradictingRows && count(.contradictions) > 100)
    #expect(count(.duplicateRows) == check.duplicates.sameIDSameContent)
    #expect(count(.repeatedIDs) == check.duplicates.sameIDOtherContent)
    #expect(count(.duplicateContents) == check.duplicates.contents.extra)
    #expect(count(.duplicateTexts) == check.duplicates.texts.extra)
    #expect(count(.overlapContents) == against.contents.rows && count(.overlapTexts) == against.texts.rows)
    #expect(count(.overlapIDs) == against.ids.rows && against.ids.rows > 0)
  }

  @Test func picturesThatAreEqualOrLookAlikeAreListed() throws {
    let scratch = try Scratch()
    let picture = try samplePicture("jpg")
    try scratch.write("a.jpg", picture)
    // Bytes after the end change the file, not the picture.
    try scratch.write("twin.jpg", picture + Data([0, 0, 0]))
    let lines = try Self.lines(
      scratch, "text,image,label\na,twin.jpg,x\nb,a.jpg,x\nc,a.jpg,y\n", against: "text,image,label\nd,a.jpg,y\n",
      decodes: true, part: 1000)
    #expect(
      lines == [
        #"overlap_pictures 3 posts.csv#3 other.csv:2 other.csv#2 | label "x"; the other row has "y""#,
        "overlap_pictures 4 posts.csv#4 other.csv:2 other.csv#2",
        #"overlap_lookalikes 2 posts.csv#2 other.csv:2 other.csv#2 | label "x"; the other row has "y""#,
        #"duplicate_pictures 4 posts.csv#4 posts.csv:3 posts.csv#3 | label "y"; the other row has "x""#,
        "lookalikes 3 posts.csv#3 posts.csv:2 posts.csv#2",
      ], "\(lines)")
  }

  /// Labelled posts, in which a blank at the end, a word and a column reveal the label in part.
  private static func leaking() -> String {
    var random = SeededGenerator(seed: 9)
    let rows = (0..<400).map { number -> String in
      let isIronic = random.unit() < 0.5
      let text = "post \(random.index(below: 100_000)) on \(isIronic && random.unit() < 0.4 ? "monday" : "friday")"
      return "\(number),\(text)\(isIronic == (random.unit() < 0.9) ? " " : ""),\(isIronic ? "a" : "b"),"
        + "\(isIronic ? random.index(below: 50) : 30 + random.index(below: 50))\n"
    }
    return "id,text,label,likes\n" + rows.joined() + "400,\(rows[0].split(separator: ",")[1]),b,1\n"
  }

  /// Each post that has the value, with the label that it stands for; also posts whose content is not new.
  @Test func everyPostBehindACueAndAWordIsListed() throws {
    let csv = Self.leaking(), lines = try Self.lines(Scratch(), csv, part: 1000)
    let check = try Scratch().check(csv), leakage = try #require(check.leakage)
    let texts = csv.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let cue = try #require(leakage.cues.first { $0.name == "a blank at the end" && $0.isFinding })
    let listed = lines.filter { $0.hasPrefix("cues ") && $0.contains("| text: a blank at the end: \(cue.value), ") }
    let wanted = texts.indices.filter { texts[$0][1].hasSuffix(" ") == (cue.value == "yes") }
    #expect(listed.map { $0.split(separator: " ")[1] } == wanted.map { "\($0 + 2)" })
    let own = wanted.count { texts[$0][2] == cue.label.text }
    #expect(listed.count { $0.hasSuffix("as mostly with label \"\(cue.label)\", which it has") } == own && own > 100)
    let word = try #require(leakage.words.first { $0.isFinding })
    #expect(word.word == "monday" && lines.count { $0.hasPrefix("words ") } == texts.count { $0[1].contains("monday") })
    // Numbers are grouped: exactly the posts of one group are listed.
    let likes = try #require(leakage.cues.first { $0.source == .column("likes") && $0.name == "numeric value" })
    #expect(likes.isFinding && !likes.isRead)
    let numbers = lines.filter { $0.hasPrefix("unread_cues ") && $0.contains("'likes': numeric value: ") }
      .map { Int(texts[(Int($0.split(separator: " ")[1]) ?? 2) - 2][3]) ?? -1 }
    let others = Set(texts.map { Int($0[3]) ?? -1 }).subtracting(numbers)
    #expect(!numbers.isEmpty && others.allSatisfy { $0 < numbers.min() ?? 0 || $0 > numbers.max() ?? 0 })
  }

  @Test func repostsAndDamagedTextsAreListed() throws {
    let scratch = try Scratch()
    let lines = try Self.lines(
      scratch,
      """
      id,text
      1,a text that is long enough to be told from others
      2,RT @someone: a text that is long enough to be told from others
      2,RT @someone: a text that is long enough to be told from others
      3,Caf\\u00e9 one
      4,Caf\\u00e9 two
      5,Caf\\u00e9 and caf%C3%A9
      1.29E+18,another
      """, part: 1000)
    #expect(lines.filter { $0.hasPrefix("reposts") } == ["reposts 3 2 posts.csv:2 1"], "\(lines)")
    // Percent escapes in one text are no finding.
    #expect(
      lines.filter { $0.hasPrefix("damaged_texts") }
        == ["5 3", "6 4", "7 5"].map { "damaged_texts \($0) | escapes" }, "\(lines)")
    #expect(lines.filter { $0.hasPrefix("rounded_ids") } == ["rounded_ids 8 1.29E+18"], "\(lines)")
  }

  @Test func aStopEndsTheList() throws {
    let scratch = try Scratch(), list = try FindingList(near: scratch.file("list.csv"))
    _ = try scratch.check("text\n" + String(repeating: "the same text\n", count: 5000), list: list)
    #expect(throws: CorpusCheckError.interrupted) { try list.each(shouldStop: { true }) { _ in } }
    #expect(try scratch.names().filter { $0.contains("partial") }.isEmpty)
  }
}
