import ArgumentParser
import Evaluation
import Reporting
import Scoring
import Store

/// `clfa evaluate`: a run's predictions against its true labels.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare a run's predictions with its true labels.",
    discussion: """
      Prints accuracy and binary, macro and weighted precision, recall and F1, each by name, then those of each label: \
      over all posts, over posts with text and picture, and over posts without picture. A ratio without cases (0/0) \
      counts as 0 and is counted in the column undefined.

      Binary scores are about one label: the last of two, or the one that --positive names. Posts without a true \
      label are left out; add a label column to the corpus and score it again: labels land without scoring again.

      EXAMPLE
        clfa evaluate posts.sqlite --positive sarcastic
      """)

  @Argument(help: "The store, as clfa score wrote it.", completion: .file(extensions: ["sqlite"]))
  var store: String

  @Option(name: .customLong("run"), help: "The run's name; the latest run otherwise.")
  var runName: String?

  @Option(help: "The label that binary scores are about.")
  var positive: String?

  @OptionGroup var format: FormatOption

  func run() throws {
    try Interruptible.run { shouldStop in
      let reader = try StoreReader(path: store, shouldStop: shouldStop)
      defer { reader.close() }
      let (_, outcome) = try Outcome.load(from: reader, run: runName, positive: positive)
      if let matrix = outcome.evaluation[.all]?.matrix {
        var strange = StrangeLabels(model: matrix.labels)
        for (place, label) in matrix.rows.enumerated() { strange.add(label, count: matrix.support(row: place)) }
        if let notice = strange.notice { Console.line("notice: \(notice)") }
      }
      let table = MetricTable(outcome.evaluation)
      try format.print(MetricTable.columns, table.rows.map(\.values))
    }
  }
}
