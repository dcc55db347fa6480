/// The distribution of the posts' similarities.
enum SimilarityBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let alignment = context.data.outcome.alignment
    guard alignment.overall.count > 0 else { return [] }
    return [
      context.heading("How similarities are spread")
    ] + context.answer(context.conclusions.sameWay) + [
      Histogram(counts: alignment.histogram, mean: alignment.overall.value)
        .piece(context.typesetter, width: context.width),
      context.note("Posts whose text and picture disagree most: clfa query STORE unaligned.", gap: 2),
    ]
  }
}
