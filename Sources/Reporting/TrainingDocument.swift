import Evaluation

/// The pages on how a model was trained: what it is, what came of it, and the curves.
///
/// The same data give the same bytes. The file bears no date of its own, since a run's files know none.
public struct TrainingDocument: Sendable {
  /// What the pages say.
  public var data: TrainingData

  /// Pages on a run.
  public init(_ data: TrainingData) { self.data = data }

  /// Lays the pages out.
  package func pages(_ typesetter: Typesetter) -> [Document.Page] {
    let context = TrainingContext(data: data, typesetter: typesetter, width: PageFormat.body.width)
    var parts = DocumentParts(body: PageFormat.body, joins: true)
    parts.add(
      "Results",
      opening: [.opening("Training of \(DisplayText.line(data.name))", summary, typesetter, width: context.width)],
      sections: [
        TrainingFactsBlock.model(context), EpochsBlock.pieces(context), TeacherBlock.pieces(context),
        PicturesBlock.pieces(context), TrainingFactsBlock.making(context),
      ].filter { !$0.isEmpty })
    if data.epochs.contains(where: { $0.number > 0 }) {
      parts.add(
        "Curves", opening: [.title("Curves", typesetter, width: context.width)], sections: [CurvesBlock.pieces(context)]
      )
    }
    return parts.finish()
  }

  /// Draws the pages.
  ///
  /// - Returns: The PDF file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  public func pdf() throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    return try document(typesetter).pdf(typesetter)
  }

  /// Draws the pages as files of a kind.
  ///
  /// - Parameters:
  ///   - format: The kind.
  ///   - dpi: Pixels an inch of a PNG.
  /// - Returns: One file, or a file a page.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  public func draw(as format: ReportFormat, dpi: Int) throws(ReportingError) -> DrawnReport {
    let typesetter = try Typesetter()
    return try document(typesetter).draw(typesetter, as: format, dpi: dpi)
  }

  private func document(_ typesetter: Typesetter) -> Document {
    Document(
      title: "Training of \(DisplayText.line(data.name))", created: "",
      header: "Model \(DisplayText.line(data.name))", footer: summary,
      pages: pages(typesetter))
  }

  private var summary: String {
    let done = data.epochs.map(\.number).max() ?? 0
    var words = [Format.count(done, "epoch", "epochs")]
    if let steps = data.epochs.map(\.steps).max() { words.append(Format.count(steps, "step", "steps")) }
    if let best = data.best {
      words.append("best: epoch \(Format.count(best.number))")
      // Of macro F1 a history keeps no interval: it stands in the table.
      if let posts = data.validationPosts, posts > 0 {
        let right = min(max(Int((best.validation.accuracy * Double(posts)).rounded()), 0), posts)
        let accuracy = Estimate.share(right, of: posts)
        words.append(
          "accuracy \(Format.decimal(accuracy.value, 3)) on \(Format.count(posts, "post", "posts")), 95 % interval "
            + "\(Format.decimal(accuracy.low, 3)) to \(Format.decimal(accuracy.high, 3))")
      }
    }
    return words.joined(separator: "  ·  ")
  }
}
