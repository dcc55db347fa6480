import ArgumentParser
import Bytes
import Evaluation
import Queries
import Results
import Scoring
import Store

/// `clfa estimate`: each label's share of a run, or the mean of a column in its posts, from a labelled sample.
struct EstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Estimate each label's share of a run from posts that you labelled.",
    discussion: """
      Counting predicted labels gives wrong shares, because a model's errors do not cancel out. This command uses the \
      posts that clfa sample drew and you labelled: it takes the predictions of all posts and corrects them by what the \
      labelled posts show (prediction-powered inference). The 95 % interval follows from the design of the sample. \
      docs/estimate.md shows how often such intervals hold.

      Prints a row for each label and method. The first method is the one to report; next to it are the labelled posts \
      alone, post-stratified by predicted label, the adjusted count, and the predicted labels, which are not an \
      estimate. With --by, the first method for each value. design_effect is the variance divided by that of a random \
      sample of the same size; labels_to_halve is how many labels more would halve the interval.

      A share is that of the run: its posts are all there is. With --of-source, the run itself is taken as a random \
      sample of a larger source, and the interval is as wide as ppi-python's.

      With --mean COLUMN, the mean of a column of numbers in the posts of each label instead, such as the mean likes of \
      ironic posts: the numbers are known for every post, the labels for those that you labelled. The first row is the \
      mean of all posts. clfa score --column COLUMN:integer says that a column has numbers.

      EXAMPLE
        clfa sample posts.sqlite --size 400 -o todo.csv
        clfa label posts.sqlite todo.csv
        clfa estimate posts.sqlite
        clfa estimate posts.sqlite --by month --label ironic --format csv
        clfa estimate posts.sqlite --mean likes
      """)

  @OptionGroup var store: StoreArgument

  @OptionGroup var chosen: RunOptions

  @Option(
    help: ArgumentHelp(
      "The sample whose labels count. Default: the latest of the run; if there is none, all labels.",
      valueName: "sample"))
  var sample: String?

  @Option(
    help: ArgumentHelp(
      "Estimate for each value of a column: one of the corpus, or month, file, state.", valueName: "column"))
  var by: String?

  @Option(
    help: ArgumentHelp(
      "Estimate the mean of this column of numbers in the posts of each label, instead of the shares.",
      valueName: "column"))
  var mean: String?

  @Option(help: ArgumentHelp("Print only this label. Can be repeated.", valueName: "label"))
  var label: [String] = []

  @Option(
    help: ArgumentHelp(
      "The source of the true labels to use. Default: the latest label of each post.", valueName: "source"))
  var truth: String?

  @Flag(help: "Estimate the shares of the source that the run is a random sample of.")
  var ofSource = false

  @OptionGroup var distinct: DistinctOption

  @OptionGroup var format: FormatOption

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let reader = try StoreReader(path: store.path, shouldStop: shouldStop)
      defer { reader.close() }
      let shares = try RunShares.load(
        from: reader, run: chosen.name, sample: sample, truth: truth, by: by, isDistinct: distinct.isOn,
        ofSource: ofSource, meanOf: mean)
      let labels = try labels(of: shares)
      DistinctOption.say(shares.reposts)
      if let notice = EvaluationTable.notice(sources: shares.sources.map { ($0.name, $0.posts) }) {
        Console.line("notice: \(notice)")
      }
      for notice in shares.notices { Console.line("notice: \(notice)") }
      if shouldStop() { throw StandardOutput.WriteError.interrupted }
      if mean == nil {
        let table = ShareTable(shares, labels: labels)
        // The finding comes first; the table has the other methods, too.
        for sentence in table.sentences { Console.line(sentence) }
        try format.print(ShareTable.columns, table.values(shortened: format.isForPeople))
      } else {
        let table = MeanTable(shares, labels: labels)
        for sentence in table.sentences { Console.line(sentence) }
        try format.print(MeanTable.columns, table.values(shortened: format.isForPeople))
      }
    }
  }

  /// The labels to print.
  private func labels(of shares: RunShares) throws -> [ByteText] {
    for label in label where !shares.labels.contains(ByteText(label)) {
      throw ResultsError.noSuchLabel(label, known: shares.labels.map(\.text))
    }
    return label.isEmpty ? shares.labels : label.map { ByteText($0) }
  }
}
