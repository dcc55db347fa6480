import Bytes
import Explanation
import Results

/// The predicted label's probability without each part of the post, on one axis from 0 to 100 %.
struct OcclusionSection {
  var explanation: Explanation
  var typesetter: Typesetter
  var width: Double

  /// The most words that are shown.
  static let maximumWords = 36
  private let gutter = 112.0
  private let figures = 158.0
  /// The columns of figures: the distance of each from the right edge, and its width.
  private let columns = [(end: 102.0, width: 50.0), (end: 60.0, width: 40.0), (end: 0.0, width: 56.0)]
  /// The smallest change that has a bar, half of the last digit shown.
  private static let leastChange = 0.0005
  private let rowHeight = 11.0

  private struct Row {
    var name: String
    /// The predicted label's probability.
    var value: Double
    /// The numbers at the right of the row.
    var figures: [String]
    var isPart: Bool
  }

  func pieces() -> [Piece] {
    let heading = Piece.heading("The answer without each part", typesetter, width: width)
    return [heading] + answer + [axis] + rows.map(piece) + [note]
  }

  /// A sentence on the part whose removal changes the prediction, or that none does.
  private var answer: [Piece] {
    let changes = explanation.occlusions.compactMap { occlusion -> (part: String, after: Double, label: Int)? in
      let part: String
      switch occlusion.part {
      case .text: part = "text"
      case .picture: part = "picture"
      case .knowledge: part = "knowledge"
      case .features(let stream): part = stream
      case .word: return nil
      }
      let best = occlusion.probabilities.indices.max { occlusion.probabilities[$0] < occlusion.probabilities[$1] }
      return (part, Double(occlusion.probabilities[explanation.predicted]), best ?? explanation.predicted)
    }
    let turning = changes.filter { $0.label != explanation.predicted }
    let most = (turning.isEmpty ? changes : turning).max { abs($0.after - base) < abs($1.after - base) }
    guard let most else { return [] }
    let words = Conclusion.without(
      part: most.part, label: explanation.labels[explanation.predicted].text, before: base, after: most.after,
      other: most.label == explanation.predicted ? nil : explanation.labels[most.label].text
    ).sentence
    return [.paragraph(words, .body, typesetter, width: width, lines: 3, gap: 2, staysWithNext: true)]
  }

  private var base: Double { Double(explanation.confidence) }

  /// The indexes of the words that are shown.
  private var shownWords: Set<Int> { Set(explanation.strongestWords(Self.maximumWords)) }

  private var rows: [Row] {
    let label = explanation.labels[explanation.predicted]
    let shown = shownWords
    let first = Row(name: "the whole post", value: base, figures: [Self.percent(base), "", ""], isPart: true)
    return [first]
      + explanation.occlusions.compactMap { occlusion in
        var name = "", isPart = true
        switch occlusion.part {
        case .text: name = "without its text"
        case .picture: name = "without its picture"
        case .knowledge: name = "without its knowledge"
        case .features(let stream): name = "without its \(stream)"
        case .word(let word):
          guard shown.contains(word) else { return nil }
          (name, isPart) = (explanation.words[word].text, false)
        }
        let value = Double(occlusion.probabilities[explanation.predicted])
        let best = occlusion.probabilities.indices.max { occlusion.probabilities[$0] < occlusion.probabilities[$1] }
        let other = best.map { explanation.labels[$0] }.flatMap { $0 == label ? nil : $0.text }
        return Row(
          name: name, value: value,
          figures: [Self.percent(value), Format.signed((value - base) * 100, 1), other ?? ""], isPart: isPart)
      }
  }

  /// A share in per cent with one decimal; only an exact 0 or 1 is shown as 0 % or 100 %.
  private static func percent(_ share: Double) -> String { Format.percent(share, decimals: 1) + " %" }

  private func place(_ value: Double) -> Double { gutter + min(max(value, 0), 1) * (width - gutter - figures) }

  private var axis: Piece {
    let label = DisplayText.line(explanation.labels[explanation.predicted].text, limit: 40)
    let title = typesetter.shape("left out", .tiny, width: gutter - 8)
    let ticks = [0, 0.25, 0.5, 0.75, 1].map { ($0, typesetter.shape("\(Int($0 * 100)) %", .tiny)) }
    let names = zip(["probability", "change", "answer"], columns).map {
      typesetter.shape($0, .tiny, width: $1.width, alignment: .right)
    }
    let axis = typesetter.shape("probability of \(label)", .tiny, width: width - gutter - figures)
    return Piece(height: 22, gap: 2, staysWithNext: true) { canvas, rect in
      canvas.draw(title, x: rect.x, baseline: rect.y + 19)
      canvas.draw(axis, x: rect.x + gutter, baseline: rect.y + 8)
      for (value, words) in ticks {
        let half = (words?.width ?? 0) / 2
        canvas.draw(words, x: rect.x + place(value) - half, baseline: rect.y + 19)
      }
      for (name, column) in zip(names, columns) {
        canvas.draw(name, x: rect.maxX - column.end - column.width, baseline: rect.y + 19)
      }
    }
  }

  private func piece(_ row: Row) -> Piece {
    let style = TextStyle.small.size(7.5)
    let name = typesetter.shape(row.name, row.isPart ? style.bold() : style, width: gutter - 8)
    let figures = zip(row.figures, columns).enumerated().map { index, figure in
      typesetter.shape(
        figure.0, index == 2 ? style.colour(Palette.opposite) : style, width: figure.1.width, alignment: .right)
    }
    var piece = Piece(height: rowHeight, staysWithNext: row.isPart) { canvas, rect in
      for value in [0, 0.25, 0.5, 0.75, 1] {
        let x = rect.x + place(value)
        canvas.line(Point(x: x, y: rect.y), Point(x: x, y: rect.maxY), Palette.hairline, width: 0.4)
      }
      let zero = rect.x + place(base), end = rect.x + place(row.value)
      let colour = row.value < base ? Palette.opposite : Palette.accent
      if abs(row.value - base) >= Self.leastChange {
        canvas.fill(
          Rect(x: min(zero, end), y: rect.y + 3, width: max(abs(end - zero), 0.8), height: rowHeight - 5.5), colour)
      }
      canvas.line(Point(x: zero, y: rect.y), Point(x: zero, y: rect.maxY), Palette.ink, width: 0.8)
      canvas.clipped(to: rect) {
        canvas.draw(name, x: rect.x, baseline: rect.y + 8)
        for (figure, column) in zip(figures, columns) {
          canvas.draw(figure, x: rect.maxX - column.end - column.width, baseline: rect.y + 8)
        }
      }
    }
    piece.repeated = [axis]
    return piece
  }

  private var note: Piece {
    let hidden = explanation.words.count - shownWords.count
    var words =
      "Each row is the model's answer to the post without that part; the line is its answer to the whole post. Orange: the "
      + "label needs the part; blue: the part speaks against it. Changes are in percentage points, and do not add up."
    if hidden > 0 {
      words +=
        " \(Format.count(hidden, "word", "words")) with a smaller effect \(hidden == 1 ? "is" : "are") not shown."
    }
    if explanation.learntWithoutPicture == false, explanation.occlusions.contains(where: { $0.part == .picture }) {
      words += " This model was never trained on a post without a picture, so its answer without one is unreliable."
    }
    if explanation.words.isEmpty { words += " The text has no words." }
    return .paragraph(words, .note, typesetter, width: width, lines: 4)
  }
}
