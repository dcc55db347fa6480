/// An axis that holds all values and 0, with ticks at 1, 2 or 5 times a power of ten.
package struct DifferenceScale {
  /// The axis' left end.
  package let low: Double
  /// Its right end.
  package let high: Double
  /// Where the ticks are.
  package let ticks: [Double]
  /// How many decimals a tick needs.
  package let decimals: Int

  /// An axis for values; what is no number is left out.
  package init(_ values: [Double]) {
    let values = values.filter(\.isFinite) + [0]
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    let span = max(most - least, 0.01)
    (low, high) = (least - span * 0.06, most + span * 0.06)
    var unit = 1.0, decimals = 0
    while unit > span / 2, decimals < 6 { (unit, decimals) = (unit / 10, decimals + 1) }
    let step = [1.0, 2, 5, 10].map { $0 * unit }.first { span / $0 <= 5 } ?? unit * 10
    self.decimals = decimals
    ticks = (Int((low / step).rounded(.up))...Int((high / step).rounded(.down))).map { Double($0) * step }
  }

  /// Where a value lies, from 0 to 1.
  package func share(_ value: Double) -> Double { (value - low) / (high - low) }
}
