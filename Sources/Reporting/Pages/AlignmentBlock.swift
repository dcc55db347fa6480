import Evaluation
import Results

/// Mean similarity of text and picture by true and predicted label.
enum AlignmentBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    let alignment = outcome.alignment
    let heading = context.heading("Similarity of text and picture, by label")
    guard let mean = alignment.overall.value, let part = outcome.evaluation[.all] else {
      return [heading, noSimilarity(context)]
    }
    let pooled = MatrixPooling(part.matrix)
    var rows: [String] = []
    var means: [[Alignment.Mean]] = []
    if outcome.labelled > 0 {
      rows = pooled.rows
      means = pool(alignment.byTruth, pooled.rowPlaces, rows.count, pooled)
    }
    rows.append("all posts")
    means += pool([alignment.byPredicted], [0], 1, pooled)
    var chart = MatrixChart(
      rowTitle: outcome.labelled > 0 ? "true label" : "", columnTitle: "predicted label", rows: rows,
      columns: pooled.columns,
      rowNotes: means.map { row in Format.count(row.reduce(0) { $0 + $1.count }) }, rowNoteTitle: "posts",
      cells: cells(means), scale: .cosine, legendTitle: "mean cosine",
      outlined: outcome.labelled > 0 ? pooled.diagonal.map { ($0.row, $0.column) } : [])
    chart.largestCell = (96, 34)
    var words =
      "The cosine of a post's text vector and picture vector in the model's shared space, from −1 to 1; mean "
    words +=
      "over the \(Format.count(alignment.overall.count)) posts with a picture: \(Format.decimal(mean, 3))."
    if outcome.labelled == 0 { words += " Once posts have true labels, each has a row." }
    return [heading] + context.answer(context.conclusions.similarity)
      + [chart.piece(context.typesetter, width: context.width), context.note(words)]
      + (outcome.labelled == 0 ? [context.noTruth] : [])
  }

  private static func cells(_ means: [[Alignment.Mean]]) -> [[MatrixChart.Cell]] {
    let small = max(means.count, means.first?.count ?? 0) > 10
    return means.map { row in
      row.map { mean in
        MatrixChart.Cell(
          value: mean.value,
          lines: mean.value.map { value in
            small
              ? [Format.bare(value)]
              : [
                Format.decimal(value, 3), "\(Format.count(mean.count)) \(mean.count == 1 ? "post" : "posts")",
              ]
          } ?? [], short: mean.value.map(Format.bare))
      }
    }
  }

  private static func pool(
    _ means: [[Alignment.Mean]], _ places: [Int], _ count: Int, _ pooled: MatrixPooling
  ) -> [[Alignment.Mean]] {
    var result = Array(
      repeating: Array(repeating: Alignment.Mean(), count: pooled.columns.count), count: count)
    for (row, line) in means.enumerated() {
      for (column, mean) in line.enumerated() {
        result[places[row]][pooled.columnPlaces[column]].add(mean)
      }
    }
    return result
  }

  private static func noSimilarity(_ context: BlockContext) -> Piece {
    let outcome = context.data.outcome
    let pairs = outcome.sliceCounts[.bothSides] ?? 0
    let words =
      if outcome.posts == 0 {
        "No post of this run was scored, so there is nothing to compare."
      } else if context.data.capabilities.isImported {
        "There is no similarity of text and picture, since \(context.data.capabilities.reason(.similarity))."
      } else if pairs == 0 {
        "No scored post of this run has both a text and a picture, so there is no similarity. Name the "
          + "folder of pictures when scoring; clfa query STORE coverage says what is missing."
      } else {
        "\(Format.count(pairs)) scored posts have a text and a picture, but the store holds no similarity and no vectors "
          + "for them. Score the posts again with all embeddings to get both."
      }
    return context.remark(words, onceAs: "no similarity")
  }
}

extension Format {
  /// A cosine with two decimals and no leading 0, for small cells: `.31`.
  static func bare(_ value: Double) -> String {
    let words = decimal(value, 2)
    if words.hasPrefix("0.") { return String(words.dropFirst()) }
    if words.hasPrefix("−0.") { return "−" + words.dropFirst(2) }
    return words
  }
}

/// A histogram of the posts' similarities.
enum SimilarityBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let alignment = context.data.outcome.alignment
    guard alignment.overall.count > 0 else { return [] }
    return [
      context.heading("Distribution of similarities")
    ] + context.answer(context.conclusions.sameWay) + [
      Histogram(counts: alignment.histogram, mean: alignment.overall.value)
        .piece(context.typesetter, width: context.width),
      context.note("Posts whose text and picture disagree most: clfa query STORE unaligned.", gap: 2),
    ]
  }
}
