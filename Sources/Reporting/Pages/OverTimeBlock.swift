package import Bytes
import Evaluation
package import Results

/// Each label's share by month: estimated from a labelled sample, with bands, or else the predictions counted.
package enum OverTimeBlock {
  /// The most labels with a chart.
  package static let limit = 6
  private static let gap = 20.0
  /// The width in points from which two charts are side by side.
  private static let beside = 340.0

  static func pieces(_ context: BlockContext) -> [Piece] {
    guard let months = context.data.months else { return [] }
    guard months.months.count > 1 else {
      return [
        context.absent(
          ReportBlock.overTime.subject,
          months.months.first.map { "all posts with a date are of \($0.name)" } ?? "no post has a date that can be read"
        )
      ]
    }
    let labels = labels(context.data), charts = charts(context.data)
    let (columns, width) =
      context.width >= beside ? (2, (context.width - gap) / 2) : (1, context.width)
    let frame = frame(charts, months, width: width, isFixed: context.isFigure)
    let rows = stride(from: 0, to: charts.count, by: columns).map { first in
      BandChart.row(
        charts[first..<min(first + columns, charts.count)], frame, context.typesetter, width: width, gap: gap)
    }
    let isEstimated = charts.contains { !$0.samples.isEmpty }
    return [context.heading("Shares over time")] + context.answer(context.conclusions.months(labels)) + rows
      + context.key(key(isEstimated: isEstimated))
      + [context.note(words(context.data, months, charts))]
  }

  /// The labels with a chart: the positive one, or else those with the most predictions, in the model's order.
  package static func labels(_ data: ReportData) -> [ByteText] {
    if let positive = data.outcome.positive { return [positive] }
    let shares = data.outcome.shares
    return shares.indices.sorted { (shares[$1].count, $0) < (shares[$0].count, $1) }.prefix(limit).sorted()
      .map { shares[$0].label }
  }

  /// A chart for each label; the positions are the months' numbers.
  package static func charts(_ data: ReportData) -> [BandChart] {
    let months = data.months?.months ?? []
    return labels(data).map { label in
      BandChart(
        title: DisplayText.name(label),
        samples: months.compactMap { month in
          guard let share = month.shares.first(where: { $0.label == label }), let interval = share.interval else {
            return nil
          }
          return BandChart.Sample(
            x: month.number, value: share.value, low: interval.low, high: interval.high,
            isRough: month.labelled < SliceTable.few)
        },
        values: months.map {
          BandChart.Value(x: $0.number, value: Double($0.predicted[label] ?? 0) / Double(max($0.posts, 1)))
        })
    }
  }

  /// The axes of all charts; fixed in a figure, so that figures can be compared.
  private static func frame(
    _ charts: [BandChart], _ months: MonthlyShares, width: Double, isFixed: Bool
  ) -> PlotFrame {
    let most = charts.flatMap { $0.samples.map(\.high) + $0.values.map(\.value) }.max() ?? 1
    let numbers = months.months.map(\.number)
    let (first, last) = (numbers.first ?? 0, numbers.last ?? 1)
    var y = PlotFrame.Axis.shares(to: isFixed ? 1 : max(most, 0.001), "share of the month's posts", about: 5)
    y.shortTitle = "share"
    if y.range.upperBound > 1 { y.range = 0...1 }
    y.ticks.removeAll { $0.value > 1 }
    let step = step(from: first, to: last, labels: max(Int(width / 45), 1))
    return PlotFrame(
      x: PlotFrame.Axis(
        range: Double(first) - 0.3...Double(last) + 0.3,
        ticks: (first...last).filter { $0 % step == 0 }.map {
          (Double($0), step % 12 == 0 ? String(MonthlyShares.Month.name($0).prefix(4)) : MonthlyShares.Month.name($0))
        }, title: ""),
      y: y)
  }

  /// The number of months between two marks: a part of a year or whole years.
  package static func step(from first: Int, to last: Int, labels: Int) -> Int {
    let steps = [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200]
    return steps.first { (last - first) / $0 < labels } ?? 12_000
  }

  private static func key(isEstimated: Bool) -> String {
    isEstimated
      ? "Blue: estimated share with its 95 % interval; hollow: fewer than \(SliceTable.few) labelled posts. Dashes: predicted labels."
      : "Dashes: shares of the predicted labels, not estimates."
  }

  private static func words(_ data: ReportData, _ months: MonthlyShares, _ charts: [BandChart]) -> String {
    var words = ""
    if let shares = data.shares, charts.contains(where: { !$0.samples.isEmpty }) {
      words +=
        "Blue: prediction-powered share of the month's posts with its 95 % interval, from the labelled posts of the "
        + "\(shares.drawn?.design ?? "") sample \(Conclusion.quoted(shares.drawn?.name ?? "")), as in "
        + "clfa estimate --by month. Dashes: the share of the predicted labels, which is not an estimate."
      if months.months.contains(where: { (1..<SliceTable.few).contains($0.labelled) }) {
        words += " Hollow marks: fewer than \(SliceTable.few) labelled posts, so the interval is rough."
      }
      if months.months.contains(where: { $0.shares.isEmpty }) {
        words += " Months with fewer than \(MonthlyShares.leastLabels) labelled posts have no estimate."
      }
    } else {
      words += "Dashes: the share of the predicted labels in each month. " + lack(data, months)
    }
    if months.reposts != nil { words += " One post of each group of reposts counts." }
    if months.undated > 0 {
      words += " \(Format.count(months.undated, "post without a date is", "posts without a date are")) left out."
    }
    let further = data.outcome.labels.count - charts.count
    if further > 0 {
      words +=
        data.outcome.positive == nil
        ? " The \(charts.count) most common of \(Format.count(data.outcome.labels.count)) labels are drawn."
        : " Only the positive label is drawn."
    }
    return words
  }

  /// Why no month has an estimate.
  private static func lack(_ data: ReportData, _ months: MonthlyShares) -> String {
    if data.shares == nil {
      return "Draw posts with clfa sample and label them: the chart then shows estimates with intervals."
    }
    if data.outcome.labels.count > MonthlyShares.mostLabels {
      return "Shares of more than \(MonthlyShares.mostLabels) labels are not estimated by month."
    }
    if months.months.count > MonthlyShares.mostMonths {
      return "Shares are not estimated over more than \(Format.count(MonthlyShares.mostMonths)) months."
    }
    return "No month has \(MonthlyShares.leastLabels) labelled posts of the sample, so there are no estimates."
  }
}
