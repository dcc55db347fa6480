import Bytes
import Evaluation
import Results

/// Texts against pictures in a sample: the cosines of own pairs and of other pairs, and the rank of each text's own
/// picture.
enum PairsBlock {
  private static let size = (width: 280.0, height: 148.0)

  static func density(_ context: BlockContext) -> [Piece] {
    guard let pairs = context.data.charts.pairs else {
      return context.data.outcome.alignment.overall.count > 0
        ? [noVectors(context)] : []
    }
    let ticks = ColourScale.cosine.ticks
    let chart = MirroredHistogram(
      x: PlotFrame.Axis(range: -1...1, ticks: ticks, title: "cosine of text and picture"),
      up: .init(counts: pairs.matched, colour: Palette.accent, mean: pairs.matchedMean),
      down: .init(counts: pairs.others, colour: Palette.quiet, mean: pairs.otherMean))
    let legend = SeriesLegend(
      figureNames: ["pairs", "mean"],
      entries: [
        .init(
          swatch: .bar(Palette.accent), name: "own picture, up",
          figures: [Format.count(pairs.posts), Format.decimal(pairs.matchedMean, 3)]),
        .init(
          swatch: .bar(Palette.quiet), name: "other pictures, down",
          figures: [Format.count(pairs.posts * (pairs.posts - 1)), Format.decimal(pairs.otherMean, 3)]),
      ])
    let typesetter = context.typesetter
    let panel = FigurePanel(size: size, legend: legend) { canvas, rect in chart.draw(canvas, rect, typesetter) }
    let words =
      "Cosines of texts with their own picture and with all other pictures, in a sample of "
      + "\(Format.count(pairs.posts)) posts with different pictures. Bars are shares, each side summing to 100 %; dashes are "
      + "means. The further the upper bars are to the right of the lower ones, the better text and picture are aligned."
    return [
      context.heading("Matching and other pairs")
    ] + context.answer(context.conclusions.gap) + [
      panel.piece(typesetter, width: context.width), context.note(words),
    ]
  }

  static func retrieval(_ context: BlockContext) -> [Piece] {
    guard let pairs = context.data.charts.pairs, let median = pairs.medianRank else {
      return context.data.outcome.alignment.overall.count > 0
        ? [noVectors(context)] : []
    }
    let n = pairs.posts
    let rows = [1, 5, 10].filter { $0 < n }.map { depth in
      let found = pairs.found(within: depth), interval = WilsonInterval(found, of: n)
      let chance = Double(depth) / Double(n)
      return IntervalChart.Row(
        name: depth == 1 ? "own picture first (recall@1)" : "among the first \(depth) (recall@\(depth))",
        panels: [
          [.init(value: Double(found) / Double(n), interval: (interval.low, interval.high), mark: chance)]
        ],
        figures: [["\(Format.share(found, of: n))   chance \(Format.share(depth, of: n))"]])
    }
    let chart = IntervalChart(panels: [.init("share of texts")], rows: rows, figureWidth: 116)
    let words =
      "Of \(Format.count(n)) posts with different pictures, chosen by the hash of their content, each text ranks all "
      + "\(Format.count(n)) pictures by cosine; in a tie, the own picture comes last. The own picture's median "
      + "rank is \(Format.decimal(median, median.rounded() == median ? 0 : 1)); chance: "
      + "\(Format.decimal(Double(n + 1) / 2, n.isMultiple(of: 2) ? 1 : 0)). Orange marks: chance. Whiskers: 95 % (Wilson)."
    return [context.heading("Rank of each text's own picture")] + context.answer(context.conclusions.ownFirst)
      + chart.pieces(context.typesetter, width: context.width)
      + context.key("Orange marks: chance. Whiskers: 95 % interval.")
      + [context.note(words), context.note(spread(pairs.geometry), gap: 2)]
  }

  /// A sentence on how the vectors are spread in the space.
  private static func spread(_ geometry: SpaceGeometry) -> String {
    func two(_ value: (SpaceGeometry.Side) -> Double, _ decimals: Int) -> String {
      "texts \(Format.decimal(value(geometry.texts), decimals)), pictures \(Format.decimal(value(geometry.pictures), decimals))"
    }
    return
      "The space: \(geometry.alignment.map { "alignment (mean squared distance of own pairs) \(Format.decimal($0, 3)); " } ?? "")"
      + "uniformity \(two(\.uniformity, 2)) (0: all alike, −4: spread evenly; both measures: Wang and Isola 2020); mean cosine "
      + "of two different \(two(\.meanCosine, 3)); effective rank (participation ratio) \(two(\.effectiveRank, 1)), of "
      + "\(Format.count(geometry.texts.dimensions, "dimension", "dimensions"))."
  }

  /// The remark in place of both charts.
  private static func noVectors(_ context: BlockContext) -> Piece {
    var piece = context.absent(
      "Matching and other pairs, and the rank of the own picture",
      (context.data.outcome.sliceCounts[.bothSides] ?? 0) < 2
        ? "fewer than two scored posts have both a text and a picture"
        : "the store holds no vectors of both text and picture of two posts with different pictures; "
          + "they are kept where posts are scored again with all embeddings")
    piece.onceAs = "no pairs"
    return piece
  }
}

/// The cosines of every text of a small sample with every picture of it; own pairs are on the diagonal.
package enum SampleBlock {
  /// The number of posts in the sample.
  package static let posts = SectionOption("posts", 2...60, standard: SampleQuery.size)

  static func pieces(_ context: BlockContext) -> [Piece] {
    let alignment = context.data.outcome.alignment
    guard let sample = alignment.sample?.reduced(to: context.options[posts]) else {
      guard alignment.overall.count > 0 else { return [] }
      guard alignment.overall.count > 1 else {
        return [
          context.heading("Every text with every picture"),
          context.note(
            "Only one post has both a text and a picture, so there is no other picture to compare its text with.",
            gap: 0),
        ]
      }
      return [
        context.heading("Every text with every picture"),
        context.remark(
          "The store holds no vectors of this scorer for both text and picture, so texts and pictures of different "
            + "posts cannot be compared. Score the posts again with all embeddings to keep them."),
      ]
    }
    let names = sample.items.map { DisplayText.line(context.redaction.key($0.key), limit: 40) }
    let labels = sample.items.indices.map { index in
      index > 0 && sample.items[index - 1].label == sample.items[index].label
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
      context.heading("Every text with every picture")
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
