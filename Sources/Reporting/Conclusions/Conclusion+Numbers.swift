import Evaluation

// Names and numbers as sentences hold them.
extension Conclusion {
  /// A name from outside in quotation marks, cut and escaped.
  static func quoted(_ name: String) -> String { "\u{201C}\(plain(name.isEmpty ? "(empty)" : name))\u{201D}" }

  static func plain(_ name: String) -> String { DisplayText.middle(name, limit: 60) }

  static func posts(_ estimate: Estimate) -> String { Format.count(estimate.count, "post", "posts") }

  static func percent(_ share: Double) -> String { Format.percent(share, decimals: 1) + " %" }

  /// `95.5 to 98.3 %`.
  static func percents(_ estimate: Estimate) -> String {
    "\(Format.percent(estimate.low, decimals: 1)) to \(percent(estimate.high))"
  }

  /// `95 % interval 0.955 to 0.983`.
  static func interval(_ estimate: Estimate) -> String {
    "95 % interval \(Format.decimal(estimate.low, 3)) to \(Format.decimal(estimate.high, 3))"
  }

  /// `97.0 % of 600 posts (95 % interval 95.5 to 98.3 %)`.
  static func share(_ estimate: Estimate) -> String {
    "\(percent(estimate.value)) of \(posts(estimate)) (95 % interval \(percents(estimate)))"
  }

  /// `0.970 (95 % interval 0.955 to 0.983)`.
  static func decimals(_ estimate: Estimate) -> String {
    "\(Format.decimal(estimate.value, 3)) (\(interval(estimate)))"
  }

  /// The same within brackets, with its sign: `+0.004, 95 % interval −0.010 to 0.018`.
  static func bracketed(_ estimate: Estimate) -> String {
    "\(Format.signed(estimate.value, 3)), \(interval(estimate))"
  }

  /// A difference without its sign, whose direction stands in words.
  static func size(_ estimate: Estimate) -> Estimate {
    guard estimate.value < 0 else { return estimate }
    return Estimate(value: -estimate.value, low: -estimate.high, high: -estimate.low, count: estimate.count)
  }

  /// A difference of shares: `2.1 points (95 % interval 0.3 to 3.9)`.
  static func points(_ estimate: Estimate, _ more: String = "") -> String {
    func number(_ share: Double) -> String { Format.decimal(share * 100, 1) }
    return "\(number(estimate.value)) points (95 % interval \(number(estimate.low)) to \(number(estimate.high))\(more))"
  }

  /// The same within brackets, with its sign.
  static func bracketedPoints(_ estimate: Estimate) -> String {
    func number(_ share: Double) -> String { Format.decimal(share * 100, 1) }
    return
      "\(Format.signed(estimate.value * 100, 1)) points, 95 % interval \(number(estimate.low)) to \(number(estimate.high))"
  }
}
