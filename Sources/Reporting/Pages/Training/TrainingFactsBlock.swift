/// What a trained model is, and how it was made.
enum TrainingFactsBlock {
  static func model(_ context: TrainingContext) -> [Piece] {
    [context.heading("The model")]
      + FactGrid(facts: context.data.model).pieces(context.typesetter, width: context.width)
  }

  static func making(_ context: TrainingContext) -> [Piece] {
    let facts = context.data.making
    guard !facts.isEmpty else { return [] }
    return [context.heading("How it was made")]
      + FactGrid(facts: facts, columns: 1).pieces(context.typesetter, width: context.width)
  }
}
