import Evaluation
package import Results

/// The pages on a training run: the facts, the results and the curves.
///
/// The same data give the same bytes. The file has no creation date, since a run's files record none.
package struct TrainingDocument: Sendable {
  package var data: TrainingRunResults

  package init(_ data: TrainingRunResults) { self.data = data }

  /// Lays out the pages.
  package func pages(_ typesetter: Typesetter) -> [Document.Page] {
    let context = TrainingContext(data: data, typesetter: typesetter, width: PageFormat.body.width)
    var parts = DocumentBuilder(body: PageFormat.body, joins: true)
    parts.add(
      "Results",
      opening: [.opening("Training of \(DisplayText.line(data.name))", summary, typesetter, width: context.width)],
      sections: [
        TrainingWarningsBlock.pieces(context), TrainingFactsBlock.model(context), TrainingEpochsBlock.pieces(context),
        TeacherBlock.pieces(context),
        TrainingPicturesBlock.pieces(context), TrainingFactsBlock.making(context),
      ].filter { !$0.isEmpty })
    if data.epochs.contains(where: { $0.number > 0 }) {
      parts.add(
        "Curves", opening: [.title("Curves", typesetter, width: context.width)],
        sections: [TrainingCurvesBlock.pieces(context)]
      )
    }
    return parts.finish()
  }

  /// Draws the pages.
  ///
  /// - Returns: The PDF file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  package func pdf() throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    return try document(typesetter).pdf(typesetter)
  }

  /// Draws the pages as files of a kind.
  ///
  /// - Parameters:
  ///   - format: The file format.
  ///   - dpi: The resolution of a PNG in pixels per inch.
  /// - Returns: One file, or one file for each page.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  package func draw(as format: ReportFormat, dpi: Int) throws(ReportingError) -> DrawnReport {
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
      // The training history has no interval of macro F1, so only the table shows macro F1.
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

/// Everything that a training block needs for its layout.
struct TrainingContext {
  var data: TrainingRunResults
  var typesetter: Typesetter
  /// The text's width in points.
  var width: Double

  func heading(_ text: String) -> Piece { .heading(text, typesetter, width: width) }

  func note(_ text: String) -> Piece { .paragraph(text, .note, typesetter, width: width, gap: 5) }

  func remark(_ text: String) -> Piece { .remark(text, typesetter, width: width) }

  func table(_ columns: [Table.Column], _ rows: [Table.Row]) -> [Piece] {
    Table(columns: columns, rows: rows).pieces(typesetter, width: width)
  }
}

extension Format {
  /// A loss or a share with four decimals; a dash for nil.
  static func measure(_ value: Double?) -> String { value.map { decimal($0, 4) } ?? "–" }

  /// A difference with its sign.
  static func change(_ value: Double?) -> String {
    guard let value else { return "–" }
    let words = decimal(value, 4)
    return value > 0 && words != decimal(0, 4) && words != "–" ? "+" + words : words
  }
}

/// The facts on a trained model and its training.
enum TrainingFactsBlock {
  static func model(_ context: TrainingContext) -> [Piece] {
    [context.heading("The model")]
      + FactGrid(facts: context.data.model).pieces(context.typesetter, width: context.width)
  }

  static func making(_ context: TrainingContext) -> [Piece] {
    let facts = context.data.making
    guard !facts.isEmpty else { return [] }
    return [context.heading("How it was made")]
      + FactGrid(facts: facts, columns: 1).pieces(context.typesetter, width: context.width)
  }
}

/// Warnings on the training; empty without any.
enum TrainingWarningsBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    let warnings = context.data.warnings
    guard !warnings.isEmpty else { return [] }
    return [context.heading(warnings.count == 1 ? "Warning" : "Warnings")]
      + warnings.map { .paragraph($0, .body, context.typesetter, width: context.width, lines: 6, gap: 4) }
  }
}

