import Foundation

/// Decomposition of texts (NFD, NFKD) by the version of Unicode that tokenizers normalise with.
enum Decomposition {
  /// A text in decomposed form, its marks in canonical order. O(bytes · log bytes), even for long runs of marks.
  static func decomposed(_ text: String, isCompatible: Bool, _ work: inout StepCounter) -> String {
    work.add(text.utf8.count)
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var out = String.UnicodeScalarView(), marks: [(rank: UInt8, scalar: Unicode.Scalar)] = []
    func close() {
      // Marks of equal rank keep their order.
      let order = marks.indices.sorted { (marks[$0].rank, $0) < (marks[$1].rank, $1) }
      for index in order { out.append(marks[index].scalar) }
      marks.removeAll(keepingCapacity: true)
    }
    for scalar in text.unicodeScalars {
      for part in isCompatible ? compatible(scalar) : CanonicalDecomposition.scalars(of: scalar) {
        let rank = CanonicalDecomposition.combiningClass(of: part)
        if rank == 0 {
          close()
          out.append(part)
        } else {
          marks.append((rank, part))
        }
        work.add()
      }
    }
    close()
    return String(out)
  }

  private static func compatible(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    guard scalar.value >= 0xA0, CanonicalDecomposition.isKnown(scalar) else { return [scalar] }
    return Array(String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars)
  }

  /// Whether a scalar is a combining mark.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300, CanonicalDecomposition.isKnown(scalar) else { return false }
    return switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }
}

extension [UInt8] {
  /// The bytes with others in place of `old`, wherever they are from left to right. One pass over the bytes; the standard
  /// library's `replacing` takes many times as long.
  func replacing(_ old: [UInt8], by new: [UInt8], _ work: inout StepCounter) -> [UInt8] {
    work.add(count)
    var out: [UInt8] = [], place = 0
    out.reserveCapacity(count)
    while place < count {
      if self[place] == old[0], self[place...].starts(with: old) {
        out += new
        place += old.count
      } else {
        out.append(self[place])
        place += 1
      }
    }
    return out
  }
}
