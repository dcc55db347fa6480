import Foundation
import Subprocess
import Testing

/// The command line that draws the samples.
@Suite struct IronyTests {
  private static let program = URL(filePath: Workdir.program).deletingLastPathComponent().appending(path: "irony").path

  private func irony(_ workdir: borrowing Workdir, _ arguments: String...) async throws -> Workdir.Outcome {
    try await workdir.run(arguments, program: Self.program)
  }

  @Test func drawsAndAudits() async throws {
    let workdir = try Workdir()
    let drawn = try await irony(
      workdir, "-o", "corpus", "--train", "40", "--validation", "8", "--test", "20", "--seed", "9")
    #expect(drawn.status == 0)
    #expect(drawn.errors.isEmpty)
    let audited = try await irony(workdir, "audit", "corpus")
    #expect(audited.status == 0)
    #expect(audited.output.contains("nearest text"))
  }

  @Test func drawsSoundsPlacesAndAnotherLanguage() async throws {
    let workdir = try Workdir()
    let drawn = try await irony(
      workdir, "draw", "-o", "c", "--train", "8", "--validation", "0", "--test", "8", "--language", "ja", "--sound",
      "--places")
    #expect(drawn.status == 0)
    let lines = try String(contentsOfFile: workdir.path + "/c/train.csv", encoding: .utf8).split(separator: "\n")
    #expect(lines.first?.hasSuffix(",language,knowledge,seen,sound,heard,topic_place,mood_place") == true)
    #expect(lines.dropFirst().allSatisfy { $0.contains(",ja,a picture of ") })
    let checked = try await workdir.run("check", "c/train.csv", "c/test.csv", "--feature", "sound")
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(try await irony(workdir, "audit", "c").output.contains("nearest sound"))
  }

  @Test func theModelsProgramReadsWhatItDraws() async throws {
    let workdir = try Workdir()
    #expect(try await irony(workdir, "draw", "-o", "c", "--train", "0", "--validation", "0", "--test", "8").status == 0)
    let scored = try await workdir.run(Workdir.score("c/test.csv", "posts.sqlite"))
    #expect(scored.status == 0)
    #expect(scored.errors.contains("8 rows = 8 scored"))
  }

  @Test(arguments: [
    ["-o", "corpus", "--trains", "4"], ["-o", "corpus", "--train", "many"], ["-o", "corpus", "--test=-1"],
    ["-o", "corpus", "--train", "1000001"], ["-o", ""], ["--train", "4"], ["-o", "corpus", "--seed=-1"],
    ["-o", "corpus", "--language", "fr"], ["audit"],
    ["vocabulary", "-o", "v.txt"], ["vocabulary", "--from", "a", "--corpus", "b", "-o", "c", "--size", "4"],
  ])
  func wrongUsageIsAnErrorAndNothingIsMade(_ arguments: [String]) async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(arguments, program: Self.program)
    #expect(outcome.status == 64)
    #expect(!outcome.errors.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path).isEmpty)
  }

  @Test func withoutTheFontThereIsNoCorpus() async throws {
    let workdir = try Workdir()
    let fonts = try workdir.write("fonts/fonts.conf", "<fontconfig><dir>/nowhere</dir></fontconfig>")
    let outcome = try await workdir.run(
      ["-o", "corpus", "--train", "4"], environment: .inherit.updating(["FONTCONFIG_FILE": fonts]),
      program: Self.program)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("Noto Color Emoji is not installed"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path) == ["fonts"])
  }

  @Test func aLeakSetsTheExitCodeOfTheCheck() async throws {
    let workdir = try Workdir()
    #expect(try await irony(workdir, "-o", "c", "--train", "4", "--validation", "0", "--test", "4").status == 0)
    let table = try String(contentsOfFile: workdir.path + "/c/train.csv", encoding: .utf8)
    try workdir.write("c/train.csv", table.replacingOccurrences(of: ",ironic,", with: ",sincere,"))
    #expect(try await irony(workdir, "audit", "c").status == 2)
  }

  @Test func aVocabularyIsCut() async throws {
    let workdir = try Workdir()
    try workdir.write("posts.csv", "text\nhello\n")
    let outcome = try await irony(
      workdir, "vocabulary", "--from", Workdir.samples + "/model/vocab.txt", "--corpus", "posts.csv", "--size", "3000",
      "-o", "vocab.txt")
    #expect(outcome.status == 0)
    let pieces = try String(contentsOfFile: workdir.path + "/vocab.txt", encoding: .utf8).split(separator: "\n")
    #expect(pieces.count == 3000)
    #expect(pieces.first == "[PAD]")
    let missing = try await irony(workdir, "vocabulary", "--from", "no.txt", "--corpus", "posts.csv", "-o", "v.txt")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("no.txt"))
  }
}
