package import Results

/// Losses, scores, learning rate and alignment over the epochs, two charts in each row.
package enum TrainingCurvesBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    let gap = 22.0
    let width = (context.width - gap) / 2
    let charts = charts(context.data)
    let rows = stride(from: 0, to: charts.count, by: 2).map { first in
      let drawings = charts[first..<min(first + 2, charts.count)].map {
        $0.drawing(context.typesetter, width: width)
      }
      return Piece(height: LineChart.height, gap: 12) { canvas, rect in
        for (place, draw) in drawings.enumerated() {
          draw(canvas, Point(x: rect.x + Double(place) * (width + gap), y: rect.y))
        }
      }
    }
    return [context.note(words(context.data))] + rows
  }

  /// The charts in order; charts without any known value are left out.
  package static func charts(_ data: TrainingRunResults) -> [LineChart] {
    func line(_ name: String, _ value: (TrainingRunResults.Epoch) -> Double?) -> LineChart.Line {
      let samples = data.epochs.compactMap { epoch in
        value(epoch).map { LineChart.Sample(x: Double(epoch.number), y: $0) }
      }
      let best = data.best.flatMap(value)
      return LineChart.Line(name: name, figure: best.map(Format.measure) ?? "", samples: samples)
    }
    let last = Double(data.epochs.map(\.number).max() ?? 0)
    let places = last > 0 ? 0...last : nil
    func chart(_ title: String, beginsAtZero: Bool = false, _ lines: LineChart.Line...) -> LineChart {
      LineChart(
        title: title, xTitle: "epoch", places: places, lines: lines.filter { !$0.samples.isEmpty },
        mark: data.best.map { Double($0.number) }, beginsAtZero: beginsAtZero)
    }
    var charts = [
      chart("Loss", beginsAtZero: true, line("total") { $0.losses?.total }),
      chart(
        "Cross-entropy of the labels", beginsAtZero: true, line("training") { $0.losses?.classification },
        line("validation") { $0.validation.loss }),
    ]
    if data.alpha > 0 {
      charts += [
        chart("Alignment loss of texts", beginsAtZero: true, line("text") { $0.losses?.text }),
        chart("Alignment loss of pictures", beginsAtZero: true, line("picture") { $0.losses?.image }),
        chart("Alignment loss of features", beginsAtZero: true, line("features") { $0.losses?.features }),
      ]
    }
    charts += [
      chart(
        "Macro F1 and accuracy, validation posts", line("macro F1") { $0.validation.macroF1 },
        line("accuracy") { $0.validation.accuracy }),
      chart(
        "Learning rate, share of the highest", beginsAtZero: true,
        line("at the epoch's end") { $0.number > 0 ? $0.rate : nil }),
      chart(
        "Cosine with the teacher", beginsAtZero: true, line("texts") { $0.validation.textAlignment },
        line("pictures") { $0.validation.imageAlignment }),
      chart(
        "Cosine with own picture minus another's", beginsAtZero: true,
        line("pairing margin") { $0.validation.pairing }),
      chart("Own picture closer than another, share", line("pair AUC") { $0.validation.pairArea }),
      chart(
        "Effective rank of the vectors", beginsAtZero: true,
        line("texts") { $0.validation.textSpace?.effectiveRank },
        line("pictures") { $0.validation.imageSpace?.effectiveRank }),
      chart(
        "Mean cosine of different posts", line("texts") { $0.validation.textSpace?.meanCosine },
        line("pictures") { $0.validation.imageSpace?.meanCosine }),
    ]
    return charts.filter { !$0.lines.isEmpty }
  }

  private static func words(_ data: TrainingRunResults) -> String {
    var words = "Each chart has its own scale. Validation scores begin at epoch 0, before the first step."
    if let best = data.best {
      words +=
        " The dashed line is epoch \(Format.count(best.number)), the best; the numbers after the names are its values."
    }
    if data.alpha == 0 { words += " Trained without alignment (alpha 0), so no alignment losses are shown." }
    return words
  }
}

/// The first, the best and the last epoch in numbers.
enum TrainingEpochsBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    let data = context.data, landmarks = data.landmarks
    let heading = context.heading("First, best and last epoch")
    guard !landmarks.isEmpty else { return [heading, context.remark("The history of this training has no epochs.")] }
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

  private static func words(_ data: TrainingRunResults) -> String {
    var words =
      "Losses are means over the steps of the epoch; the other columns are measured on the validation posts."
    if data.best != nil {
      words += " The model is that of the best epoch"
      words += data.selection.map { ", chosen by \($0)." } ?? "."
    }
    if data.alpha == 0 {
      words += " Training was without alignment (alpha 0), so there are no alignment losses."
    }
    return words
  }
}
