import Foundation
import Testing

/// Inputs and outputs that once made a command hang, and limits of the shell that once made it crash.
@Suite struct HangTests {
  private func scored(_ workdir: borrowing Workdir) async throws {
    let outcome = try await workdir.run(
      Workdir.scoreSamples("posts.sqlite", "--limit", "40"))
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  /// Runs a shell command; after a minute it is killed, with status 124.
  private func line(_ workdir: borrowing Workdir, _ command: String) async throws -> Workdir.Outcome {
    let program = Workdir.program
    return try await workdir.shell("timeout 60 \(command.replacing("CLFA", with: program))")
  }

  @Test func aReportGoesToStandardOutputByItsPath() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    let program = Workdir.program
    let piped = try await workdir.shell(
      "timeout 60 \(program) report posts.sqlite -o /dev/stdout --format pdf | cat > piped.pdf")
    #expect(piped.status == 0, "\(piped.errors)")
    let redirected = try await line(workdir, "CLFA report posts.sqlite -o /dev/stdout --format pdf > redirected.pdf")
    #expect(redirected.status == 0, "\(redirected.errors)")
    for name in ["piped.pdf", "redirected.pdf"] {
      let bytes = try Data(contentsOf: URL(filePath: workdir.path + "/" + name))
      #expect(bytes.starts(with: Data("%PDF-".utf8)) && bytes.suffix(10).contains(Data("%%EOF".utf8)), "\(name)")
    }
    let pages = try await workdir.shell("timeout 60 \(program) report posts.sqlite -o /dev/stdout --format png | cat")
    #expect(pages.errors.contains("one file per page"), "\(pages.errors)")
  }

