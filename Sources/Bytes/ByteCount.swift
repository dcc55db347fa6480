/// Bytes in words.
package enum ByteCount {
  /// `812 kB`, `3.4 GB`.
  package static func words(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return "\(digits(value)) \(unit)" }
      value /= 1000
    }
    return "\(digits(value)) TB"
  }

  private static func digits(_ value: Double) -> String {
    value < 10 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
  }
}
