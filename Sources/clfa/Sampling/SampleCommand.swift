import ArgumentParser
import Bytes
import Evaluation
import Exporting
import Queries
import Results
import Store

/// `clfa sample`: draws posts of a run to be labelled, and keeps the sample in the store.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw posts of a run to be labelled.",
    discussion: """
      Draws from the posts that the run scored, and keeps the sample in the store: its design, and the probability with \
      which each post was drawn. clfa estimate then computes the shares of labels in the whole run from the posts that \
      you have labelled. The same store and seed give the same posts.

      -o FILE.csv writes the posts in random order, with an empty column "label" to fill in. clfa label reads the file \
      back; clfa annotate shows the posts on a page instead.

      DESIGN
        random        every post with the same probability
        stratified    from each group of posts with the same values in --by, at least two; label is the predicted label
        uncertain     the posts that the model is least sure of: for training; it estimates nothing
        label-issues  posts whose labels are probably wrong, the most doubtful, to be labelled again; it estimates nothing

      --allocation neyman takes more posts from groups in which the model is less sure, which makes intervals narrower.

      EXAMPLE
        clfa sample posts.sqlite --size 400 -o todo.csv
        clfa sample posts.sqlite --size 400 --by label --allocation neyman -o a.csv
        clfa sample posts.sqlite --size 100 --design uncertain -o training.csv
        clfa sample posts.sqlite --list
      """)

  @OptionGroup var store: StoreArgument

  @Option(
    help: ArgumentHelp("The number of posts to draw.", valueName: "n"), transform: NumberArgument.whole(1...Int.max))
  var size: Int?

  @OptionGroup var chosen: RunOptions

  @Option(
    help: ArgumentHelp("The sample's name. Default: sample-1, or the next number that is free.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Draw from each group of posts with the same value: label (the predicted one), month, or a column of the corpus; "
        + "several with commas between them.", valueName: "columns"))
  var by: String?

  @Option(
    help: ArgumentHelp(
      "How to draw: random, stratified, uncertain or label-issues. Default: random; with --by, stratified.",
      valueName: "name"))
  var design: SampleRecord.Design?

  @Option(
    help: ArgumentHelp(
      "How a stratified sample is shared out: proportional (by the number of posts) or neyman (more posts where the model "
        + "is less sure). Default: proportional.", valueName: "name"))
  var allocation: SampleAllocation?

  @Option(help: ArgumentHelp("Random seed. Default: 1.", valueName: "n"), transform: NumberArgument.seed)
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The source of the true labels that label-issues doubts. Default: the latest label of each post.",
      valueName: "source"))
  var truth: String?

  @OptionGroup var distinct: DistinctOption

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The CSV file to write; it must not exist. Default: only the store has the sample.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var output: String?

  @Flag(help: "Write CSV for Excel, which then neither rounds ids nor treats texts as formulas.")
  var excel = false

  @Flag(help: "List the samples with the number of labelled posts, instead of drawing one.")
  var list = false

  @OptionGroup var format: FormatOption

  /// The design that the flags mean.
  private var wanted: SampleRecord.Design { design ?? (by == nil ? .random : .stratified) }

  private var columns: [String] {
    (by ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  func validate() throws {
    if list {
      if size != nil || name != nil || by != nil || design != nil || output != nil {
        throw ValidationError("--list draws nothing; leave out the options of a new sample.")
      }
      return
    }
    guard size != nil else { throw ValidationError("say how many posts to draw, such as --size 400; or --list.") }
    if format.format != nil { throw ValidationError("--format is for --list; -o writes CSV.") }
    if excel, output == nil { throw ValidationError("--excel needs a file to write; name it with -o.") }
    if wanted == .stratified {
      guard by != nil else { throw ValidationError("a stratified sample needs columns; name them with --by.") }
      if columns.contains("") {
        throw ValidationError("--by takes names with commas between them, such as label,month.")
      }
      if Set(columns.map { ByteText($0) }).count < columns.count {
        throw ValidationError("--by names a column twice; name each once.")
      }
    } else if by != nil {
      throw ValidationError("--by makes a stratified sample; leave out --design, or --by.")
    }
    if allocation != nil, wanted != .stratified {
      throw ValidationError("--allocation is about a stratified sample; name its columns with --by.")
    }
    if truth != nil, wanted != .labelIssues {
      throw ValidationError("--truth is about --design label-issues; leave it out.")
    }
  }

  func run() throws {
    try Interruptible.run(isReading: list) { shouldStop in
      if list { return try printList(shouldStop) }
      let file = try output.map { try SampleFile($0, format: excel ? ExcelFormat() : CorpusCSVFormat()) }
      let reader = try StoreReader(path: store.path, shouldStop: shouldStop)
      defer { reader.close() }
      var plan = SamplePlan(size: size ?? 0, design: wanted, isDistinct: distinct.isOn, seed: seed)
      if wanted == .stratified { (plan.by, plan.allocation) = (columns, allocation ?? .proportional) }
      let draw = try SampleDraw.draw(from: reader, plan, run: chosen.name, name: name, truth: truth)
      try file?.write(draw, from: reader)
      reader.close()
      try store.change(shouldStop: shouldStop) { writer in
        try writer.record(draw.record, ofRun: draw.run, posts: draw.posts)
      }
      try file?.finish()
      DistinctOption.say(draw.reposts)
      for line in SampleSummary.lines(draw, asked: plan, file: output) { Console.line(line) }
    }
  }

  private func printList(_ shouldStop: @escaping @Sendable () -> Bool) throws {
    let reader = try StoreReader(path: store.path, shouldStop: shouldStop)
    defer { reader.close() }
    let samples = try ListedSample.all(from: reader, run: chosen.name)
    try format.print(SampleSummary.columns, samples.map(SampleSummary.values))
    if samples.isEmpty, format.isForPeople { Console.line("no samples") }
  }
}

extension SampleRecord.Design: ExpressibleByArgument {}
extension SampleAllocation: ExpressibleByArgument {}
