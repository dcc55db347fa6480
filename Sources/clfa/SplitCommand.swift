import ArgumentParser
import Bytes
import Corpus
import CorpusCheck
import Exporting
import Inputs
import Preparation
import Queries

/// `clfa split`: divides a corpus into parts for training, validation and test.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide a corpus: into files for training, validation and test, or into parts for several machines.",
    discussion: """
      There are two ways, and each has its own flags.

      FOR TRAINING (--validation, --test)
      The files share no post. Posts stay together if they are reposts of one another, or have the same id, the same text apart from case and \
      signs, or the same picture. --group COLUMN also keeps the posts of one value together, such as those of an \
      author. clfa check --against then finds nothing that two files share, apart from pictures that only look alike.

      Without --stratify, the part of a group follows from its content and the seed alone, so it stays the same when \
      the corpus grows, and the shares are approximate. With --stratify label, each label has the same share in every \
      part, as far as the groups allow; when the corpus grows, a few groups move.

      Tables are written as CSV in UTF-8 with a header, JSON as JSON Lines, with all columns. Rows with faults are \
      left out.

      FOR SEVERAL MACHINES (--parts, --rows)
      Nothing is copied. The command reads the files once and writes where each part begins: a JSON file for clfa \
      score --parts-file and clfa stream --part, which then read their parts only. Records are counted by the reader \
      that scores them, damaged ones included. A part has records of one file; a compressed file, one in UTF-16 and a \
      JSON list are one part each.

      EXAMPLE
        clfa split posts.csv --validation 10% --test 20% -o parts
        clfa split posts.csv --test 20% --stratify label --group author -o parts
        clfa check parts/train.csv --against parts/test.csv --images .
        clfa split posts.csv --parts 100 -o parts.json
        clfa stream --model MODEL --part parts.json:7 --with-posts > 7.jsonl
      """)

  @OptionGroup var corpus: CorpusArguments

  @Option(
    help: ArgumentHelp("The share of posts for validation. Default: none.", valueName: "p%"),
    transform: Sample.init(parsing:))
  var validation: Sample?

  @Option(
    help: ArgumentHelp("The share of posts for the test. Default: none.", valueName: "p%"),
    transform: Sample.init(parsing:))
  var test: Sample?

  @Option(
    help: ArgumentHelp(
      "Divide for machines, into so many parts of about equally many bytes.", valueName: "n"),
    transform: NumberArgument.whole(1...10_000_000))
  var parts: Int?

  @Option(
    help: ArgumentHelp("Divide for machines, into parts of at most so many records.", valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var rows: Int?

  @Option(
    help: ArgumentHelp(
      "Keep posts together: repost (always on), or the posts with the same value in this column. Can be repeated.",
      valueName: "name"))
  var group: [String] = []

  @Option(
    help: ArgumentHelp(
      "Give each value the same share in every part: label (the true label) or another column. Default: none.",
      valueName: "column"))
  var stratify: String?

  @Option(help: ArgumentHelp("Random seed. Default: 1.", valueName: "n"), transform: NumberArgument.seed)
  var seed: UInt64 = 1

  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: PictureLimitOptions

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The folder to create, or an empty one; with --parts or --rows the file to write. Default: standard output, for "
        + "parts only.", valueName: "folder|file"), completion: .file())
  var output: String?

  @OptionGroup var format: FormatOption

  /// The word of `--group` for reposts.
  private static let repost = "repost"

  func validate() throws {
    guard validation != nil || test != nil || parts != nil || rows != nil else {
      throw ValidationError(
        "name a share (--validation 10%, --test 20%, or both), or divide for machines (--parts or --rows).")
    }
    if corpus.corpora.contains("-") {
      throw ValidationError("the corpus is read twice, and standard input cannot be; name a file.")
    }
    if parts != nil || rows != nil { return try checkDivision() }
    guard output != nil else { throw ValidationError("name the folder to create with -o.") }
    if (validation?.percent ?? 0) + (test?.percent ?? 0) >= 100 {
      throw ValidationError("--validation and --test leave nothing for training; make them smaller.")
    }
  }

  func run() throws {
    if let size { return try divide(into: size) }
    try Interruptible.run(isReading: true) { shouldStop in
      let reader = try CorpusReader(paths: corpus.corpora, options: corpus.options)
      let plan = try plan(for: reader)
      let folders = try PictureFolders(
        pictures.location, paths: corpus.corpora, names: reader.files, limits: limits.limits)
      let hasPictures = reader.columnsByFile.joined().contains { $0.role == .image } || reader.hasImageTemplate
      let line = ProgressLine()
      let split = try CorpusChecker(CorpusCheckOptions(threads: threads.count), shouldStop: shouldStop).split(
        consume reader, folders: folders, plan
      ) { rows, share in
        line.show { rows.counted("row", "rows") + " read" + ProgressLine.percent(share) }
      }
      line.close()
      let named = CorpusSplit.Part.allCases.filter { isWanted($0) }
      let files = try SplitExport.write(
        CorpusReader(paths: corpus.corpora, options: corpus.options), to: output ?? "", names: named.map(\.name),
        parts: split.parts.map { named.firstIndex(of: $0) ?? 0 }, shouldStop: shouldStop)
      tell(split, files, hasPictures: hasPictures)
      try format.print(["value"] + named.map(\.name), rows(of: split, named))
    }
  }

  private func isWanted(_ part: CorpusSplit.Part) -> Bool {
    switch part {
    case .train: true
    case .validation: validation != nil
    case .test: test != nil
    }
  }

  /// The plan; a column that the corpus lacks is an error.
  private func plan(for reader: borrowing CorpusReader) throws -> CorpusSplit.Plan {
    var plan = CorpusSplit.Plan(
      validation: (validation?.percent ?? 0) / 100, test: (test?.percent ?? 0) / 100)
    plan.seed = seed
    let known = reader.extraColumns
    for name in group where name != Self.repost {
      guard known.contains(ByteText(name)) else {
        throw ValidationError(
          "--group: the corpus has no other column \"\(name.printable)\""
            + DidYouMean.hint(for: name, in: known.map(\.text) + [Self.repost]) + ".")
      }
      plan.groups.append(ByteText(name))
    }
    if let stratify {
      let labels = reader.columnsByFile.joined().filter { $0.role == .label }.map(\.name)
      // The column of labels may be called by its name, too.
      let name = labels.contains(ByteText(stratify)) ? CorpusSplit.Plan.label : ByteText(stratify)
      guard name == CorpusSplit.Plan.label ? !labels.isEmpty : known.contains(name) else {
        throw ValidationError(
          name == CorpusSplit.Plan.label
            ? "--stratify label: the corpus has no column of labels; name it with --label."
            : "--stratify: the corpus has no other column \"\(stratify.printable)\""
              + DidYouMean.hint(for: stratify, in: known.map(\.text) + [CorpusSplit.Plan.label.text]) + ".")
      }
      plan.stratify = name
    }
    return plan
  }

  private func rows(of split: CorpusSplit, _ parts: [CorpusSplit.Part]) -> [[QueryValue]] {
    func row(_ name: QueryValue, _ posts: [Int]) -> [QueryValue] {
      [name] + parts.map { .integer(Int64(posts[$0.rawValue])) }
    }
    let strata = stratify == nil ? [] : split.strata
    return strata.map { row($0.value.map { .text($0.text) } ?? .null, $0.posts) } + [row(.text("(all)"), split.posts)]
  }

  private func tell(_ split: CorpusSplit, _ files: [String], hasPictures: Bool) {
    let all = split.parts.count
    Console.line(
      "\(all.counted("post", "posts")) in \(split.groups.counted("group", "groups")) that stay together; wrote "
        + (files.isEmpty ? "nothing" : files.map(\.printable).joined(separator: ", ")))
    if split.faulted > 0 {
      Console.line(
        "notice: \(split.faulted.counted("row", "rows")) with faults left out; clfa check says what is wrong with them")
    }
    if split.largest * 20 > all, split.largest > 1 {
      Console.line(
        "notice: the largest group has \(split.largest) posts, which must be in one part, so the shares may differ")
    }
    if split.withoutFile > 0 {
      Console.line(
        "notice: \(split.withoutFile.counted("picture", "pictures")) could not be read, and count as the same only by their path"
      )
    }
    if hasPictures, pictures.images.isEmpty, let folder = PictureFolders.common(to: corpus.corpora) {
      Console.line(
        "notice: paths of pictures start from the folder of the corpus; give --images \(Shell.line([folder])) with the new files"
      )
    }
  }
}
