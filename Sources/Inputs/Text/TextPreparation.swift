/// What is done to a text before it is tokenized: the steps that a model's training wrote down, in their
/// order.
public struct TextPreparation: Sendable {
  /// The steps as they were given.
  public let steps: [String]

  private let parsed: [TextStep]

  /// Reads a list of steps.
  ///
  /// | step | does |
  /// |---|---|
  /// | `unescape-html` | turns `&amp;`, `&#39;`, `&#x27;` and the other entities of HTML 4 into what they stand for, once |
  /// | `collapse-space` | makes every run of white space one blank, and removes it at both ends |
  /// | `url=TOKEN` | puts TOKEN where a web address stands |
  /// | `user=TOKEN` | puts TOKEN where an `@name` stands |
  /// | `number=TOKEN` | puts TOKEN where a number stands that is no part of a word |
  /// | `hashtag=split` | turns `#BadHairDay2024` into `Bad Hair Day 2024` |
  /// | `emoji=names` | puts the Unicode name of an emoji in its place, in lower case |
  ///
  /// - Throws: ``TextPreparationError`` where a step is unknown or stands twice, or a token is missing, is
  ///   no short word, or would be changed by a later step.
  public init(steps: [String]) throws(TextPreparationError) {
    var parsed: [TextStep] = []
    for (index, text) in steps.enumerated() {
      let step = try TextStep(text)
      // Each step once: a list in which every step doubles the text must not be possible.
      if parsed.contains(where: { $0.name == step.name }) { throw .repeatedStep(step.name) }
      for (earlier, written) in zip(parsed, steps[..<index]) {
        if let token = earlier.token, step.apply(to: token) != token {
          throw .tokenRewritten(step: written, by: text)
        }
      }
      parsed.append(step)
    }
    self.steps = steps
    self.parsed = parsed
  }

  /// The prepared text; the same text where there are no steps.
  ///
  /// O(scalars), whatever the text holds.
  public func callAsFunction(_ text: String) -> String {
    if parsed.isEmpty { return text }
    let scalars = parsed.reduce(Array(text.unicodeScalars)) { $1.apply(to: $0) }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
