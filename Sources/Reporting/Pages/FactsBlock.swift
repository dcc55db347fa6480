import Store

/// Names and values side by side: what was scored, and with which model.
enum FactsBlock {
  static func run(_ context: BlockContext) -> [Piece] {
    let run = context.data.run
    var facts = [
      Fact(name: "Run", value: run.name), Fact(name: "State", value: run.state),
      Fact(name: "Corpus", value: run.corpus),
      Fact(name: "Started", value: Timestamp.readable(run.startedAt)),
      Fact(name: "Pictures", value: run.images ?? "the corpus' folder"),
      Fact(name: "Finished", value: run.finishedAt.map(Timestamp.readable) ?? "not finished"),
    ]
    if let shard = run.shard { facts.append(Fact(name: "Shard", value: shard)) }
    if let sample = run.sample { facts.append(Fact(name: "Sample", value: sample)) }
    if let limit = run.limit { facts.append(Fact(name: "Limit", value: "\(limit) rows")) }
    if let stop = run.stop { facts.append(Fact(name: "Stopped", value: stop)) }
    facts.append(Fact(name: "Scored by", value: "clfa \(run.version)"))
    if !run.machine.isEmpty {
      facts.append(
        Fact(
          name: "Machine", value: run.machine.map { "\(plain($0.name)) \($0.value)" }.joined(separator: " · ")
        ))
    }
    if let mix = run.mix { facts.append(Fact(name: "Mixes", value: mix)) }
    return [context.heading("The run")] + grid(facts, context)
  }

  static func model(_ context: BlockContext) -> [Piece] {
    let scorer = context.data.scorer
    let facts = [
      Fact(name: "Model", value: scorer.modelName), Fact(name: "Precision", value: scorer.precision),
      Fact(name: "Fingerprint", value: scorer.fingerprint),
      Fact(
        name: "Labels", value: "\(scorer.labels.count): " + scorer.labels.prefix(40).joined(separator: ", ")),
      Fact(
        name: "Options",
        value: scorer.options.isEmpty
          ? "none" : scorer.options.map { "\(plain($0.name)) \($0.value)" }.joined(separator: " · ")),
    ]
    return [context.heading("The model")] + grid(facts, context)
  }

  /// A key of the store's JSON in words.
  private static func plain(_ key: String) -> String {
    String(key.map { $0 == "_" ? " " : $0 })
  }

  /// Two facts a row; each value may take three lines.
  private static func grid(_ facts: [Fact], _ context: BlockContext) -> [Piece] {
    let gap = 20.0
    let column = (context.width - gap) / 2
    let nameWidth = 62.0
    let shaped = facts.map { fact in
      (
        context.typesetter.shape(fact.name, .note, width: nameWidth - 4),
        context.typesetter.shape(
          fact.value.isEmpty ? "–" : fact.value, .small, width: column - nameWidth, lines: 4)
      )
    }
    return stride(from: 0, to: shaped.count, by: 2).map { start in
      let pair = Array(shaped[start..<min(start + 2, shaped.count)])
      let tallest = pair.map { min($0.1?.height ?? 0, 64) }.max() ?? 0
      return Piece(height: max(tallest, 11) + 3, gap: 0) { canvas, rect in
        canvas.clipped(to: rect) {
          for (index, (name, value)) in pair.enumerated() {
            let x = rect.x + Double(index) * (column + gap)
            canvas.draw(name, x: x, baseline: rect.y + 9.5)
            canvas.draw(value, x: x + nameWidth, baseline: rect.y + 9.5)
          }
        }
      }
    }
  }
}
