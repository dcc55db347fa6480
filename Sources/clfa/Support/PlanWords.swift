import Corpus
import Scoring

extension ScoringPlan {
  /// The plan as lines of `name: value`.
  func lines(free: Int?, memory: Int) -> [String] {
    var lines = [
      "rows: \(rows)", "left to other shards or the sample: \(left)", "posts: \(posts)",
      "distinct contents: \(distinctContents)", "pictures found: \(withPicture)",
      "posts without a picture: \(withoutPicture)", "faults: \(faults.values.reduce(0, +))",
    ]
    for (code, count) in faults.sorted(by: { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }) {
      lines.append("  \(code.rawValue): \(count)")
    }
    lines.append("disk needed: about \(ByteCount.words(bytesNeeded))")
    if let free {
      lines.append("disk free: \(ByteCount.words(free))\(bytesNeeded > free ? " — not enough" : "")")
    }
    lines.append("peak memory of this plan: \(ByteCount.words(memory))")
    return lines
  }
}
