import Evaluation

/// What the best epoch makes of the same posts with their pictures and without.
enum PicturesBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    guard let seen = context.data.best?.validation, let blind = context.data.withoutPictures else { return [] }
    let names = ["accuracy", "macro F1", "weighted F1", "cross-entropy"]
    func values(_ measures: TrainingData.Measures) -> [Double] {
      [measures.accuracy, measures.macroF1, measures.weightedF1, measures.loss]
    }
    let columns =
      [Table.Column(name: "the best epoch on the posts to validate with", alignment: .left, share: 1)]
      + names.map { Table.Column(name: $0, width: 66) }
    let rows = [
      Table.Row(cells: ["with pictures"] + values(seen).map(Format.measure)),
      Table.Row(cells: ["every picture hidden"] + values(blind).map(Format.measure)),
      Table.Row(
        cells: ["what pictures change"] + zip(values(seen), values(blind)).map { Format.change($0 - $1) }, isBold: true,
        hasRule: true),
    ]
    return [context.heading("With and without pictures")] + answer(seen, blind, context) + context.table(columns, rows)
  }

  /// How right both are, where it is known of how many posts.
  private static func answer(
    _ seen: TrainingData.Measures, _ blind: TrainingData.Measures, _ context: TrainingContext
  ) -> [Piece] {
    guard let posts = context.data.validationPosts, posts > 0 else { return [] }
    func share(_ measures: TrainingData.Measures) -> Estimate {
      .share(min(max(Int((measures.accuracy * Double(posts)).rounded()), 0), posts), of: posts)
    }
    let words = Conclusion.hidden(with: share(seen), without: share(blind)).sentence
    return [
      .paragraph(words, .body, context.typesetter, width: context.width, lines: 3, gap: 2, staysWithNext: true)
    ]
  }
}
