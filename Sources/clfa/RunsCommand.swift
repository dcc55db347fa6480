import ArgumentParser
import Bytes
import Store

/// `clfa runs`: the runs of a store, and the proof that they account for every record.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, show, verify, rename or drop a store's runs, and prove that no record is missing.",
    discussion: """
      Every record that a run read is scored, a duplicate, faulted, or left to another shard or outside the \
      sample. The column "missing" says how many are not; where it is not 0, the exit code is 1. A run killed by \
      force is shown as interrupted.

      EXAMPLE
        clfa runs posts.sqlite
        clfa runs show posts.sqlite posts-2
        clfa runs verify posts.sqlite
        clfa runs rename posts.sqlite posts-2 "new model"
      """,
    subcommands: [List.self, Show.self, Verify.self, Rename.self, Drop.self], defaultSubcommand: List.self)

  /// `clfa runs list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "One row a run, the oldest first.",
      discussion: """
        A table has the columns that fit a terminal; "posts" are the rows that were scored, with or without picture. \
        The other formats have all columns, and clfa runs show says everything about one run.

        EXAMPLE
          clfa runs posts.sqlite
          clfa runs list posts.sqlite --format jsonl | grep -v '"state":"finished"'
        """)

    @OptionGroup var store: StoreArgument

    @OptionGroup var format: FormatOption

    func run() throws {
      try Interruptible.run(isReading: true) { shouldStop in
        let reader = try StoreReader(path: store.path, shouldStop: shouldStop)
        defer { reader.close() }
        let runs = try reader.runs()
        if format.isTable {
          try format.print(RunTable.shortColumns, runs.map(RunTable.shortValues))
        } else {
          try format.print(RunTable.columns, runs.map(RunTable.values))
        }
        try LedgerCheck.verify(runs)
      }
    }
  }

  /// `clfa runs show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Everything about one run: what it is, its ledger file by file, its faults by kind.",
      discussion: """
        EXAMPLE
          clfa runs show posts.sqlite
          clfa runs show posts.sqlite posts-2 --format json
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name; the latest run without one.", valueName: "run"))
    var wanted: String?

    @OptionGroup var format: FormatOption

    func run() throws {
      try Interruptible.run(isReading: true) { shouldStop in
        let reader = try StoreReader(path: store.path, shouldStop: shouldStop)
        defer { reader.close() }
        let run = try reader.run(named: wanted)
        let rows = try RunDetails.rows(
          run, faults: reader.faults(ofRun: run.id), newVersions: reader.newVersions(inRun: run.id))
        try format.print(RunDetails.columns, rows)
        try LedgerCheck.verify([run])
      }
    }
  }

  /// `clfa runs verify`.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for what changed in a store since it was written, and say what and where.",
      discussion: """
        The whole file is looked at: its pages and indexes, its schema, references between rows, and each post's words \
        and file hashes against its content hash. Of each run, its ledger must add up, and its entries and predictions \
        must have the checksum that was recorded when it finished. A checksum is "not recorded" of a run that is not \
        finished, that an earlier clfa finished, or whose posts were scored again with --rescore by another run. Of \
        vectors, only the length is looked at. A row "not checked" names what has no checksum: the numbers in vectors, \
        small pictures, true labels, picture paths, dates and other columns.

        The exit code is 1 where anything is changed or damaged.

        EXAMPLE
          clfa runs verify posts.sqlite
          clfa runs verify posts.sqlite posts-2 --format jsonl
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name; all runs without one.", valueName: "run"))
    var wanted: String?

    @OptionGroup var format: FormatOption

    func run() throws {
      try Interruptible.run(isReading: true) { shouldStop in
        let reader = try StoreReader(path: store.path, shouldStop: shouldStop)
        defer { reader.close() }
        let found = try reader.verify(run: wanted)
        try format.print(Verification.columns, found.map(\.values))
        let troubles = found.count(where: \.isFailure)
        guard troubles > 0 else { return }
        Console.line(
          "\(store.path): \(troubles.counted("check found", "checks found")) changes that clfa did not make; see the rows marked "
            + "\"changed\" or \"damaged\". Use an undamaged copy, or score again into a new store")
        throw ExitCode.failure
      }
    }
  }

  /// `clfa runs rename`.
  struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a run another name.",
      discussion: """
        EXAMPLE
          clfa runs rename posts.sqlite posts "first model"
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
    var wanted: String

    @Argument(help: "Its new name.")
    var name: String

    func run() throws {
      try Interruptible.run { shouldStop in
        let writer = try StoreWriter.open(path: store.path, creates: false, shouldStop: shouldStop)
        defer { writer.closeAfterError() }
        writer.printNotices()
        try writer.renameRun(wanted, to: name)
        try writer.close()
      }
    }
  }

  /// `clfa runs drop`.
  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a run with its entries and faults; posts and predictions stay.",
      discussion: """
        What the model said about the posts stays known, so scoring the corpus again costs no inference.

        EXAMPLE
          clfa runs drop posts.sqlite posts-2
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
    var wanted: String

    func run() throws {
      try Interruptible.run { shouldStop in
        let writer = try StoreWriter.open(path: store.path, creates: false, shouldStop: shouldStop)
        defer { writer.closeAfterError() }
        writer.printNotices()
        let entries = try writer.dropRun(wanted)
        try writer.close()
        Console.line("dropped run \(wanted.printable) and its \(entries.counted("entry", "entries"))")
      }
    }
  }

  /// The proof in words and in the exit code.
  private enum LedgerCheck {
    static func verify(_ runs: [RunSummary]) throws {
      let unbalanced = runs.filter { !$0.isBalanced }
      for run in unbalanced {
        Console.line("run \(run.name.printable) does not account for all its records: see the column missing")
      }
      if !unbalanced.isEmpty { throw ExitCode.failure }
    }
  }
}
