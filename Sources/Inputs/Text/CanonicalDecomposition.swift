import Foundation

/// Canonical decomposition (NFD) of single scalars, and the order of what follows a base.
///
/// The reference tokenizer normalises by Unicode 9; scalars assigned later neither decompose nor move.
enum CanonicalDecomposition {
  /// The version of Unicode whose decompositions count.
  static let version = 9

  /// A scalar's full canonical decomposition, itself where it has none.
  static func scalars(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.value {
    case ..<0xC0: [scalar]
    case 0x3400..<0xA000: [scalar]
    default:
      isKnown(scalar)
        ? Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars) : [scalar]
    }
  }

  /// The rank of a combining scalar among those after one base; 0 for a base.
  static func combiningClass(of scalar: Unicode.Scalar) -> UInt8 {
    guard scalar.value >= 0x300, isKnown(scalar) else { return 0 }
    return scalar.properties.canonicalCombiningClass.rawValue
  }

  static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major <= version
  }
}
