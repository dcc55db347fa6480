import ArgumentParser
import Bytes
import Corpus
import Scoring
import Store

/// `clfa collect`: makes a run of the outputs of `clfa stream`.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Collect the outputs of clfa stream into a store, as one run.",
    discussion: """
      The files are outputs of clfa stream --with-posts: one of a whole corpus, or those of the parts that clfa split \
      --parts made, plain or compressed (.gz, .zst), in any order. The store is then the same as after clfa score on \
      one machine: the same posts, predictions, vectors, faults and entries. Each record of the corpus comes back \
      exactly once, or the run is not finished.

      A part is entered whole or not at all, and in the order of the corpus. A part before which another one is \
      missing waits: keep its file until the run is finished. Collecting can be repeated and interrupted at any time. \
      A copy of a part, as a repeated task makes it, is recognised if all its records are equal, and is an error if \
      not. A file without its end line was cut short, and is not taken. If parts are missing at the end, the command \
      names them, and its exit code is 130.

      EXAMPLE
        clfa collect posts.sqlite parts/*.jsonl.zst
        clfa stream posts.csv --model MODEL --with-posts > posts.jsonl
        clfa collect posts.sqlite posts.jsonl --run monday
      """)

  @Argument(
    help: "The store to collect into; created if it does not exist.", completion: .file(extensions: ["sqlite"]))
  var store: String

  @Argument(
    help: "The outputs of clfa stream, also compressed (.gz, .zst).",
    completion: .file(extensions: ["jsonl", "ndjson", "gz", "zst"]))
  var parts: [String]

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The run's name. Default: the corpus file's name without its ending, then NAME-2 and so on.", valueName: "name"))
  var runName: String?

  @Flag(help: "Print only errors, and what is missing.") var quiet = false
  @OptionGroup var strict: StrictOptions

  func run() throws {
    Interrupt.install()
    do {
      try collect()
    } catch let code as ExitCode {
      throw code
    } catch  where Interrupt.isRequested {
      Console.line("interrupted; the parts entered so far are kept, and the same command continues")
      throw ExitStatus.interrupted
    }
  }

  private func collect() throws {
    let progress = ProgressLine(), shouldStop = { @Sendable in Interrupt.isRequested }
    let show = { (event: CollectEvent) in if !quiet { progress.show { Self.words(event) } } }
    let set = try PartSet(parts, shouldStop: shouldStop, observe: show)
    let writer = try StoreWriter.open(path: store, shouldStop: shouldStop)
    defer { writer.closeAfterError() }
    if !quiet { writer.printNotices() }
    let request = CollectRequest(files: parts, run: runName, now: Timestamp.now)
    let summary = try writer.collect(set, request, shouldStop: shouldStop, observe: show)
    try writer.close()
    progress.close()
    if !quiet { say(summary) }
    for file in summary.cutShort {
      Console.line("\(file.printable) has no end line, so its scoring was cut short, and nothing of it was taken")
    }
    guard summary.isFinished else {
      Console.line(Self.missing(summary))
      throw ExitStatus.interrupted
    }
    if strict.isOn, summary.totals[.faulted] > 0 { throw ExitStatus.faults }
  }

  private static func words(_ event: CollectEvent) -> String {
    switch event {
    case .scanned(let file, let number, let total): "checked \(number) of \(total) files: \(file.printable(upTo: 60))"
    case .rows(let count): count.counted("record", "records") + " entered"
    }
  }

  private func say(_ summary: CollectSummary) {
    if !summary.copies.isEmpty {
      Console.line(
        "\(summary.copies.count.counted("file is an equal copy", "files are equal copies")) of parts that were collected: "
          + summary.copies.listed(most: 5))
    }
    if summary.nearlyEqual > 0 {
      Console.line(
        "\(summary.nearlyEqual) predictions and vectors from different processors or libraries differ a little; "
          + "the first of each is kept")
    }
    if let mix = summary.mix { Console.line("notice: " + MachineMix.notice(run: summary.run.text, mix)) }
    let totals = summary.totals
    var words = "run \(summary.run.printable) \(summary.isFinished ? "finished" : "stopped"): "
    words += "\(totals.rows.counted("row", "rows")) = \(totals[.scored]) scored + "
    words +=
      "\(totals[.withoutPicture]) without picture + \(totals[.duplicate]) duplicate + \(totals[.faulted]) faulted"
    if totals[.forgotten] > 0 { words += " + \(totals[.forgotten]) forgotten" }
    words += "; this turn: \(summary.rows.counted("row", "rows")) of \(summary.taken.counted("part", "parts"))"
    Console.line(words)
  }

  private static func missing(_ summary: CollectSummary) -> String {
    var words = "run \(summary.run.printable) is not finished: "
    if !summary.missing.isEmpty { words += "\(summary.missing) of \(summary.parts) missing" }
    if !summary.waiting.isEmpty {
      words += "; \(summary.waiting) of \(summary.parts) waiting for them, so keep the files"
    }
    return words + ". Score what is missing, and collect again"
  }
}
