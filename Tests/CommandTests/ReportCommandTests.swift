import Foundation
import Testing

/// `clfa report` in normal use: layouts, pictures, redaction, figures and file formats.
@Suite struct ReportCommandTests {
  private static let reader = "/usr/bin/pdftotext"

  /// A store of a few samples, with thumbnails.
  private func score(_ workdir: borrowing Workdir, _ more: String...) async throws {
    let outcome = try await workdir.run(
      Workdir.scoreSamples("posts.sqlite", "--limit", "120") + more)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func bytes(_ workdir: borrowing Workdir, _ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: workdir.path + "/" + name))
  }

  private func text(_ workdir: borrowing Workdir, _ name: String) async throws -> String? {
    guard FileManager.default.isExecutableFile(atPath: Self.reader) else { return nil }
    return try await workdir.run(["-layout", name, "-"], program: Self.reader).output
  }

  @Test func theExamplesOfTheHelpRun() async throws {
    let workdir = try Workdir()
    try await score(workdir, "--thumbnails", "64")
    // A second run, to be compared with.
    try await score(workdir, "--thumbnails", "64")
    try FileManager.default.copyItem(atPath: Workdir.samples + "/model", toPath: workdir.path + "/MODEL")
    let help = try await workdir.run("report", "--help").output
    let examples = help.components(separatedBy: "EXAMPLE\n").last?.components(separatedBy: "\n\n").first ?? ""
    let commands = examples.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(commands.count >= 5)
    for command in commands where !command.contains("| lp") {
      let outcome = try await workdir.run(command.split(separator: " ").dropFirst().map(String.init))
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    for name in ["report.pdf", "triage.pdf", "confusion.pdf", "training.pdf"] {
      #expect(try bytes(workdir, name).starts(with: Data("%PDF-".utf8)), "\(name)")
    }
  }

  @Test func theSamePicturesGiveTheSameBytes() async throws {
    let workdir = try Workdir()
    try await score(workdir)
    let options = ["report", "posts.sqlite", "--layout", "triage", "--images", Workdir.samples]
    for name in ["1.pdf", "2.pdf"] { #expect(try await workdir.run(options + ["-o", name]).status == 0) }
    #expect(try bytes(workdir, "1.pdf") == bytes(workdir, "2.pdf"))
    // Blurred is the layout's own choice.
    #expect(try await workdir.run(options + ["-o", "blur.pdf", "--pictures", "blur"]).status == 0)
    #expect(try bytes(workdir, "blur.pdf") == bytes(workdir, "1.pdf"))
    #expect(try await workdir.run(options + ["-o", "show.pdf", "--pictures", "show"]).status == 0)
    #expect(try bytes(workdir, "show.pdf").count > bytes(workdir, "1.pdf").count)
  }

  /// A folder that is not there made a report without pictures, and no word of it.
  @Test func aNamedFolderOfPicturesMustExist() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,label\n1,hello,sincere\n2,so,ironic\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let outcome = try await workdir.run("report", "posts.sqlite", "--images", "nowhere", "-o", "r.pdf")
    #expect(outcome.status == 1 && outcome.errors.contains("there is no folder nowhere"), "\(outcome.errors)")
  }

  /// The page of an imported run had "Precision: foreign" and "Options: hard yes".
  @Test func anImportedRunHasNoPrecision() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,label\n1,hello,sincere\n2,so,ironic\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    try workdir.write("theirs.csv", "id,label\n1,sincere\n2,sincere\n")
    _ = try await workdir.run("import", "posts.sqlite", "theirs.csv", "--run", "theirs")
    for (run, has) in [("posts", true), ("theirs", false)] {
      let outcome = try await workdir.run("report", "posts.sqlite", "--run", run, "-o", "\(run).pdf")
      #expect(outcome.status == 0, "\(outcome.errors)")
      guard let page = try await text(workdir, "\(run).pdf") else { return }
      #expect(page.contains("Fingerprint") && page.contains("Options  ") == has && !page.contains("foreign"), "\(page)")
    }
  }

  @Test func redactedTextIsNotInTheFile() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "posts.csv",
      "id,text,label\nkey-4711,hello @somebody see https://t.co/abc key-4711,sincere\nkey-4712,so @other,ironic\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    for (name, more) in [("open.pdf", []), ("closed.pdf", ["--redact", "handles,urls,keys"])] {
      let outcome = try await workdir.run(["report", "posts.sqlite", "--layout", "triage", "-o", name] + more)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    guard let open = try await text(workdir, "open.pdf"), let closed = try await text(workdir, "closed.pdf") else {
      return
    }
    for word in ["@somebody", "t.co/abc", "key-4711"] {
      #expect(open.contains(word), "\(open)")
      #expect(!closed.contains(word), "\(closed)")
    }
    #expect(closed.contains("handles, links and keys are replaced") && open.contains("texts are unchanged"))
    #expect(closed.contains("[handle]") && closed.contains("[link]") && closed.contains("[key]"))
  }

  @Test func eachPageIsAFile() async throws {
    let workdir = try Workdir()
    try await score(workdir)
    #expect(try await workdir.run("report", "posts.sqlite", "-o", "r.png", "--dpi", "40").status == 0)
    #expect(try await workdir.run("report", "posts.sqlite", "-o", "r.svg").status == 0)
    for page in 1...2 {
      #expect(try bytes(workdir, "r-\(page).png").starts(with: Data([0x89]) + Data("PNG".utf8)))
      #expect(try bytes(workdir, "r-\(page).svg").starts(with: Data("<?xml".utf8)))
    }
    // A file that is something else is not replaced, and nothing is written.
    try workdir.write("s-2.png", "mine")
    let refused = try await workdir.run("report", "posts.sqlite", "-o", "s.png")
    #expect(refused.status == 64 && refused.errors.contains("s-2.png"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/s-1.png"))
  }

  @Test func onlyTheCardOfTheRunsModelIsShown() async throws {
    let workdir = try Workdir()
    try await score(workdir)
    let own = try await workdir.run("report", "posts.sqlite", "-o", "a.pdf", "--model", Workdir.samples + "/model")
    #expect(own.status == 0, "\(own.errors)")
    #expect(try await workdir.run("report", "posts.sqlite", "-o", "b.pdf").status == 0)
    if let with = try await text(workdir, "a.pdf"), let without = try await text(workdir, "b.pdf") {
      #expect(with.contains("a fresh text encoder") && without.contains("only the model's fingerprint"))
    }
    // Another vocabulary is another model.
    try FileManager.default.copyItem(atPath: Workdir.samples + "/model", toPath: workdir.path + "/other")
    let vocabulary = try String(contentsOfFile: workdir.path + "/other/vocab.txt", encoding: .utf8)
    try workdir.write("other/vocab.txt", vocabulary.replacing("\nthe\n", with: "\nteh\n"))
    let other = try await workdir.run("report", "posts.sqlite", "-o", "c.pdf", "--model", "other")
    #expect(
      other.status == 1 && other.errors.contains("is not the model that the run was scored with"), "\(other.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/c.pdf"))
  }

  @Test func anUnknownPositiveLabelIsAnError() async throws {
    let workdir = try Workdir()
    try await score(workdir)
    let unknown = try await workdir.run("report", "posts.sqlite", "--positive", "ironik", "-o", "a.pdf")
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean \"ironic\"?"), "\(unknown.errors)")
    #expect(try await workdir.run("report", "posts.sqlite", "--positive", "sincere", "-o", "a.pdf").status == 0)
    #expect(try await workdir.run("report", "posts.sqlite", "-o", "b.pdf").status == 0)
    if let positive = try await text(workdir, "a.pdf"), let none = try await text(workdir, "b.pdf") {
      #expect(positive.contains("binary F1 of “sincere”") && !positive.contains("F1 of “ironic”"))
      #expect(!none.contains("binary F1 of") && none.contains("F1 of “sincere”") && none.contains("F1 of “ironic”"))
    }
  }

  @Test(arguments: [
    (["--figure"], "--section"), (["--section", "confusion", "--width", "84mm"], "--figure"),
    (["--section", "confusion", "--figure", "--width", "10mm"], "60mm"),
    (["--section", "confusion", "--figure", "--width", "84"], "width"),
    (["--section", "run", "--layout", "triage"], "--layout"), (["--redact", "handle"], "did you mean"),
    (["--pictures", "hide"], "pictures"), (["--dpi", "10"], "--dpi"), (["--format", "gif"], "format"),
    (["--layout", "training"], "--training"), (["--pair", "key"], "--against"), (["--pair", "keys"], "pair"),
  ])
  func contradictoryArgumentsAreRejected(arguments: [String], words: String) async throws {
    let outcome = try await Workdir().run(["report", "s.sqlite", "-o", "a.pdf"] + arguments)
    #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
  }
}
