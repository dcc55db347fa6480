import Bytes

/// Every text of a small sample against every picture of it; the diagonal is the alignment.
package enum SampleBlock {
  /// How many posts there are.
  package static let posts = SectionOption("posts", 2...60, standard: SampleQuery.size)

  static func pieces(_ context: BlockContext) -> [Piece] {
    let alignment = context.data.outcome.alignment
    guard let sample = alignment.sample?.reduced(to: context.options[posts]) else {
      guard alignment.overall.count > 0 else { return [] }
      guard alignment.overall.count > 1 else {
        return [
          context.heading("Every text against every picture"),
          context.note(
            "One post alone has a text and a picture, so there is no other picture to compare its text with.", gap: 0),
        ]
      }
      return [
        context.heading("Every text against every picture"),
        context.remark(
          "The store holds no vectors of this scorer for both text and picture, so texts and pictures of different "
            + "posts cannot be compared. Score again with clfa score … --embeddings all to keep them."),
      ]
    }
    let names = sample.items.map { DisplayText.line(context.redaction.key($0.key), limit: 40) }
    let labels = sample.items.indices.map { index in
      index > 0 && sample.items[index - 1].label.hasSameBytes(as: sample.items[index].label)
        ? "" : DisplayText.name(sample.items[index].label)
    }
    let cells = sample.cosines.enumerated().map { row, cosines in
      cosines.enumerated().map { column, cosine in
        MatrixChart.Cell(value: cosine, lines: row == column ? [Format.bare(cosine)] : [])
      }
    }
    var chart = MatrixChart(
      rowTitle: "text of post", columnTitle: "picture of post", rows: names, columns: names, rowNotes: labels,
      rowNoteTitle: "predicted",
      cells: cells, scale: .cosine, legendTitle: "cosine",
      outlined: sample.items.indices.map { ($0, $0) })
    chart.isNumbered = true
    chart.largestCell = (10.8, 10.8)
    return [
      context.heading("Every text against every picture")
    ] + context.answer(context.conclusions.ownFirst(of: sample)) + [
      chart.piece(context.typesetter, width: context.width), context.note(words(sample)),
    ]
  }

  private static func words(_ sample: PairSample) -> String {
    let count = sample.items.count
    var words =
      "A sample of \(count) posts, spread over the predicted labels and chosen by the hash of their content: "
    words +=
      "the same posts give the same sample. The outlined diagonal compares each text with its own picture"
    if let own = sample.ownMean { words += ", mean \(Format.decimal(own, 3))" }
    if let other = sample.otherMean { words += "; other pairs, mean \(Format.decimal(other, 3))" }
    return words + "."
  }
}
