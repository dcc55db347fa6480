import Bytes
import Evaluation
import Results

/// How often each label was predicted.
enum SharesBlock {
  /// The most labels with a bar of their own.
  static let labels = SectionOption("labels", 2...100, standard: 20)

  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    guard outcome.posts > 0 else {
      return [context.heading("Predicted labels"), context.remark("No post of this run was scored.")]
    }
    return estimated(context) + predicted(context)
  }

  /// The shares estimated from a labelled sample; nothing without one.
  private static func estimated(_ context: BlockContext) -> [Piece] {
    guard let shares = context.data.shares, let answer = context.conclusions.shares else { return [] }
    let heading = context.heading("Estimated shares")
    if case .fewLabels = answer { return [heading, context.remark(answer.sentence)] }
    let all = shares.whole.shares, limit = context.options[labels]
    let kept = Set(all.indices.sorted { (all[$1].value, $0) < (all[$0].value, $1) }.prefix(limit))
    // If only the sample leaves out reposts, the predictions were counted over other posts.
    let hasMarks = shares.whole.posts == context.data.outcome.posts
    let predicted = hasMarks ? context.data.outcome.shares : []
    let rows = kept.sorted().map { place in
      let share = all[place], count = predicted.first { $0.label == share.label }?.count
      let interval = share.interval.map {
        "   \(Format.percent($0.low, decimals: 1)) to \(Conclusion.percent($0.high))"
      }
      return IntervalChart.Row(
        name: DisplayText.name(share.label),
        panels: [
          [
            .init(
              value: share.value, interval: share.interval.map { ($0.low, $0.high) },
              mark: count.map { Double($0) / Double(context.data.outcome.posts) })
          ]
        ], figures: [[Conclusion.percent(share.value) + (interval ?? "")]])
    }
    var panel = IntervalChart.Panel("share, 95 % interval")
    panel.ticks = [0, 0.25, 0.5, 0.75, 1].map { ($0, Format.decimal($0 * 100, 0) + " %") }
    let chart = IntervalChart(panels: [panel], rows: rows, figureWidth: 116)
    return [heading] + context.answer(answer) + chart.pieces(context.typesetter, width: context.width)
      + context.key(
        "Whiskers: 95 % interval." + (hasMarks ? " Orange marks: shares of the predicted labels, not estimates." : ""))
      + [context.note(words(shares, further: all.count - kept.count, hasMarks: hasMarks))]
  }

  private static func words(_ shares: RunShares, further: Int, hasMarks: Bool) -> String {
    var words =
      "Prediction-powered shares: the mean probability of each label over all \(Format.count(shares.whole.posts)) posts, "
      + "corrected by the \(Format.count(shares.whole.labelled)) labelled posts of the sample "
      + "\(Conclusion.quoted(shares.drawn?.name ?? "")), as in clfa estimate."
    if hasMarks { words += " Orange marks: the shares of the predicted labels, which are not estimates." }
    if further > 0 { words += " \(Format.count(further, "rarer label is", "rarer labels are")) left out." }
    for notice in shares.wholeNotices { words += " \(notice.prefix(1).uppercased())\(notice.dropFirst())." }
    return words
  }

  /// How often each label was predicted.
  private static func predicted(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    let isSure = context.data.capabilities.tells(.confidence)
    var shares = outcome.shares
    var rest: BarChart.Bar?
    let limit = context.options[labels]
    if shares.count > limit {
      let kept = Set(
        shares.indices.sorted { (shares[$1].count, $0) < (shares[$0].count, $1) }.prefix(limit - 1))
      let others = shares.indices.filter { !kept.contains($0) }
      let count = others.reduce(0) { $0 + shares[$1].count }
      rest = BarChart.Bar(
        name: "other (\(others.count))", share: Double(count) / Double(outcome.posts),
        figures: [Format.count(count), Format.share(count, of: outcome.posts)] + (isSure ? ["–"] : []), isQuiet: true)
      shares = kept.sorted().map { shares[$0] }
    }
    let bars = shares.map { share in
      BarChart.Bar(
        name: DisplayText.name(share.label), share: Double(share.count) / Double(outcome.posts),
        figures: [Format.count(share.count), Format.share(share.count, of: outcome.posts)]
          + (isSure ? [share.meanConfidence.map { Format.decimal($0, 3) } ?? "–"] : []))
    }
    let chart = BarChart(
      figureNames: ["posts", "share"] + (isSure ? ["mean confidence"] : []), bars: bars + (rest.map { [$0] } ?? []))
    return [context.heading("Predicted labels")] + context.answer(context.conclusions.commonest)
      + chart.pieces(context.typesetter, width: context.width)
      + [context.note(remark(outcome, knowsPieces: context.data.capabilities.tells(.pieces)))]
  }

  private static func remark(_ outcome: Outcome, knowsPieces: Bool) -> String {
    var words = Format.count(outcome.posts, "scored post", "scored posts") + ", "
    words += "\(Format.count(outcome.sliceCounts[.bothSides] ?? 0)) with text and picture, "
    words += "\(Format.count(outcome.sliceCounts[.withoutPicture] ?? 0)) without picture"
    if outcome.withoutText > 0 {
      words += ", \(Format.count(outcome.withoutText)) with a picture and no text"
    }
    guard knowsPieces else { return words + "." }
    words += ". Text cut at the model's limit: \(Format.count(outcome.truncated, "post", "posts"))."
    if let share = outcome.meanUnknownShare {
      words += " Word pieces that the model does not know: \(Format.percent(share, decimals: 1)) % on average."
    }
    return words
  }
}
