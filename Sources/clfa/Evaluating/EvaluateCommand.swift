import ArgumentParser
import Bytes
import Evaluation
import Preparation
import Queries
import Reporting
import Results
import Scoring
import Store

/// `clfa evaluate`: compares a run's predictions with its true labels.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare a run's predictions with its true labels.",
    discussion: """
      Prints one measure per row, by its full name, with its 95 % bootstrap interval: accuracy, balanced accuracy, \
      Matthews correlation, binary, macro and weighted precision, recall and F1, those of each label, the areas \
      under the ROC and precision-recall curves, Brier score, log loss and expected calibration error. The measures \
      cover all posts; if some posts have no picture, they are repeated for the posts with text and picture and for \
      the posts without picture. A ratio 0/0 counts as 0, and the column undefined counts how often this happens. \
      If the store has vectors of texts and pictures, alignment_auc is how often a text is closer to its own picture \
      than to another (chance 0.5), and alignment_recall_at_1_of_100 how often the own picture comes first of 100 \
      (chance 0.01).

      Binary scores need a positive label: the second of two labels, or the one that --positive names. Posts without \
      a true label are left out; clfa label adds labels. If clfa sample drew the labelled posts, rows that begin with \
      run_ estimate each measure for all posts of the run: a labelled post counts for those that it was drawn from. \
      --against adds a comparison of two runs: label flips, differences and McNemar's test.

      --require sets a condition; if it is not met, the exit code is 3. A condition is the name of a measure, its \
      label in brackets if it has one, and .low or .high for an end of its interval, such as 'macro_f1>=0.8' or \
      'recall[ironic].low>0.7'.

      EXAMPLE
        clfa evaluate posts.sqlite --positive sarcastic
        clfa evaluate posts.sqlite --by language --format markdown
        clfa evaluate posts.sqlite --against posts-2
        clfa evaluate posts.sqlite --against posts-2 --pair key
        clfa evaluate posts.sqlite --require 'macro_f1>=0.8'
        clfa evaluate held-out.sqlite --calibrate MODEL
      """)

  @OptionGroup var store: StoreArgument

  @OptionGroup var chosen: RunOptions

  @OptionGroup var comparison: ComparisonOptions

  @OptionGroup var distinct: DistinctOption

  @Option(
    help: ArgumentHelp(
      "The source of the true labels to use. Default: the latest label of each post.", valueName: "source"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "A condition that must be met, such as 'macro_f1>=0.8'. Can be repeated.", valueName: "condition"))
  var require: [String] = []

  @Flag(help: "Print the results of each threshold on the positive label's probability, instead of the measures.")
  var sweep = false

  @Option(
    help: ArgumentHelp(
      "Apply the thresholds and the calibration of this model, which must be the one that made the run.",
      valueName: "folder"),
    completion: .directory)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Fit a temperature, and for two labels a threshold, to the run's true labels, and write them into this model folder.",
      valueName: "folder"), completion: .directory)
  var calibrate: String?

  @Option(
    help: ArgumentHelp(
      "Number of bootstrap samples for the intervals; 0 for no intervals. Default: 1000.", valueName: "n"),
    transform: NumberArgument.whole(0...100_000))
  var resamples = 1000

  @Option(
    help: ArgumentHelp("Random seed of the bootstrap samples. Default: 2022.", valueName: "n"),
    transform: NumberArgument.seed)
  var seed: UInt64 = 2022

  @OptionGroup var format: FormatOption

  func validate() throws {
    if calibrate != nil, model != nil || comparison.against != nil || comparison.by != nil || sweep || !require.isEmpty
    {
      throw ValidationError(
        "--calibrate can be combined only with --run, --truth, --positive and --distinct; leave out the others.")
    }
    if sweep, comparison.against != nil || comparison.by != nil || !require.isEmpty {
      throw ValidationError(
        "--sweep prints thresholds instead of measures; leave out --by, --against and --require, and give them in a command "
          + "of their own.")
    }
    _ = try requirements()
  }

  private func requirements() throws -> [Requirement] {
    try require.map { text in
      guard let requirement = Requirement(text) else {
        throw ValidationError("--require takes NAME>=NUMBER, such as 'macro_f1>=0.8'; found \"\(text.printable)\".")
      }
      return requirement
    }
  }

  func run() throws {
    // A calibration changes the model's folder, and must not be interrupted there.
    try Interruptible.run(isReading: calibrate == nil) { shouldStop in
      let reader = try StoreReader(path: store.path, shouldStop: shouldStop)
      defer { reader.close() }
      var run = try EvaluatedRun.load(
        from: reader, run: chosen.name, truth: truth, by: comparison.by, isDistinct: distinct.isOn)
      let positive = try positivePlace(in: run)
      notices(run)
      if let calibrate {
        if shouldStop() { throw StandardOutput.WriteError.interrupted }
        return try CalibrationTask(folder: calibrate, store: store.path).fit(run, positive: positive, format)
      }
      if let model { run = try CalibrationTask(folder: model, store: store.path).applied(to: run) }
      if sweep { return try printSweep(run, positive) }
      var table = EvaluationTable(
        run, positive: positive.map { run.posts.labels[$0] }, resampling: BootstrapOptions(draws: resamples, seed: seed)
      )
      if let sample = try EvaluatedSample.load(from: reader, run: run) {
        table.add(
          sample.measures(
            of: run, positive: positive.map { run.posts.labels[$0] },
            resampling: BootstrapOptions(draws: resamples, seed: seed)))
        Console.line("notice: \(EvaluationTable.notice(sample))")
      }
      if let retrieval = run.retrieval { table.add(retrieval, hasIntervals: resamples > 0) }
      if let against = comparison.against {
        let other = try ComparedRun.find(
          against, from: reader, pairing: comparison.pair ?? .content, truth: truth, isDistinct: distinct.isOn,
          shouldStop: shouldStop)
        let compared = try ReportData.load(
          from: reader, run: run.run.text, positive: comparison.positive, truth: truth, against: other,
          isDistinct: distinct.isOn)
        table.add(compared, BootstrapOptions(draws: resamples, seed: seed))
        if let notice = EvaluationTable.pairingNotice(
          compared, isEmpty: table.isWithoutCommonPosts, comparison.pair ?? .content)
        {
          Console.line("notice: \(notice)")
        }
      }
      if shouldStop() { throw StandardOutput.WriteError.interrupted }
      let required = try required(table.measures)
      try format.print(EvaluationTable.columns, table.values(shortened: format.isForPeople))
      if format.isForPeople, let retrieval = run.retrieval {
        Console.line(Conclusion.closer(retrieval.area).sentence)
        for first in retrieval.first { Console.line(Conclusion.firstOf(first).sentence) }
      }
      try check(required)
    }
  }

  /// The index of the positive label.
  private func positivePlace(in run: EvaluatedRun) throws -> Int? {
    let labels = run.posts.labels
    guard let positive = comparison.positive else { return labels.count == 2 ? 1 : nil }
    if let place = labels.firstIndex(of: ByteText(positive)) { return place }
    throw ResultsError.noSuchLabel(positive, known: labels.map(\.text))
  }

  private func notices(_ run: EvaluatedRun) {
    DistinctOption.say(run.reposts)
    var unknownLabels = UnknownLabels(model: run.posts.labels)
    let matrix = run.posts.matrix(run.slices.first?.posts ?? [])
    for (place, label) in matrix.rows.enumerated() { unknownLabels.add(label, count: matrix.support(row: place)) }
    if let notice = unknownLabels.notice { Console.line("notice: \(notice)") }
    if truth == nil, let notice = EvaluationTable.notice(sources: run.sources) { Console.line("notice: \(notice)") }
    if !run.isFinished {
      Console.line(
        "notice: run \(run.run.printable) is \(run.state), so its numbers cover only part of its corpus; clfa runs says what "
          + "is missing")
    }
    if !run.capabilities.tells(.probabilities) {
      Console.line("notice: \(run.capabilities.reason(.probabilities)), so there are no curves and no calibration")
    }
    if let slice = run.wholeSlice {
      Console.line(
        "notice: all \(run.posts.count.counted("post", "posts")) with a true label \(slice == "both_sides" ? "have a text and a picture" : "are without picture"), so the slice \(slice) would be the same as all and is left out"
      )
    }
  }

  private func printSweep(_ run: EvaluatedRun, _ positive: Int?) throws {
    guard let positive else {
      throw ValidationError("--sweep needs the positive label; name it with --positive.")
    }
    guard run.capabilities.tells(.probabilities) else {
      throw ValidationError(
        "--sweep needs probabilities of run \(run.run.printable), and \(run.capabilities.reason(.probabilities)).")
    }
    if comparison.positive == nil {
      Console.line(
        "notice: the thresholds are about the label \"\(run.posts.labels[positive].printable)\", the last of two; "
          + "--positive names another")
    }
    let steps = ThresholdSweep.steps(run.posts, positive: positive)
    try format.print(
      ["threshold", "precision", "recall", "f1", "accuracy", "taken", "n", "best"],
      steps.map { step in
        [
          step.threshold, step.scores.precision.value, step.scores.recall.value, step.scores.f1.value,
          step.accuracy.value,
        ]
        .map { EvaluationTable.number($0, shortened: format.isForPeople) }
          + [
            .integer(Int64(step.taken)), .integer(Int64(run.posts.count)),
            .text(step.isBest ? "best F1, chosen on these very posts" : ""),
          ]
      })
  }

  /// The measures that `--require` names; an unknown name is an error before anything is printed.
  private func required(_ measures: [Measure]) throws -> [(Requirement, Measure)] {
    try requirements().map { requirement in
      guard let measure = requirement.find(in: measures) else {
        Console.line("Error: --require \(requirement.text.printable): \(EvaluationTable.hint(requirement, measures))")
        throw ExitCode.validationFailure
      }
      if requirement.part != .value, measure.interval == nil {
        Console.line(
          "Error: --require \(requirement.text.printable): \(requirement.measure) has no interval here; leave out "
            + ".\(requirement.part.rawValue)")
        throw ExitCode.validationFailure
      }
      return (requirement, measure)
    }
  }

  /// Prints which requirements are met and which are not.
  private func check(_ required: [(Requirement, Measure)]) throws {
    var isMissed = false
    for (requirement, measure) in required {
      let isMet = requirement.isMet(by: measure)
      isMissed = isMissed || !isMet
      let about = measure.label.isEmpty ? "" : "about \"\(measure.label.printable)\", "
      Console.line(
        "\(isMet ? "reached" : "NOT reached"): \(requirement.text.printable); \(about)\(EvaluationTable.words(measure))"
      )
    }
    if isMissed { throw ExitStatus.requirement }
  }
}
