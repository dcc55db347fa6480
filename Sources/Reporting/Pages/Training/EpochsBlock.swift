/// The first, the best and the last epoch in numbers.
enum EpochsBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    let data = context.data, landmarks = data.landmarks
    let heading = context.heading("First, best and last epoch")
    guard !landmarks.isEmpty else { return [heading, context.remark("The history of this run holds no epoch.")] }
    let isAligned = data.alpha > 0
    let hasFeatures = isAligned && data.epochs.contains { $0.losses?.features != nil }
    var columns = [Table.Column(name: "", alignment: .left, share: 1), Table.Column(name: "epoch", width: 36)]
    columns +=
      (["total loss"] + (isAligned ? ["text", "picture"] : []) + (hasFeatures ? ["features"] : []) + ["labels"]).map {
        Table.Column(name: $0, width: hasFeatures ? 38 : 44)
      }
    columns += ["cross-entropy", "accuracy", "macro F1", "weighted F1"].map {
      Table.Column(name: $0, width: hasFeatures ? 47 : 51)
    }
    let rows = landmarks.map { words, epoch in
      let losses = epoch.losses, validation = epoch.validation
      var cells = [words, Format.count(epoch.number), Format.measure(losses?.total)]
      if isAligned { cells += [losses?.text, losses?.image].map(Format.measure) }
      if hasFeatures { cells.append(Format.measure(losses?.features)) }
      cells.append(Format.measure(losses?.classification))
      cells += [validation.loss, validation.accuracy, validation.macroF1, validation.weightedF1].map(Format.measure)
      return Table.Row(cells: cells, isBold: epoch == data.best)
    }
    return [heading] + context.table(columns, rows) + [context.note(words(data))]
  }

  private static func words(_ data: TrainingData) -> String {
    var words =
      "Losses are means over the steps of the epoch; what follows them is measured on the posts to validate with."
    if data.best != nil {
      words += " The model has the numbers of the best epoch"
      words += data.selection.map { ", which is the best by \($0)." } ?? "."
    }
    if data.alpha == 0 {
      words += " Alignment took no part (alpha 0), so it has no losses."
    }
    return words
  }
}