/// The similarity of texts and pictures to the alignment teacher's vectors and to each other, before and after
/// training.
enum TeacherBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    let data = context.data
    let landmarks = data.landmarks.filter { $0.words != "first" }
    guard !landmarks.isEmpty else { return [] }
    let measures: [(String, KeyPath<TrainingRunResults.Measures, Double?>)] = [
      ("text and its teacher, cosine", \.textAlignment), ("picture and its teacher, cosine", \.imageAlignment),
      ("own picture minus another post's, cosine", \.pairing),
      ("own picture closer than another, share of cases", \.pairArea),
      ("squared distance of own pairs (alignment)", \.pairDistance),
      ("mean cosine of different texts", \.textSpace?.meanCosine),
      ("mean cosine of different pictures", \.imageSpace?.meanCosine),
      ("effective rank of texts", \.textSpace?.effectiveRank),
      ("effective rank of pictures", \.imageSpace?.effectiveRank),
      ("uniformity of texts", \.textSpace?.uniformity), ("uniformity of pictures", \.imageSpace?.uniformity),
    ]
    let known = measures.filter { measure in data.epochs.contains { $0.validation[keyPath: measure.1] != nil } }
    let heading = context.heading("Alignment before and after")
    let hasTeacher = known.contains { $0.1 == \.textAlignment || $0.1 == \.imageAlignment }
    let remark =
      hasTeacher
      ? nil
      : context.remark(
        data.alpha == 0
          ? "This model was trained without a teacher (alpha 0): texts and pictures were not aligned, and there are no "
            + "teacher's vectors to compare theirs with."
          : "No validation post has a teacher's vectors, so the similarity to the teacher was not measured.")
    guard !known.isEmpty else { return [heading] + (remark.map { [$0] } ?? []) }
    let columns =
      [Table.Column(name: "mean over the validation posts", alignment: .left, share: 1)]
      + landmarks.map { Table.Column(name: name($0), width: 82) } + [
        Table.Column(name: "gain at the best", width: 76)
      ]
    let first = landmarks.first?.epoch, best = data.best
    let rows = known.map { name, path in
      let before = first?.validation[keyPath: path], after = best?.validation[keyPath: path]
      let gain = before.flatMap { before in after.map { $0 - before } }
      return Table.Row(
        cells: [name] + landmarks.map { Format.measure($0.epoch.validation[keyPath: path]) }
          + [first?.number == best?.number ? "–" : Format.change(gain)])
    }
    var table = context.table(columns, rows)
    if remark != nil, !table.isEmpty { table[0].gap = 10 }
    return [heading] + (remark.map { [$0] } ?? []) + table + [context.note(words(data))]
  }

  private static func name(_ landmark: (words: String, epoch: TrainingRunResults.Epoch)) -> String {
    landmark.epoch.number == 0 ? landmark.words : "\(landmark.words), \(Format.count(landmark.epoch.number))"
  }

  private static func words(_ data: TrainingRunResults) -> String {
    guard data.epochs.contains(where: { $0.validation.textSpace != nil }) else {
      return "Cosines run from −1 to 1. The last row compares a text with its own picture and with the next post's: "
        + "above 0, a text is closer to its own."
    }
    return
      "Cosines run from −1 to 1. Own picture minus another post's compares with the next post's: above 0, a text is "
      + "closer to its own. The rows after it are of at most 1,000 posts. Share of cases: chance is 0.5. Effective "
      + "rank: in how many directions the vectors vary. Alignment (from 0, the best, to 4) and uniformity (from −8 to 0, "
      + "the worst) are those of Wang and Isola (2020)."
  }
}

/// The best epoch's results on the same posts with and without pictures.
enum TrainingPicturesBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    guard let seen = context.data.best?.validation, let blind = context.data.withoutPictures else { return [] }
    let names = ["accuracy", "macro F1", "weighted F1", "cross-entropy"]
    func values(_ measures: TrainingRunResults.Measures) -> [Double] {
      [measures.accuracy, measures.macroF1, measures.weightedF1, measures.loss]
    }
    let columns =
      [Table.Column(name: "the best epoch on the validation posts", alignment: .left, share: 1)]
      + names.map { Table.Column(name: $0, width: 66) }
    let rows = [
      Table.Row(cells: ["with pictures"] + values(seen).map(Format.measure)),
      Table.Row(cells: ["every picture hidden"] + values(blind).map(Format.measure)),
      Table.Row(
        cells: ["difference"] + zip(values(seen), values(blind)).map { Format.change($0 - $1) }, isBold: true,
        hasRule: true),
    ]
    return [context.heading("With and without pictures")] + answer(seen, blind, context) + context.table(columns, rows)
  }

  /// A sentence on both accuracies; empty if the number of posts is unknown.
  private static func answer(
    _ seen: TrainingRunResults.Measures, _ blind: TrainingRunResults.Measures, _ context: TrainingContext
  ) -> [Piece] {
    guard let posts = context.data.validationPosts, posts > 0 else { return [] }
    func share(_ measures: TrainingRunResults.Measures) -> Estimate {
      .share(min(max(Int((measures.accuracy * Double(posts)).rounded()), 0), posts), of: posts)
    }
    let words = Conclusion.hidden(with: share(seen), without: share(blind)).sentence
    return [
      .paragraph(words, .body, context.typesetter, width: context.width, lines: 3, gap: 2, staysWithNext: true)
    ]
  }
}
