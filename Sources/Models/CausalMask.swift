/// What hides from each piece of a text those behind it.
package enum CausalMask {
  /// For each text a square of pieces × pieces to add to the scores of attention: nothing, or -∞ for a piece behind.
  ///
  /// For training, which keeps every score anyway. Texts of equal length share one; O(Σ of the different lengths²).
  package static func biases(lengths: [Int]) -> [[Float]?] {
    var masks: [Int: [Float]] = [:]
    for count in Set(lengths) {
      masks[count] = (0..<count * count).map { $0 % count <= $0 / count ? 0 : -.infinity }
    }
    return lengths.map { masks[$0] }
  }
}
