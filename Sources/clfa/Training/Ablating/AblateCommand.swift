import Ablation
import ArgumentParser
import Bytes
import Corpus
import Evaluation
import Foundation
import Models
import Queries
import Reporting
import Results
import Scoring
import Store
import Training

/// `clfa ablate`: trains a grid of models on one corpus, and compares the settings.
struct AblateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablate",
    abstract: "Train a model for each setting of a grid, score a test corpus with each, and compare the settings.",
    usage: """
      clfa ablate PLAN.json --test FILE --store FILE -o FOLDER [FLAG ...]
      clfa ablate TRAIN.csv --validation FILE --grid KEY=VALUE,... [--grid ...] --seeds N,... \\
        --test FILE --store FILE -o FOLDER [FLAG ...]
      """,
    discussion: """
      Trains a model for every setting of the grid with every seed, as clfa train does, into FOLDER; all other flags \
      apply to every model. Each model, at its selected epoch, scores the posts of --test once, into --store, as a \
      run named after its setting: alpha=0 aggregation=concat seed=1. If it is interrupted or killed, the same \
      command continues; models that are done are neither trained nor scored again.

      The table has one row per setting: test accuracy, macro-F1 and weighted F1 as mean and standard deviation over \
      the seeds, and the difference of macro-F1 to the baseline with a paired bootstrap interval of 95 % and its \
      p-value over the test posts. --format csv, tsv, json and jsonl give all digits; --report draws the table as a \
      page. --baseline alpha=0 compares each setting with the setting that differs only in alpha, which shows the \
      effect of alignment for each aggregation.

      A plan in JSON has the same content. Each flag is a key without the leading hyphens, files and seeds may be \
      lists, the training corpus has the key corpus, and a flag without a value is true or false. Flags on the \
      command line override the plan. A .json file that is one object is a plan; a list of posts, or a post per line, \
      is a corpus, and so is an object whose list of posts --records names.

        {"corpus": "train.csv", "validation": "valid.csv",
         "text-encoder": "bert", "image-encoder": "vit",
         "teacher": "clip.safetensors", "epochs": 10, "seeds": [1, 2, 3],
         "grid": {"aggregation": ["cross-attention", "concat"],
                  "alpha": [0, 1], "knowledge": [false, true]}}

      EXAMPLE
        clfa ablate train.csv --validation valid.csv \\
          --text-encoder bert --image-encoder vit --teacher clip.safetensors \\
          --grid aggregation=cross-attention,concat --grid alpha=0,1 \\
          --seeds 1,2,3 --baseline alpha=0 --test test.csv \\
          --store ablation.sqlite -o cells --report ablation.pdf
        clfa ablate plan.json --test test.csv --store ablation.sqlite \\
          -o cells --format latex
      """)

  @OptionGroup var corpus: CorpusArguments
  @OptionGroup(title: "Grid") var grid: GridOptions
  @OptionGroup(title: "Test") var test: TestOptions
  @OptionGroup(title: "Files") var files: TrainingFileOptions
  @OptionGroup(title: "Model") var model: NewModelOptions
  @OptionGroup(title: "Learning") var learning: LearningOptions
  @OptionGroup(title: "Card") var card: CardOptions
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The folder of the trained models; created if it does not exist.", valueName: "folder"),
    completion: .directory)
  var output: String?
  @OptionGroup var turn: RunControlOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    // A plan's content is checked when it is read.
    if plan == nil { _ = try cells() }
  }

  func run() throws {
    if let plan { return try expanded(plan).run() }
    try test.precision.check(under: .auto)
    let cells = try cells()
    let choice = try choice(for: cells.list)
    // Both exist: they were checked above.
    let output = output ?? ""
    let scoring = TestScoring(
      TestScoring.Settings(
        corpora: test.test, columns: corpus.options, reading: corpus.columns.reading + files.pictures.reading,
        images: files.pictures.location,
        features: files.features.selection, truncatedPictures: files.truncated.policy, store: test.store ?? "",
        precision: choice.precision, threads: turn.threads.count, version: Version.number))
    let notices = [choice.notice(flag: "--score-precision")].compactMap(\.self)
    try TrainingSession.run(turn.progress.style, resumeHint: "the same command") { report in
      // The test runs last, but its errors should come first.
      let ablation = try Interrupt.watching {
        try scoring.check(needsKnowledge: cells.list.contains { $0.model.withKnowledge })
        let materials = try TrainingInputs(
          corpora: corpus.corpora, columns: corpus.options, files: files.files, threads: turn.threads.count,
          imageSize: model.imageSize?.side)
        return try AblationRun(
          cells: cells.list, materials: materials, scoring: scoring, folder: output, card: card,
          checkpoints: turn.checkpointInterval,
          cache: try turn.encodingCache(cells.list.flatMap(\.settings.frozen), &report))
      }
      try ablation.run(&report, scoringNotices: notices, turn.progress.style)
      try Interrupt.watching { try show(cells, scoring, &report) }
    }
  }

  /// What the models score in; `auto` keeps the precision of the cells that are already scored. The models may not exist
  /// yet, so a model of the published size is measured.
  private func choice(for cells: [AblationRun.Cell]) throws -> PrecisionChoice {
    let names = Set(cells.map { ByteText($0.cell.name) })
    return try PrecisionChoice(asked: test.precision.asked, isQuantised: false) { candidates in
      let runs = try TestScoring.knownRuns(in: test.store ?? "").filter { names.contains($0.name) }
      let known = runs.compactMap { run in Precision(rawValue: run.precision).map { (precision: $0, run: run.name) } }
      return known.last { candidates.contains($0.precision) }
    } measure: {
      try PrecisionRates(measuring: $0, of: ModelConfiguration(labelNames: []), threads: turn.threads.count)
    }
  }

  // MARK: - The plan

  /// The plan's file, if the corpus is one.
  private var plan: String? {
    guard corpus.corpora.count == 1, let path = corpus.corpora.first,
      AblationPlan.isPlan(at: path, records: corpus.columns.form.records)
    else { return nil }
    return path
  }

  /// The command given by a plan and the other flags.
  private func expanded(_ path: String) throws -> AblateCommand {
    let plan = try AblationPlan.load(path)
    let arguments = CommandLine.arguments.drop { $0 != "ablate" }
    var flags = Array(RenamedOptions.current(Array(arguments)) { _ in }.dropFirst())
    if let place = flags.firstIndex(where: { ByteText($0) == ByteText(path) }) { flags.remove(at: place) }
    flags.removeAll { $0 == "--" }
    return try AblateCommand.parse(plan.flags.map { "--" + $0 } + flags + ["--"] + plan.corpora)
  }

  // MARK: - The cells

  /// A grid with its cells.
  private struct Cells {
    let grid: AblationGrid
    let list: [AblationRun.Cell]
    let baseline: AblationBaseline
  }

  /// The grid of these flags, with its cells as training runs.
  private func cells() throws -> Cells {
    guard let output, !output.isEmpty else { throw ValidationError("give -o FOLDER, the folder for the models.") }
    try test.check()
    if learning.precision == .auto {
      throw ValidationError("clfa ablate trains all models alike, so --precision takes f32 or bf16.")
    }
    if learning.search == true {
      throw ValidationError("clfa ablate trains each setting of its grid once; leave out --search.")
    }
    do {
      let recipe = learning.recipe ?? .paper
      let settings = learning.settings(recipe, hasTeacher: files.teacher != nil)
      let grid = try grid.grid(seed: settings.seed)
      for axis in grid.axes {
        if files.from != nil, axis.key.changesModel {
          throw ValidationError("--from keeps the settings of its model; leave \(axis.key.rawValue) out of the grid.")
        }
        if files.lexicon == nil, axis.choices.contains(.lexicon(true)) {
          throw ValidationError("lexicon=on needs a lexicon; give its file with --lexicon.")
        }
      }
      let list = try grid.cells.map { try AblationRun.Cell($0, files: files, model: model, recipe, settings) }
      return Cells(grid: grid, list: list, baseline: try grid.baseline(named: self.grid.baseline))
    } catch let error as AblationError {
      throw ValidationError(Advice.message(of: error) + ".")
    }
  }

  // MARK: - The table

  private func show(
    _ cells: Cells, _ scoring: TestScoring, _ report: inout TrainingProgressReport
  ) throws {
    let (table, predictions) = try scoring.table(cells.grid, cells.baseline)
    if predictions.notShared > 0 {
      report.notice(
        "\(predictions.notShared.counted("post was", "posts were")) not scored by every cell, and "
          + "\(predictions.notShared == 1 ? "is" : "are") left out of the table")
    }
    if let path = test.report {
      let pdf = try AblationReport(
        table, corpus: scoring.settings.corpora.joined(separator: " + "), version: Version.number,
        created: predictions.finishedAt
      ).pdf()
      try ReportFileWriter.write(pdf, to: path)
    }
    if format.isForPeople {
      try format.print(table.shortColumns, table.shortValues)
    } else {
      try format.print(table.columns, table.values)
    }
  }
}

/// The settings that vary between an ablation's cells.
struct GridOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Values of one of \(AblationKey.allCases.map(\.rawValue).joined(separator: ", ")), such as alpha=0,1. If repeated, "
        + "all combinations of values are trained.", valueName: "key=value,..."),
    transform: { text in try AblationAxis(parsing: text) })
  var grid: [AblationAxis] = []
  @Option(
    help: ArgumentHelp(
      "The random seeds; each setting is trained once with each. Default: the one of --seed.", valueName: "n,..."),
    transform: SeedList.init(parsing:))
  var seeds: SeedList?
  @Option(
    help: ArgumentHelp(
      "The setting to compare the others with, such as \"alpha=0 aggregation=concat\". With only some of the values, such "
        + "as alpha=0, each setting is compared with the one that differs from it only in these. Default: the first setting.",
      valueName: "name"))
  var baseline: String?

  /// The grid that these flags give.
  func grid(seed: UInt64) throws(AblationError) -> AblationGrid {
    try AblationGrid(axes: grid, seeds: seeds?.seeds ?? [seed])
  }
}

/// The value of `--seeds`.
struct SeedList {
  let seeds: [UInt64]

  init(parsing argument: String) throws { seeds = try AblationGrid.seeds(parsing: argument) }
}
