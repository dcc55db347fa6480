package import Corpus
package import Inputs

extension PictureCounts {
  /// Counts how a picture was found, or which rule would find it.
  package mutating func add(_ found: FoundPicture?, _ hint: PictureHint?) {
    if let found {
      add(Self.found)
      for rule in found.rules { add(rule.rawValue) }
    }
    if case .found(_, let match) = hint { add(Self.needs(match.rawValue)) }
  }

  /// What was done to find pictures, in words: `12 pictures found by rules (backslashes 10, letter case 2)`.
  package var words: [String] {
    var words: [String] = []
    let rules = PictureRule.allCases.filter { self[$0.rawValue] > 0 }
    if !rules.isEmpty {
      let found = self[Self.found]
      words.append(
        "\(found) \(found == 1 ? "picture" : "pictures") found by rules ("
          + rules.map { "\($0.words) \(self[$0.rawValue])" }.joined(separator: ", ") + ")")
    }
    let (lists, left, none) = (self[Self.lists], self[Self.leftOut], self[Self.noPicture])
    if lists > 0 {
      words.append(
        "\(lists) \(lists == 1 ? "cell lists" : "cells list") pictures"
          + (left > 0 ? ", of which \(left) \(left == 1 ? "is" : "are") left out" : ""))
    }
    if none > 0 { words.append("\(none) \(none == 1 ? "cell says" : "cells say") that there is no picture") }
    return words
  }
}
