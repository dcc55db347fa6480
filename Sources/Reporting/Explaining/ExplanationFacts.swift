import Explanation
import Models
import Store

/// The post's words and the numbers that are said of it.
struct ExplanationFacts {
  var post: ExplainedPost
  var typesetter: Typesetter
  var width: Double

  private static let mostLabels = 6

  func pieces() -> [Piece] {
    let isEmpty = post.post.text.utf8.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let text = isEmpty ? "(no text)" : post.post.text
    let words = Piece.paragraph(
      text, isEmpty ? .body.colour(Palette.muted) : .body.size(10), typesetter, width: width, lines: 6, gap: 4)
    return [words]
      + FactGrid(facts: facts, nameWidth: 74).pieces(typesetter, width: width).enumerated().map {
        var piece = $1
        piece.gap = $0 == 0 ? 8 : 0
        return piece
      }
  }

  private var facts: [Fact] {
    let stored = post.post
    var facts = [
      Fact(name: "Labels", value: labels), Fact(name: "Text and picture", value: similarity),
      Fact(name: "Pieces", value: spelling), Fact(name: "Computed", value: computed),
    ]
    if let explanation = post.explanation {
      facts.append(Fact(name: "Aggregation", value: aggregation(explanation)))
      facts.append(Fact(name: "Alignment", value: alignment(explanation.alignment)))
    }
    if !stored.knowledge.isEmpty { facts.append(Fact(name: "Knowledge", value: stored.knowledge)) }
    if let image = stored.image { facts.append(Fact(name: "Picture", value: image)) }
    return facts
  }

  /// The likeliest first.
  private var labels: String {
    let sorted = post.post.probabilities.enumerated().sorted {
      ($1.element.value, $0.offset) < ($0.element.value, $1.offset)
    }
    let shown = sorted.prefix(Self.mostLabels).map {
      "\(DisplayText.line($0.element.label, limit: 30)) \(Format.percent($0.element.value, decimals: 1)) %"
    }
    return shown.joined(separator: " · ") + (sorted.count > Self.mostLabels ? " · …" : "")
  }

  private var similarity: String {
    guard let cosine = post.post.textImageSimilarity else { return "no picture, no cosine" }
    return "cosine \(Format.decimal(cosine, 3)), from −1 to 1"
  }

  private var spelling: String {
    let stored = post.post
    var words: [String] = []
    if let explanation = post.explanation {
      let count = explanation.pieces.count - 2
      words.append(
        "\(Format.count(count, "piece", "pieces")) of \(Format.count(explanation.words.count, "word", "words"))")
    }
    if stored.unknownShare > 0 { words.append("\(Format.percent(stored.unknownShare, decimals: 0)) % unknown") }
    words.append(stored.truncated > 0 ? "\(Format.count(stored.truncated)) cut off" : "none cut off")
    return words.joined(separator: ", ")
  }

  private var computed: String {
    guard let explanation = post.explanation, let difference = post.largestDifference else { return "not again" }
    let precision = explanation.precision.rawValue
    let scorer = post.isOtherPrecision ? " (stored: \(post.post.scorer.precision))" : ""
    guard difference > 0 else { return "again in \(precision)\(scorer), equal to what is stored" }
    let words = difference < 0.00005 ? "less than 0.0001" : "up to \(Format.decimal(difference, 4))"
    return "again in \(precision)\(scorer); probabilities differ from what is stored by \(words)"
  }

  private func aggregation(_ explanation: Explanation) -> String {
    guard case .attention(let layers) = explanation.looking else { return explanation.aggregation.rawValue }
    return "\(explanation.aggregation.rawValue), \(Format.count(layers.count, "layer", "layers"))"
  }

  private func alignment(_ alignment: AlignmentTraining) -> String {
    switch alignment {
    case .aligned(let alpha): "trained with it, alpha \(alpha)"
    case .none: "trained without alignment (alpha 0)"
    case .unrecorded: "the model's config.json does not say"
    }
  }
}
