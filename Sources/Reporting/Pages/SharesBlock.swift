import Evaluation

/// How often each label was predicted.
enum SharesBlock {
  /// The most labels with a bar of their own.
  static let labels = SectionOption("labels", 2...100, standard: 20)

  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    guard outcome.posts > 0 else {
      return [context.heading("Predicted labels"), context.remark("No post of this run was scored.")]
    }
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
      words += " Word pieces the model does not know: \(Format.percent(share, decimals: 1)) % on average."
    }
    return words
  }
}
