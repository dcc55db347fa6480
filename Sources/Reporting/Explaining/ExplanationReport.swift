import Bytes
package import Explanation
import Models
import Results

/// The explanation of one post: the picture, the attention of its words, and the prediction without each part.
///
/// The same post, model and picture give the same bytes, whatever the time, user, locale or number of threads.
package struct ExplanationReport: Sendable {
  private let post: ExplainedPost
  private let version: String
  /// The resolution of a PNG in pixels per inch.
  private static let dpi = 144
  private static let margin = 40.0

  /// - Parameters:
  ///   - post: the post with its explanation.
  ///   - version: the version of the program.
  package init(_ post: ExplainedPost, version: String) { (self.post, self.version) = (post, version) }

  /// Draws the report: a PDF on A4 pages; a PNG (144 pixels per inch) or an SVG as one page of any length.
  ///
  /// - Returns: The file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  package func draw(_ format: ReportFormat) throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    switch format {
    case .pdf:
      var paginator = Paginator(body: PageFormat.body)
      paginator.add(pieces(typesetter))
      return try Document(
        title: title, created: post.post.scoredAt, header: "Post \(post.post.key)", footer: footer,
        pages: Document.pages("Explanation", paginator)
      ).pdf(typesetter)
    case .png: return try page(typesetter) { size throws(ReportingError) in try PageCanvas(png: size, dpi: Self.dpi) }
    case .svg: return try page(typesetter) { size throws(ReportingError) in try PageCanvas(svg: size) }
    }
  }

  /// Draws one page, as long as necessary.
  private func page(
    _ typesetter: Typesetter, _ canvas: (PageSize) throws(ReportingError) -> PageCanvas
  ) throws(ReportingError) -> [UInt8] {
    let body = PageFormat.body
    var paginator = Paginator(body: Rect(x: body.x, y: Self.margin, width: body.width, height: 20_000))
    paginator.add(pieces(typesetter) + [.paragraph(footer, .tiny, typesetter, width: body.width, lines: 2, gap: 16)])
    let placed = paginator.finish().flatMap { $0 }
    let height = (placed.map(\.rect.maxY).max() ?? 0) + Self.margin
    let canvas = try canvas(PageSize(width: PageFormat.width, height: height))
    for piece in placed { piece.piece.draw(canvas, piece.rect) }
    canvas.endPage()
    return SVGIdentifiers.settled(try canvas.finish())
  }

  /// All pieces in order.
  package func pieces(_ typesetter: Typesetter) -> [Piece] {
    let width = PageFormat.body.width
    var pieces = [Piece.opening(title, summary, typesetter, width: width)]
    pieces += ExplanationFacts(post: post, typesetter: typesetter, width: width).pieces()
    pieces += PictureAttentionSection(post: post, typesetter: typesetter, width: width).pieces()
    guard let explanation = post.explanation else { return pieces }
    pieces += OcclusionSection(explanation: explanation, typesetter: typesetter, width: width).pieces()
    pieces += PatchHeatmapSection(explanation: explanation, typesetter: typesetter, width: width).pieces()
    for stream in explanation.streams {
      pieces +=
        StreamHeatmapSection(stream: stream, explanation: explanation, typesetter: typesetter, width: width).pieces()
    }
    return pieces
  }

  private var title: String {
    let confidence = Format.percent(post.post.confidence, decimals: 1)
    return
      "\(DisplayText.line(post.post.key, limit: 40)): \(DisplayText.line(post.post.label.text, limit: 40)), \(confidence) %"
  }

  private var summary: String {
    let post = post.post
    var words = [
      "run \(DisplayText.line(post.run.text, limit: 40))", "\(DisplayText.line(post.file, limit: 40)):\(post.line)",
    ]
    if let truth = post.truth {
      let isRight = truth == post.label
      words.append(
        isRight
          ? "right: the true label is the same" : "wrong: the true label is \(DisplayText.line(truth.text, limit: 40))"
      )
    }
    if post.versions > 1 { words.append("the last of \(post.versions) posts with this key") }
    return words.joined(separator: "  ·  ")
  }

  private var footer: String {
    let scorer = post.post.scorer
    return
      "\(DisplayText.line(scorer.modelName, limit: 60)) · \(scorer.precision) · \(scorer.fingerprint.prefix(12)) · "
      + "clfa \(version)"
  }
}