  @Test func aPipeAsOutputIsAnErrorWhereNobodyReadsAndElseGetsTheReport() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    mkfifo(workdir.path + "/pipe.pdf", 0o600)
    let alone = try await line(workdir, "CLFA report posts.sqlite -o pipe.pdf")
    #expect(alone.status == 1 && alone.errors.contains("a pipe that no program reads"), "\(alone.errors)")
    let read = try await workdir.shell(
      "cat pipe.pdf > read.pdf & timeout 60 \(Workdir.program) report posts.sqlite -o pipe.pdf; s=$?; wait; exit $s")
    #expect(read.status == 0, "\(read.errors)")
    #expect(try Data(contentsOf: URL(filePath: workdir.path + "/read.pdf")).starts(with: Data("%PDF-".utf8)))
    for command in [
      "export posts.sqlite -o pipe.csv", "export posts.sqlite -o pipe",
      "explain posts.sqlite test-00001 --model \(Workdir.samples)/model -o pipe.svg",
      "model export \(Workdir.samples)/model -o pipe.model",
      "teach \(Workdir.samples)/posts.csv --teacher \(Workdir.samples)/model --image-column image -o pipe.safetensors",
    ] {
      mkfifo(workdir.path + "/" + (command.split(separator: " ").last.map(String.init) ?? ""), 0o600)
      let outcome = try await line(workdir, "CLFA \(command)")
      #expect(outcome.status == 1 && outcome.errors.contains("pipe"), "\(command): \(outcome)")
    }
  }

  @Test(arguments: ["pipe", "folder"]) func aPipeOrFolderAsAFileOfAModelIsAClearError(kind: String) async throws {
    let workdir = try Workdir(), files = FileManager.default, posts = Workdir.samples + "/posts.csv"
    for name in ["vocab.txt", "config.json", "weights.safetensors"] {
      let model = workdir.path + "/M-" + name
      try files.copyItem(atPath: Workdir.samples + "/model", toPath: model)
      try files.removeItem(atPath: model + "/" + name)
      if kind == "pipe" { mkfifo(model + "/" + name, 0o600) } else { mkdir(model + "/" + name, 0o700) }
      for command in [
        "score \(Workdir.samples)/posts.csv --model M-\(name) --store s.sqlite", "model info M-\(name)",
        "train \(posts) --validation \(posts) --alpha 0 --from M-\(name) -o T",
      ] {
        let outcome = try await line(workdir, "CLFA \(command)")
        #expect(outcome.status == 1, "\(command): \(outcome)")
        #expect(outcome.errors.contains(name) && !outcome.errors.contains("NSCocoa"), "\(outcome.errors)")
      }
    }
    #expect(!files.fileExists(atPath: workdir.path + "/T"))
  }

  @Test(arguments: ["pipe", "folder"]) func aPipeOrFolderInsteadOfASmallFileIsAClearError(
    kind: String
  ) async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    let path = workdir.path + "/x"
    if kind == "pipe" { mkfifo(path, 0o600) } else { mkdir(path, 0o700) }
    for name in ["x.json", "x.sql", "x.tsv"] { symlink("x", workdir.path + "/" + name) }
    let posts = Workdir.samples + "/posts.csv", model = Workdir.samples + "/model"
    let training = "train \(posts) --validation \(posts) -o T"
    for command in [
      "report posts.sqlite -o r.pdf --layout x.json", "query posts.sqlite x.sql", "ablate x.json -o A", "runs x",
      "\(training) --alpha 0 --vocabulary x --text-size 2x16 --image-encoder \(model)",
      "\(training) --alpha 0 --from \(model) --lexicon x.tsv", "\(training) --from \(model) --teacher x",
      "model import x --vocabulary \(model)/vocab.txt --label-names a,b -o T",
      "model import \(model)/weights.safetensors --vocabulary x --label-names ironic,sincere -o T",
      "report --training x -o t.pdf",
    ] {
      let outcome = try await line(workdir, "CLFA \(command)")
      #expect([1, 64].contains(outcome.status), "\(command): \(outcome)")
      #expect(!outcome.errors.isEmpty && !outcome.errors.contains("NSCocoa"), "\(command): \(outcome.errors)")
    }
  }

  @Test(arguments: [
    "ulimit -v 300000", "ulimit -v 400000", "ulimit -v 460000", "ulimit -v 1000000", "ulimit -n 5", "ulimit -n 10",
    "ulimit -n 20", "ulimit -n 64",
  ])
  func limitsOfTheShellEndInWords(limit: String) async throws {
    let workdir = try Workdir()
    let command = Workdir.scoreSamples("posts.sqlite", "--limit", "100")
    let outcome = try await workdir.shell(
      "\(limit); timeout 60 \(Workdir.program) \(command.joined(separator: " ")); exit $?")
    #expect(outcome.status == 0 || outcome.status == 1, "\(outcome)")
    if outcome.status == 1 {
      #expect(outcome.errors.contains("ulimit"), "\(outcome.errors)")
    } else {
      #expect(try workdir.rows("posts.sqlite", "SELECT count(*) FROM prediction") == ["100"])
    }
  }

  /// A stack of 64 KiB ended in a segmentation fault as soon as a worker began.
  @Test(arguments: [64, 128, 256]) func tooSmallAStackIsAClearError(kibibytes: Int) async throws {
    let workdir = try Workdir()
    let command = Workdir.scoreSamples("posts.sqlite", "--limit", "10")
    let outcome = try await workdir.shell(
      "ulimit -s \(kibibytes); timeout 60 \(Workdir.program) \(command.joined(separator: " ")); exit $?")
    #expect(outcome.status == 1 && outcome.errors.contains("ulimit -s"), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/posts.sqlite"))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can become somebody without other processes"))
  func tooFewThreadsEndInWords() async throws {
    let workdir = try Workdir()
    chmod(workdir.path, 0o777)
    let command = Workdir.scoreSamples("posts.sqlite", "--limit", "10")
    // A user id that no one else has.
    let user = "setpriv --reuid=61234 --regid=61234 --clear-groups"
    for limit in [1, 2] {
      let outcome = try await workdir.shell(
        "timeout 60 \(user) prlimit --nproc=\(limit) \(Workdir.program) \(command.joined(separator: " "))")
      #expect(outcome.status == 1 && outcome.errors.contains("ulimit -u"), "\(outcome)")
    }
    let many = try await workdir.shell(
      "timeout 60 \(user) prlimit --nproc=40 \(Workdir.program) \(command.joined(separator: " ")) --threads 500")
    #expect(many.status == 1 && many.errors.contains("--threads"), "\(many)")
  }

  @Test func twoCommandsThatMakeOneModelFolderLeaveAWholeOneAndOneError() async throws {
    let workdir = try Workdir(), program = Workdir.program
    let line = "timeout 60 \(program) model export \(Workdir.samples)/model -o x"
    for _ in 0..<10 {
      let outcome = try await workdir.shell(
        "rm -rf x; \(line) & a=$!; \(line) & b=$!; wait $a; r=$?; wait $b; echo $r $?")
      #expect(["0 1", "1 0"].contains(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(outcome)")
      #expect(outcome.errors.contains("already exists"), "\(outcome.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path).filter { $0.hasPrefix(".x") } == [])
    }
  }

  @Test func leftoversOfAKilledExportAreRemovedByTheNext() async throws {
    let workdir = try Workdir()
    try await scored(workdir)
    try workdir.write(".rows.csv.4711-1f.partial", "half")
    try workdir.write(".folder.4711-1f.partial/rows.csv", "half")
    for name in ["rows.csv", "folder"] {
      let outcome = try await line(workdir, "CLFA export posts.sqlite -o \(name)")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: workdir.path)
    #expect(names.allSatisfy { !$0.hasSuffix(".partial") }, "\(names)")
  }
}
