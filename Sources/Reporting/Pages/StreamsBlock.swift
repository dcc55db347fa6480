import Evaluation

/// How posts with features in a stream fare beside those without, and how near their text stands to them.
enum StreamsBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let streams = context.data.charts.streams
    guard !streams.isEmpty else { return [] }
    let rows = streams.flatMap { stream in
      [
        row("\(DisplayText.name(stream.name)): posts with it", stream.with, stream.pairs),
        row("posts without", stream.without, nil),
      ]
    }
    let chart = IntervalChart(
      panels: [
        .init("accuracy", line: context.data.outcome.evaluation[.all]?.metrics.accuracy.value),
        .init("cosine", -1...1),
      ], rows: rows, nameTitle: "stream", noteTitle: "labelled / scored", noteWidth: 78, figureWidth: 60)
    return [context.heading("Streams of features")] + context.conclusions.streams.flatMap { context.answer($0) }
      + chart.pieces(context.typesetter, width: context.width)
      + [context.note(words(streams))]
  }

  private static func row(_ name: String, _ tally: StreamFacts.Tally, _ pairs: PairRanks?) -> IntervalChart.Row {
    let note = "\(Format.count(tally.labelled)) / \(Format.count(tally.posts))"
    let share = tally.labelled > 0 ? Double(tally.right) / Double(tally.labelled) : nil
    let wilson = WilsonInterval(tally.right, of: max(tally.labelled, 1))
    return IntervalChart.Row(
      name: name, note: note, isQuiet: tally.posts == 0,
      panels: [
        share.map { [.init(value: $0, interval: (wilson.low, wilson.high))] } ?? [],
        pairs.map { [.init(value: $0.matchedMean, mark: $0.posts > 1 ? $0.otherMean : nil)] } ?? [],
      ],
      figures: [
        [share.map { Format.decimal($0, 3) } ?? "–"],
        [pairs.map { "\(Format.decimal($0.matchedMean, 3)) of \(Format.count($0.posts))" } ?? "–"],
      ])
  }

  private static func words(_ streams: [StreamFacts]) -> String {
    var words = "Posts with a true label over scored posts. Whiskers: 95 % (Wilson). Dashes: all posts. "
    words +=
      "Posts with and without differ in more than the stream; what it buys is said by the same posts scored by a "
    words += "model without it."
    let compared = streams.filter { $0.pairs != nil }
    if compared.isEmpty {
      words += " The store has no vectors of the streams; score again with clfa score … --redo --embeddings all."
    } else {
      words +=
        " Cosine: the mean over a sample of a post's text vector and its vector in the stream; the mark is the mean "
      words += "with other posts' features."
      for stream in compared {
        guard let rank = stream.pairs?.medianRank, let posts = stream.pairs?.posts, posts > 1 else { continue }
        words += " Half of the texts have their own \(DisplayText.name(stream.name)) among the nearest "
        words += "\(Format.count(Int(rank.rounded(.up)))) of \(Format.count(posts))."
      }
    }
    return words
  }
}
