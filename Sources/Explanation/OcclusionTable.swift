import Bytes
package import Queries
import Results

/// The prediction without each part of a post, as rows.
package enum OcclusionTable {
  /// The columns' names.
  package static let columns = [
    "left_out", "word", "pieces", "label", "probability", "change", "answer", "answer_probability",
  ]

  /// A row for the whole post, which names no part, then one for each part; for a post that could not be computed again, one
  /// row with the stored values.
  package static func rows(_ explained: ExplainedPost) -> [[QueryValue]] {
    let post = explained.post
    guard let explanation = explained.explanation else {
      return [
        [
          .null, .null, .null, .text(post.label.text), .real(post.confidence), .null, .text(post.label.text),
          .real(post.confidence),
        ]
      ]
    }
    let base = row(explanation, part: nil, word: nil, explanation.probabilities)
    return [base]
      + explanation.occlusions.map { occlusion in
        var word: Explanation.Word?, part = occlusion.part.name
        switch occlusion.part {
        case .word(let index): word = explanation.words[index]
        case .features(let stream): part += ":\(stream)"
        case .text, .picture, .knowledge: break
        }
        return row(explanation, part: part, word: word, occlusion.probabilities)
      }
  }

  private static func row(
    _ explanation: Explanation, part: String?, word: Explanation.Word?, _ probabilities: [Float]
  ) -> [QueryValue] {
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? explanation.predicted
    let value = Double(probabilities[explanation.predicted]), base = Double(explanation.confidence)
    return [
      part.map { .text($0) } ?? .null, word.map { .text($0.text) } ?? .null,
      word.map { .integer(Int64($0.pieces.count)) } ?? .null,
      .text(explanation.labels[explanation.predicted].text), .real(value), .real(value - base),
      .text(explanation.labels[best].text), .real(Double(probabilities[best])),
    ]
  }
}