/// The post's text and the facts on its prediction.
struct ExplanationFacts {
  var post: ExplainedPost
  var typesetter: Typesetter
  var width: Double

  private static let maximumLabels = 6

  func pieces() -> [Piece] {
    let isEmpty = post.post.text.utf8.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let text = isEmpty ? "(no text)" : post.post.text
    let words = Piece.paragraph(
      text, isEmpty ? .body.colour(Palette.muted) : .body.size(10), typesetter, width: width, lines: 6, gap: 4)
    return [words]
      + FactGrid(facts: facts, nameWidth: 74).pieces(typesetter, width: width).enumerated().map {
        var piece = $1
        piece.gap = $0 == 0 ? 8 : 0
        return piece
      }
  }

  private var facts: [Fact] {
    let stored = post.post
    var facts = [
      Fact(name: "Labels", value: labels), Fact(name: "Text and picture", value: similarity),
      Fact(name: "Pieces", value: spelling), Fact(name: "Computed", value: computed),
    ]
    if let explanation = post.explanation {
      facts.append(Fact(name: "Aggregation", value: aggregation(explanation)))
      facts.append(Fact(name: "Alignment", value: alignment(explanation.alignment)))
    }
    if !stored.knowledge.isEmpty { facts.append(Fact(name: "Knowledge", value: stored.knowledge)) }
    if let image = stored.image { facts.append(Fact(name: "Picture", value: image)) }
    return facts
  }

  /// The labels with their probabilities, the most likely first.
  private var labels: String {
    let sorted = post.post.probabilities.enumerated().sorted {
      ($1.element.value, $0.offset) < ($0.element.value, $1.offset)
    }
    let shown = sorted.prefix(Self.maximumLabels).map {
      "\(DisplayText.line($0.element.label.text, limit: 30)) \(Format.percent($0.element.value, decimals: 1)) %"
    }
    return shown.joined(separator: " · ") + (sorted.count > Self.maximumLabels ? " · …" : "")
  }

  private var similarity: String {
    guard let cosine = post.post.textImageSimilarity else { return "no picture, no cosine" }
    return "cosine \(Format.decimal(cosine, 3)), from −1 to 1"
  }

  private var spelling: String {
    let stored = post.post
    var words: [String] = []
    if let explanation = post.explanation {
      let count = explanation.pieces.count - 2
      words.append(
        "\(Format.count(count, "piece", "pieces")) of \(Format.count(explanation.words.count, "word", "words"))")
    }
    if stored.unknownShare > 0 { words.append("\(Format.percent(stored.unknownShare, decimals: 0)) % unknown") }
    words.append(stored.truncated > 0 ? "\(Format.count(stored.truncated)) cut off" : "none cut off")
    return words.joined(separator: ", ")
  }

  private var computed: String {
    guard let explanation = post.explanation, let difference = post.largestDifference else { return "not again" }
    let precision = explanation.precision.rawValue
    let scorer = post.isOtherPrecision ? " (stored: \(post.post.scorer.precision))" : ""
    guard difference > 0 else { return "again in \(precision)\(scorer), equal to the stored answer" }
    let words = difference < 0.00005 ? "less than 0.0001" : "up to \(Format.decimal(difference, 4))"
    return "again in \(precision)\(scorer); probabilities differ from the stored ones by \(words)"
  }

  private func aggregation(_ explanation: Explanation) -> String {
    guard case .attention(let layers) = explanation.looking else { return explanation.aggregation.rawValue }
    return "\(explanation.aggregation.rawValue), \(Format.count(layers.count, "layer", "layers"))"
  }

  private func alignment(_ alignment: AlignmentTraining) -> String {
    switch alignment {
    case .aligned(let alpha): "trained with it, alpha \(alpha)"
    case .none: "trained without alignment (alpha 0)"
    case .unrecorded: "not recorded in the model's config.json"
    }
  }
}
