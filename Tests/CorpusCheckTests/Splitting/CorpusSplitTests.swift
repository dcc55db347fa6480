import Bytes
import Corpus
import CorpusCheck
import Evaluation
import Foundation
import Preparation
import TestSupport
import Testing

@Suite struct CorpusSplitTests {
  private static let words = [
    "ferry", "morning", "ticket", "colour", "window", "letter", "garden", "silver", "winter", "castle", "market",
    "bottle", "engine", "police", "summer", "island",
  ]

  /// A text of eight random words.
  private static func text(_ generator: inout SeededGenerator) -> String {
    (0..<8).map { _ in words[generator.index(below: words.count)] }.joined(separator: " ")
  }

  private func split(
    _ scratch: Scratch, _ csv: String, _ plan: CorpusSplit.Plan, name: String = "posts.csv"
  ) throws -> CorpusSplit {
    let reader = try CorpusReader(paths: [scratch.write(name, csv)], options: CorpusOptions())
    return try CorpusChecker(CorpusCheckOptions(threads: 2)).split(
      consume reader, folders: scratch.folders(name), plan)
  }

  /// The rows of a part with the header.
  private func csv(_ lines: [String], _ split: CorpusSplit, _ part: CorpusSplit.Part) -> String {
    ([lines[0]] + zip(lines.dropFirst(), split.parts).filter { $0.1 == part }.map(\.0)).joined(separator: "\n") + "\n"
  }

  /// 600 posts, among them retweets, the same texts in capitals, short texts that repeat, and shared pictures.
  private func lines() -> [String] {
    var generator = SeededGenerator(seed: 3)
    var texts: [String] = [], lines = ["id,text,image,label,author"]
    for post in 0..<600 {
      var text = Self.text(&generator)
      switch generator.index(below: 6) {
      case 0 where !texts.isEmpty: text = "RT @someone: " + texts[generator.index(below: texts.count)]
      case 1 where !texts.isEmpty: text = texts[generator.index(below: texts.count)].uppercased()
      case 2: text = "so so \(["good", "bad", "sad"][generator.index(below: 3)])"
      default: texts.append(text)
      }
      let picture = generator.index(below: 8) == 0 ? "p\(generator.index(below: 30)).jpg" : ""
      lines.append(
        "\(post),\(text),\(picture),\(post % 10 == 0 ? "ironic" : "sincere"),a\(generator.index(below: 200))")
    }
    return lines
  }

  @Test func partsShareNothingThatTheCheckFinds() throws {
    let scratch = try Scratch(), lines = lines()
    // Two paths with the same bytes are the same picture.
    let picture = try samplePicture("jpg")
    for name in ["p1.jpg", "p2.jpg"] { try picture.write(to: URL(filePath: scratch.file(name))) }
    var plan = CorpusSplit.Plan(validation: 0.1, test: 0.2)
    plan.stratify = CorpusSplit.Plan.label
    let split = try split(scratch, lines.joined(separator: "\n") + "\n", plan)
    #expect(split.parts.count == 600 && split.groups < 500 && split.withoutFile > 0)
    #expect(split.posts.reduce(0, +) == 600 && split.posts.allSatisfy { $0 > 30 })
    for (one, other) in [(CorpusSplit.Part.train, CorpusSplit.Part.test), (.train, .validation), (.validation, .test)] {
      let overlap = try #require(
        try scratch.check(csv(lines, split, one), against: csv(lines, split, other)).against)
      #expect(overlap.ids.rows == 0 && overlap.contents.rows == 0 && overlap.texts.rows == 0)
      #expect(overlap.pictures.rows == 0)
    }
    let groups = zip(lines.dropFirst(), split.parts).map { line, part in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return (RepostGroup(text: cells[1], pictureHash: nil, key: ByteText(cells[0]), contentHash: ""), cells[2], part)
    }
    for (name, members) in Dictionary(grouping: groups, by: { $0.0.id }) {
      #expect(Set(members.map(\.2)).count == 1, "\(name)")
    }
    for (name, members) in Dictionary(grouping: groups, by: { $0.1 }) where !name.isEmpty {
      #expect(Set(members.map(\.2)).count == 1, "\(name)")
    }
    // Without the groups, the same check finds what is shared: the test can fail.
    let half = lines.count / 2
    let naive = try scratch.check(
      lines[..<half].joined(separator: "\n"), against: ([lines[0]] + lines[half...]).joined(separator: "\n"))
    #expect((naive.against?.texts.rows ?? 0) > 50)
  }

  /// 1,000 posts of their own, so that the shares are exact.
  private func plain() -> [String] {
    var generator = SeededGenerator(seed: 9)
    return ["id,text,label,author"]
      + (0..<1000).map {
        "\($0),\(Self.text(&generator)) \($0 * 7919),\($0 % 20 == 0 ? "ironic" : $0 % 3 == 0 ? "" : "sincere"),a\($0 % 50)"
      }
  }

  @Test func everyLabelHasItsShareInEachPart() throws {
    var plan = CorpusSplit.Plan(validation: 0.1, test: 0.2)
    plan.stratify = CorpusSplit.Plan.label
    let split = try split(Scratch(), plain().joined(separator: "\n") + "\n", plan)
    #expect(split.groups == 1000 && split.largest == 1 && split.posts == [700, 100, 200])
    #expect(split.strata.map(\.value) == ["ironic", "sincere", nil])
    for stratum in split.strata {
      let all = Double(stratum.posts.reduce(0, +))
      for (posts, share) in zip(stratum.posts, [0.7, 0.1, 0.2]) { #expect(abs(Double(posts) - share * all) <= 1) }
    }
  }

  @Test func aGrownCorpusKeepsItsParts() throws {
    let lines = plain(), plan = CorpusSplit.Plan(validation: 0.1, test: 0.2), scratch = try Scratch()
    let part = try split(scratch, lines[...600].joined(separator: "\n") + "\n", plan)
    let whole = try split(scratch, lines.joined(separator: "\n") + "\n", plan)
    #expect(Array(whole.parts.prefix(600)) == part.parts)
    #expect((150...250).contains(whole.posts[2]) && (70...130).contains(whole.posts[1]))
    // Another order of the rows changes nothing, another seed does.
    let reversed = try split(scratch, ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n", plan)
    #expect(reversed.parts == whole.parts.reversed())
    var other = plan
    other.seed = 2
    #expect(try split(scratch, lines.joined(separator: "\n") + "\n", other).parts != whole.parts)
  }

  @Test func thePostsOfAnAuthorStayTogether() throws {
    let lines = plain()
    var plan = CorpusSplit.Plan(validation: 0.1, test: 0.2)
    plan.groups = ["author"]
    let split = try split(Scratch(), lines.joined(separator: "\n") + "\n", plan)
    #expect(split.groups == 50 && split.largest == 20)
    let authors = zip(lines.dropFirst(), split.parts).map { ($0.split(separator: ",").last ?? "", $1) }
    for (author, posts) in Dictionary(grouping: authors, by: \.0) {
      #expect(Set(posts.map(\.1)).count == 1, "\(author)")
    }
  }

  @Test func faultedRowsAreInNoPart() throws {
    let split = try split(
      Scratch(), "id,text,label\n1,a text of its own,x\n,no id,x\n2,another text here,y\n",
      CorpusSplit.Plan(validation: 0, test: 0.5))
    #expect(split.parts.count == 2 && split.faulted == 1 && split.strata.map(\.posts).flatMap(\.self).reduce(0, +) == 2)
  }
}
