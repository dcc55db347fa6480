import Results

/// A map of a sample of posts on the first two principal components of the fused space.
enum MapBlock {
  private static let width = 310.0

  static func pieces(_ context: BlockContext) -> [Piece] {
    guard let map = context.data.charts.map else {
      return context.data.outcome.posts == 0
        ? []
        : [
          context.absent(
            "Map of the posts",
            context.data.outcome.posts == 1
              ? "a map needs at least two posts"
              : context.data.capabilities.isImported
                ? context.data.capabilities.reason(.fusedVectors)
                : "the store holds no fused vectors of two posts; they are kept where posts are scored again with all embeddings"
          )
        ]
    }
    guard !map.shares.isEmpty else {
      return [
        context.absent("Map of the posts", "all \(Format.count(map.posts.count)) vectors of the sample are the same")
      ]
    }
    let shown = shown(map)
    // Draw posts without a colour of their own below the others.
    let others = map.posts.filter { !shown.contains($0.label) },
      coloured = map.posts.filter { shown.contains($0.label) }
    let chart = ScatterChart(
      marks: (others + coloured).map { post in
        .init(
          x: post.x, y: post.y, colour: SeriesStyle.of(shown.firstIndex(of: post.label) ?? SeriesStyle.count).colour,
          isCross: post.isWrong == true)
      }, xTitle: title("first", map.shares.first), yTitle: title("second", map.shares.count > 1 ? map.shares[1] : nil),
      shortTitles: (short("1", map.shares.first), short("2", map.shares.count > 1 ? map.shares[1] : nil)))
    let typesetter = context.typesetter
    let panel = FigurePanel(size: chart.size(width: width), legend: legend(map, shown)) { canvas, rect in
      chart.draw(canvas, rect, typesetter)
    }
    return [
      context.heading("Map of the posts")
    ] + context.answer(context.conclusions.neighbours) + [
      panel.piece(typesetter, width: context.width), context.note(words(map)),
    ]
  }

  /// The labels with a colour of their own: the most frequent ones of the sample, in the model's order.
  private static func shown(_ map: PrincipalComponentMap) -> [Int] {
    let counts = map.posts.reduce(into: [Int: Int]()) { $0[$1.label, default: 0] += 1 }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    return order.prefix(SeriesStyle.count).sorted()
  }

  private static func legend(_ map: PrincipalComponentMap, _ shown: [Int]) -> SeriesLegend {
    let hasTruth = map.posts.contains { $0.isWrong != nil }
    func figures(_ isOf: (PrincipalComponentMap.Post) -> Bool) -> [String] {
      let posts = map.posts.filter(isOf), wrong = posts.count { $0.isWrong == true }
      return [Format.count(posts.count)] + (hasTruth ? [Format.count(wrong)] : [])
    }
    var entries = shown.enumerated().map { place, label in
      SeriesLegend.Entry(
        swatch: .dot(SeriesStyle.of(place).colour), name: DisplayText.name(map.labels[label]),
        figures: figures { $0.label == label })
    }
    let others = Set(map.posts.map(\.label)).subtracting(shown)
    if !others.isEmpty {
      entries.append(
        .init(
          swatch: .dot(SeriesStyle.of(SeriesStyle.count).colour), name: "other (\(others.count))",
          figures: figures { others.contains($0.label) }))
    }
    if hasTruth { entries.append(.init(swatch: .cross(Palette.ink), name: "a wrong prediction", figures: [])) }
    return SeriesLegend(figureNames: hasTruth ? ["posts", "wrong"] : ["posts"], entries: entries)
  }

  private static func title(_ name: String, _ share: Double?) -> String {
    "\(name) principal axis" + (share.map { ", \(Format.percent($0, decimals: 1)) % of the variance" } ?? "")
  }

  private static func short(_ number: String, _ share: Double?) -> String {
    "axis \(number)" + (share.map { ", \(Format.percent($0, decimals: 0)) %" } ?? "")
  }

  private static func words(_ map: PrincipalComponentMap) -> String {
    let hasTruth = map.posts.contains { $0.isWrong != nil }
    let share = map.shares.reduce(0, +)
    var words =
      "Each mark is a post: the \(Format.count(map.width)) numbers that the model's head reads, on the two axes along "
    words +=
      "which they vary most (principal components), with \(Format.percent(share, decimals: 1)) % of the variance. "
    words +=
      "\(Format.count(map.posts.count)) posts, chosen by the hash of their content. Both axes have the same scale. "
    words += "Colours are "
    words +=
      hasTruth
      ? "true labels, or predicted labels if the true one is unknown; crosses are wrong predictions."
      : "predicted labels."
    return words
  }
}
