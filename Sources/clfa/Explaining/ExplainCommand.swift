internal import Tensors
import ArgumentParser
import Bytes
import Explanation
import Models
import Queries
import Reporting
import Results
import Store

/// `clfa explain`: one post's prediction, the attention of its words, and the effect of each part.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain one post's label: the words' attention to the picture, and the effect of leaving out each part.",
    discussion: """
      Computes the post again with the model that scored it and draws a page. The page shows the picture with the \
      attention of all words and of the most influential words; the label's probability if a word, the text, the \
      picture, the knowledge or a feature stream is left out; and every word piece against every patch of the \
      picture, by attention and by cosine in the aligned space. The file's ending sets its format: .pdf, .png or \
      .svg.

      Without -o the probabilities are printed as rows; with --format json, all numbers of the page. If several \
      posts have the key, the last one that the run scored is used.

      EXAMPLE
        clfa explain posts.sqlite test-00002 --model MODEL -o why.pdf
        clfa explain posts.sqlite test-00002 --model MODEL
        clfa explain posts.sqlite test-00002 --model MODEL --format json
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: "The post's key: its id in the corpus.")
  var key: String

  @Option(
    help: ArgumentHelp("The folder of the model that scored the post.", valueName: "folder"), completion: .directory)
  var model: String

  @OptionGroup var files: ScoredFileOptions

  @OptionGroup var chosen: RunOptions

  @Option(
    help: ArgumentHelp(
      "auto, f32, bf16 or int8: the number format for matrix products. auto is the format of the run.",
      valueName: "name"))
  var precision: PrecisionFlag = .auto

  @Option(
    name: [.customShort("o"), .long],
    help: "The .pdf, .png or .svg file to write. Default: print rows on standard output.",
    completion: .file(extensions: ReportFormat.allCases.map(\.rawValue)))
  var output: String?

  @OptionGroup var format: FormatOption

  /// The kind of file, by the ending of its name.
  private static func kind(of file: String) -> ReportFormat? {
    ReportFormat.allCases.first { file.lowercased().hasSuffix("." + $0.rawValue) }
  }

  func validate() throws {
    guard let output else { return }
    guard format.format == nil else {
      throw ValidationError(
        "--format is for rows on standard output; leave it out with -o, where the ending of the name decides.")
    }
    guard let kind = Self.kind(of: output) else {
      throw ValidationError("-o takes a file whose name ends in .pdf, .png or .svg; \(output.printable) does not.")
    }
    try ReportFile.check(output, kind, flag: "-o")
  }

  func run() throws {
    try store.read { reader, shouldStop in
      let post = try reader.scoredPost(key, run: chosen.name)
      let folder = try ModelFolder.load(model)
      try folder.check(isScorer: post.scorer.modelName, fingerprint: post.scorer.fingerprint)
      if let asked = precision.asked { try folder.check(asked) }
      let task = try PostExplainer(
        folder: folder, scorer: post.scorer, precision: precision.asked, images: files.images, features: files.features)
      let explained = try task.explained(post, shouldStop)
      for notice in explained.notices { Console.line("notice: \(notice)") }
      if shouldStop() { throw StandardOutput.WriteError.interrupted }
      try write(explained)
    }
  }

  private func write(_ explained: ExplainedPost) throws {
    if let output, let kind = Self.kind(of: output) {
      try ReportFileWriter.write(try ExplanationReport(explained, version: Version.number).draw(kind), to: output)
    } else if format.format == .json {
      let output = StandardOutput()
      do {
        try output.write(explained.json)
        try output.flush()
      } catch StandardOutput.WriteError.closed {}
    } else {
      try format.print(OcclusionTable.columns, OcclusionTable.rows(explained))
    }
  }
}

extension ExplainedPost {
  /// Notices about the numbers.
  var notices: [String] {
    var notices: [String] = []
    if post.versions > 1 {
      notices.append(
        "\(post.versions) posts of run \(post.run) have the key \(post.key); this is the last, \(post.file):\(post.line)"
      )
    }
    switch pictureStatus {
    case .lacking(let reason), .thumbnail(_, let reason):
      let isInCorpus = reason.utf8.starts(with: "data:".utf8)
      notices.append(
        "\(reason); without its picture the post cannot be computed again, so only the stored values are shown"
          + (isInCorpus ? "" : " (--images names the folder of pictures)"))
    case .none, .picture: break
    }
    if let reason = lackingFeatures {
      notices.append(
        "\(reason); without its features the post cannot be computed again, so only the stored values are shown "
          + "(--features names the folder of the files)")
    }
    guard let explanation, let difference = largestDifference else { return notices }
    if explanation.learntWithoutPicture == false, explanation.occlusions.contains(where: { $0.part == .picture }) {
      notices.append(
        "the model \"\(post.scorer.modelName.printable)\" was never trained on a post without a picture, so its prediction "
          + "without this one is unreliable"
      )
    }
    if isOtherPrecision {
      notices.append(
        "computed in \(explanation.precision.rawValue); the stored values were computed in \(post.scorer.precision)"
          + (Precision(rawValue: post.scorer.precision)?.isSupported == true
            ? "" : ", which this processor has no instructions for"))
    }
    if difference > 0 {
      notices.append(
        "probabilities differ from the stored ones by up to \(difference)"
          + (isOtherPrecision ? "" : "; they were computed on another machine"))
    }
    return notices
  }
}
