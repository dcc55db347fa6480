/// Numbers in words, the same on every machine: no locale takes part.
package enum Format {
  /// A count with its noun: `1 post`, `1,200 posts`.
  package static func count(_ value: Int, _ one: String, _ many: String) -> String {
    "\(count(value)) \(value == 1 ? one : many)"
  }

  /// A count with groups of three: `1,234,567`.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var words = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { words.append(",") }
      words.append(digit)
    }
    return (value < 0 ? "−" : "") + words
  }

  /// A count in at most four characters: `999`, `1.2k`, `35k`, `2.0M`.
  package static func compact(_ value: Int) -> String {
    var amount = Double(value)
    guard amount >= 1000 else { return "\(value)" }
    for unit in ["k", "M", "G", "T"] {
      amount /= 1000
      if amount < 9.95 { return decimal(amount, 1) + unit }
      if amount < 999.5 { return decimal(amount, 0) + unit }
    }
    return decimal(amount, 0) + "T"
  }

  /// A number with a fixed count of decimals, halves away from 0: `−0.25`.
  package static func decimal(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "–" }
    let unit = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let scaled = Int((value.magnitude * Double(unit)).rounded())
    let sign = value < 0 && scaled > 0 ? "−" : ""
    guard decimals > 0 else { return sign + count(scaled) }
    let fraction = String(scaled % unit)
    return sign + count(scaled / unit) + "." + String(repeating: "0", count: decimals - fraction.count)
      + fraction
  }

  /// The same with its sign, as differences are written: `+0.25`, `−0.25`, `0.00`.
  package static func signed(_ value: Double, _ decimals: Int) -> String {
    let words = decimal(value, decimals)
    return value > 0 && words != decimal(0, decimals) ? "+" + words : words
  }

  /// A share in per cent: `12.3 %`. What is not all or nothing is never said to be.
  package static func share(_ part: Int, of whole: Int, decimals: Int = 1) -> String {
    guard whole > 0 else { return "–" }
    return percent(Double(part) / Double(whole), decimals: decimals) + " %"
  }

  /// A share as a bare number of per cent.
  package static func percent(_ share: Double, decimals: Int) -> String {
    let words = decimal(share * 100, decimals)
    if share > 0, words == decimal(0, decimals) { return "<" + decimal(decimals == 0 ? 1 : 0.1, decimals) }
    if share < 1, words == decimal(100, decimals) {
      return ">" + decimal(decimals == 0 ? 99 : 99.9, decimals)
    }
    return words
  }
}
