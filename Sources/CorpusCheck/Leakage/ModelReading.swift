/// Why a model cannot see a cue.
package enum CueHiding: Sendable, Equatable {
  /// Its tokenizer makes the same pieces of both texts.
  case tokenizer
  /// It normalizes texts with this step.
  case step(String)
  /// It reads no knowledge.
  case noKnowledge
}

/// How a model reads texts, as far as that hides cues.
package struct ModelReading: Sendable, Equatable {
  /// Whether its tokenizer splits texts into words at blanks and punctuation marks, and drops the blanks.
  package var dropsBlanks: Bool
  /// The names of its steps of normalization.
  package var steps: [String]
  package var readsKnowledge: Bool

  package init(dropsBlanks: Bool, steps: [String], readsKnowledge: Bool) {
    (self.dropsBlanks, self.steps, self.readsKnowledge) = (dropsBlanks, steps, readsKnowledge)
  }

  /// Why it cannot see a cue; nil if it may see it.
  package func hiding(_ cue: LeakingCue) -> CueHiding? {
    if cue.source == .knowledge, !readsKnowledge { return .noKnowledge }
    switch cue.topic {
    case .blanks where steps.contains("collapse-space"): return .step("collapse-space")
    case .entity where steps.contains("unescape-html"): return .step("unescape-html")
    // Of unusual blanks, some are control characters to a tokenizer.
    case .blanks where dropsBlanks && cue.name != TextCue.otherBlanks.name, .markSpacing where dropsBlanks:
      return .tokenizer
    default: return nil
    }
  }

  /// Why it cannot see a word; nil if it may see it.
  package func hiding(_ word: LeakingWord) -> CueHiding? {
    word.source == .knowledge && !readsKnowledge ? .noKnowledge : nil
  }
}
