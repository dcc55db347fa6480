import ArgumentParser
import Bytes
import Inputs
import Models
import Queries
import Reporting
import Results
import Store

/// `clfa report`: draws a run or a training as pages.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Draw a run as a PDF report: what was scored, how accurate it was, how text and picture align.",
    discussion: """
      A report begins with the labels' shares if the run has a labelled sample (clfa sample), and with the accuracy. The \
      standard layout has four parts: the model and the states of the rows; the headline numbers with their \
      intervals, the confusion matrix with example posts, and the metrics; ROC, precision-recall, reliability and \
      confidence curves; the similarity of text and picture, the attention of words to pictures (with --model), and \
      a map of the posts. The layout triage shows the posts to review first. Without true labels the report shows \
      the predictions only. The same store and pictures give the same bytes.

      --by COLUMN adds the accuracy for each value of a column: a column of the corpus, or one of \
      \(ReportData.sliceColumns.joined(separator: ", ")). --against RUN compares the run with another run of the \
      store, or of another store as FILE.sqlite:RUN; the layout is then compare, unless --layout names another. \
      --pair key also compares posts with the same key whose text or picture differ, and counts them. --positive \
      LABEL adds binary scores for that label; clfa never guesses which label is the positive one.

      Pictures come from the store if they were kept with clfa score --thumbnails. Otherwise they are read from the \
      folder that was scored, if they are unchanged. A layout of your own is a JSON file, for example:

        {"title": "Mine", "pages": [{"title": "All", "blocks": ["run", {"section": "sample", "posts": 12}]}]}

      The sections are \(ReportBlock.allCases.map(Self.name).joined(separator: ", ")).

      --training MODEL draws the training of a model: losses, scores, learning rate and alignment over the epochs, \
      and the numbers of the best epoch. It reads the files that clfa train wrote into the model folder \
      (history.jsonl, config.json, card.md).

      EXAMPLE
        clfa report posts.sqlite -o report.pdf
        clfa report posts.sqlite --layout triage --redact keys -o triage.pdf
        clfa report posts.sqlite --section confusion --figure -o confusion.pdf
        clfa report posts.sqlite --by picture -o slices.pdf
        clfa report posts.sqlite --run posts-2 --against posts -o compare.pdf
        clfa report posts.sqlite --positive ironic -o ironic.pdf
        clfa report posts.sqlite -o - | lp
        clfa report --training MODEL -o training.pdf
      """)

  @Argument(help: "The store, as clfa score wrote it.", completion: .file(extensions: ["sqlite"]))
  var store: String?

  @Option(
    help: ArgumentHelp("Draw the training of this model, a folder that clfa train wrote.", valueName: "model"),
    completion: .directory)
  var training: String?

  @OptionGroup var output: ReportOutputOptions

  @OptionGroup var chosen: RunOptions

  @Option(
    help: """
      A built-in layout (\(ReportLayout.names.joined(separator: ", ")), training) or a JSON file. Default: standard.
      """)
  var layout: String?

  @OptionGroup var comparison: ComparisonOptions

  @OptionGroup var distinct: DistinctOption

  @OptionGroup var calibrated: CalibratedOption

  @OptionGroup var looks: ReportContentOptions
  @OptionGroup var figure: FigureOptions

  /// A report replaces only another report, never a store or anything else.
  func validate() throws {
    if isTrainingLayout, store != nil {
      throw ValidationError(
        "the layout training describes a model's folder, not a store; give --training MODEL instead of the store.")
    }
    guard (store == nil) != (trainedModel == nil) else {
      throw ValidationError(
        isTrainingLayout && looks.model == nil
          ? "the layout training describes a model's folder; name it with --training MODEL."
          : "give either a store or --training MODEL.")
    }
    if trainedModel != nil,
      chosen.name != nil || comparison.isAnySet || distinct.isOn || calibrated.calibrated != nil
        || (layout != nil && !isTrainingLayout) || looks.isAnySet
        || figure.isAsked
    {
      throw ValidationError(
        "--run, --layout, --by, --against, --pair, --positive, --distinct, --calibrated, --section and the options for pictures and texts need a store; leave them out with --training."
      )
    }
    try figure.check(with: layout)
    try output.check(isOneFile: figure.figure)
  }

  func run() throws {
    if let store { return try draw(store) }
    guard let trainedModel else { return }
    try output.write(try TrainingDocument(folder: trainedModel).draw(as: output.kind, dpi: output.dpi))
  }

  private var isTrainingLayout: Bool { layout == "training" }

  /// The model whose training is drawn.
  private var trainedModel: String? { training ?? (isTrainingLayout ? looks.model : nil) }

  private func draw(_ store: String) throws {
    // A folder given by the user must exist; the one used for scoring may be gone.
    if let images = looks.files.images { _ = try PictureLocation(recorded: images).open() }
    let section = try figure.section.map { try ReportSection(named: $0) }
    let layout = try chosenLayout(section)
    try Interruptible.run(isReading: true) { shouldStop in
      let calibration = try calibrated.load(store: store)
      let reader = try StoreReader(path: store, calibration: calibration?.predictions, shouldStop: shouldStop)
      defer { reader.close() }
      let other = try comparison.against.map {
        try ComparedRun.find(
          $0, from: reader, pairing: comparison.pair ?? .content, isDistinct: distinct.isOn, shouldStop: shouldStop)
      }
      var data = try ReportData.load(
        from: reader, run: chosen.name, positive: comparison.positive, by: comparison.by, against: other,
        limits: layout.limits,
        pictures: looks.pictures(isTriage: self.layout == "triage"), isDistinct: distinct.isOn)
      DistinctOption.say(data.run.reposts)
      try calibration?.check(run: data.run.name.text, fingerprint: data.scorer.fingerprint)
      CalibratedOption.say(data.calibration?.words)
      let model = try looks.model.map { try ModelFolder.load($0) }
      data.model = try model.map { try ModelFacts($0, of: data) }
      let drawn: DrawnReport
      if let section, figure.figure {
        var figure = Figure(data: data, section: section, width: figure.points)
        figure.redaction = looks.redaction
        drawn = .whole(try figure.draw(as: output.kind, dpi: output.dpi))
      } else {
        var report = Report(data: data, layout: layout, redaction: looks.redaction)
        if let count = layout.lookedAtPosts, let model {
          let run = data.run.name.text
          report.looks = AttentionExamples(
            try AttentionExamples.compute(
              data, count: count, redaction: looks.redaction, model: model, images: looks.files.images,
              features: looks.files.features, scored: { try reader.scoredPost($0, run: run) }, shouldStop: shouldStop))
        }
        drawn = try report.draw(as: output.kind, dpi: output.dpi)
      }
      if shouldStop() { throw StandardOutput.WriteError.interrupted }
      try output.write(drawn)
    }
  }

  /// The layout, after checking that it has sections for the given options.
  private func chosenLayout(_ section: ReportSection?) throws -> ReportLayout {
    let found =
      try section.map { ReportLayout(of: $0) }
      ?? ReportLayout.find(layout ?? (comparison.against == nil ? "standard" : "compare"))
    let blocks = found.sections.map(\.block)
    if section?.block == .slices, comparison.by == nil {
      throw ValidationError("the section slices groups posts by a column; name it with --by COLUMN.")
    }
    if blocks.contains(.comparison), comparison.against == nil {
      throw ValidationError("the section comparison needs another run: --against RUN, or FILE.sqlite:RUN.")
    }
    for (flag, value, block) in [
      ("--by", comparison.by, ReportBlock.slices), ("--against", comparison.against, .comparison),
    ]
    where value != nil && !blocks.contains(block) {
      throw ValidationError(
        "the layout has no section \(block.rawValue), so \(flag) would show nothing; leave it out, or use another layout."
      )
    }
    return found
  }

  /// The name of a section, depending on its options.
  private static func name(_ block: ReportBlock) -> String {
    let options = block.optionNames
    return block.rawValue + (options.isEmpty ? "" : " (\(options.joined(separator: ", ")))")
  }
}

extension AttentionExamples {
  /// The outcome as a page shows it.
  fileprivate init(_ outcome: Outcome) {
    switch outcome {
    case .posts(let posts): self = .posts(posts)
    case .hiddenPictures:
      self = .lacking("Pictures are hidden or blurred, so attention maps are not shown either.")
    case .redactedTexts:
      self = .lacking(
        "Texts are redacted, and maps of single words would show what is hidden: leave out --redact.")
    case .missingFiles(hasFeatures: false):
      self = .lacking(
        "The pictures of the notable posts were not found as they were scored; name their folder with --images FOLDER.")
    case .missingFiles(hasFeatures: true):
      self = .lacking(
        "The pictures or features of the notable posts were not found as they were scored; name their folders with "
          + "--images FOLDER and --features FOLDER.")
    }
  }
}
