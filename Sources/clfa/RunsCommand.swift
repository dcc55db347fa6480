import ArgumentParser
import Bytes
import Store

/// `clfa runs`: the runs of a store, and a check that they account for every record.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, show, verify, rename or delete a store's runs, and check that no record is missing.",
    discussion: """
      Each record that a run read is scored, a duplicate, faulted, left to another shard, or outside the sample. The \
      column "missing" counts the records that are none of these; if it is not 0, the exit code is 1. A run that was \
      killed is shown as interrupted.

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
      abstract: "List the runs, one per row, the oldest first.",
      discussion: """
        The table shows the columns that fit a terminal; "posts" counts the rows that were scored, with or without \
        picture. The other formats contain all columns, and clfa runs show prints everything about one run.

        EXAMPLE
          clfa runs posts.sqlite
          clfa runs list posts.sqlite --format jsonl | grep -v '"state":"finished"'
        """)

    @OptionGroup var store: StoreArgument

    @OptionGroup var format: FormatOption

    func run() throws {
      try store.read { reader, _ in
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
      abstract: "Show everything about one run: its settings, its records file by file, and its faults by kind.",
      discussion: """
        EXAMPLE
          clfa runs show posts.sqlite
          clfa runs show posts.sqlite posts-2 --format json
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name. Default: the latest run.", valueName: "run"))
    var wanted: String?

    @OptionGroup var format: FormatOption

    func run() throws {
      try store.read { reader, _ in
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
      abstract: "Find out whether a store was changed or damaged since it was written, and where.",
      discussion: """
        Checks the whole file: its pages and indexes, its schema, references between rows, and the texts and file \
        hashes of each post against the post's content hash. For each run, its ledger must add up, and its entries \
        and predictions must have the checksum that was recorded when the run finished. A checksum is "not recorded" \
        if the run is not finished, was finished by an older clfa, or has posts that another run scored again with \
        --rescore. Of vectors, only the length is checked. A row "not checked" lists the data without a checksum: \
        the numbers in vectors, thumbnails, true labels, picture paths, dates and other columns.

        The exit code is 1 if anything is changed or damaged.

        EXAMPLE
          clfa runs verify posts.sqlite
          clfa runs verify posts.sqlite posts-2 --format jsonl
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name. Default: all runs.", valueName: "run"))
    var wanted: String?

    @OptionGroup var format: FormatOption

    func run() throws {
      try store.read { reader, _ in
        let found = try reader.verify(run: wanted)
        try format.print(Verification.columns, found.map(\.values))
        let failures = found.count(where: \.isFailure)
        guard failures > 0 else { return }
        Console.line(
          "\(store.path): \(failures.counted("check found", "checks found")) changes that clfa did not make; see the rows marked "
            + "\"changed\" or \"damaged\". Use an undamaged copy, or score again into a new store")
        throw ExitCode.failure
      }
    }
  }

  /// `clfa runs rename`.
  struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Rename a run.",
      discussion: """
        EXAMPLE
          clfa runs rename posts.sqlite posts "first model"
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
    var wanted: String

    @Argument(help: "The new name.")
    var name: String

    func run() throws {
      try Interruptible.run { shouldStop in
        try store.change(shouldStop: shouldStop) { try $0.renameRun(wanted, to: name) }
      }
    }
  }

  /// `clfa runs drop`.
  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete a run with its entries and faults; posts and predictions stay.",
      discussion: """
        The model's predictions for the posts stay in the store, so scoring the corpus again needs no inference.

        EXAMPLE
          clfa runs drop posts.sqlite posts-2
        """)

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
    var wanted: String

    func run() throws {
      try Interruptible.run { shouldStop in
        let entries = try store.change(shouldStop: shouldStop) { try $0.dropRun(wanted) }
        Console.line("dropped run \(wanted.printable) and its \(entries.counted("entry", "entries"))")
      }
    }
  }

  /// The result of the ledger check in words, and the exit code.
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
