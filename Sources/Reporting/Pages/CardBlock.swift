/// How the model was made, as its card says.
enum CardBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let heading = context.heading("How the model was made")
    guard !context.data.scorer.isForeign else {
      return [
        heading, context.note("By another system, of which the store has the predictions and nothing else.", gap: 0),
      ]
    }
    guard let model = context.data.model else {
      return [
        heading,
        context.note(
          "The store knows the model by its fingerprint alone. What its card says of how it was made stands here with "
            + "clfa report … --model FOLDER, the folder that the run was scored with.", gap: 0),
      ]
    }
    guard !model.card.isEmpty else {
      return [heading, context.note("The model's folder holds no card.md that says how it was made.", gap: 0)]
    }
    return [heading]
      + FactGrid(facts: model.card, columns: 1).pieces(context.typesetter, width: context.width)
  }
}
