import Bytes
import Results

/// The facts on the run and on its model.
enum FactsBlock {
  static func run(_ context: BlockContext) -> [Piece] {
    let run = context.data.run
    var facts = [
      Fact(name: "Run", value: run.name.text), Fact(name: "State", value: run.state),
      Fact(name: "Corpus", value: run.corpus),
      Fact(name: "Started", value: Timestamp.readable(run.startedAt)),
      Fact(
        name: "Pictures",
        value: run.images ?? (context.data.scorer.isForeign ? "those of the scored posts" : "each file's own folder")),
      Fact(name: "Finished", value: run.finishedAt.map(Timestamp.readable) ?? "not finished"),
    ]
    if let shard = run.shard { facts.append(Fact(name: "Shard", value: shard)) }
    if let sample = run.sample { facts.append(Fact(name: "Sample", value: sample)) }
    if let limit = run.limit { facts.append(Fact(name: "Limit", value: "\(limit) rows")) }
    if let calibration = context.data.calibration {
      facts.append(Fact(name: "Answers", value: "calibrated (\(calibration.rule))"))
    }
    if let posts = run.distinctPosts {
      facts.append(
        Fact(
          name: "Posts",
          value: "\(Format.count(posts.counted)) of \(Format.count(posts.all)), one of each group of reposts"))
    }
    if let stop = run.stop { facts.append(Fact(name: "Stopped", value: stop)) }
    facts.append(Fact(name: context.data.scorer.isForeign ? "Imported by" : "Scored by", value: "clfa \(run.version)"))
    if !run.machine.isEmpty {
      facts.append(
        Fact(
          name: "Machine", value: run.machine.map { "\(plain($0.name)) \($0.value)" }.joined(separator: " · ")
        ))
    }
    if let mix = run.mix { facts.append(Fact(name: "Mixes", value: mix)) }
    // These are sentences, too long for half the page's width.
    let mismatches = (run.mismatches ?? []).map { Fact(name: "Not as trained", value: $0) }
    return [context.heading("The run")] + FactGrid(facts: facts).pieces(context.typesetter, width: context.width)
      + FactGrid(facts: mismatches, columns: 1).pieces(context.typesetter, width: context.width)
  }

  static func model(_ context: BlockContext) -> [Piece] {
    let scorer = context.data.scorer
    var facts = [Fact(name: "Model", value: scorer.modelName)]
    // The precision and options of another system are unknown.
    if !scorer.isForeign { facts.append(Fact(name: "Precision", value: scorer.precision)) }
    facts += [
      Fact(name: "Fingerprint", value: scorer.fingerprint),
      Fact(
        name: "Labels",
        value: "\(scorer.labels.count): " + scorer.labels.prefix(40).map(DisplayText.name).joined(separator: ", ")),
    ]
    if !scorer.isForeign {
      facts.append(
        Fact(
          name: "Options",
          value: scorer.options.isEmpty
            ? "none" : scorer.options.map { "\(plain($0.name)) \($0.value)" }.joined(separator: " · ")))
    }
    facts.append(
      scorer.isForeign
        ? Fact(name: "Method", value: "another system; only its predictions were imported")
        : Fact(name: "Method", value: "CLFA, arXiv 2403.06355", link: "https://arxiv.org/abs/2403.06355"))
    return [context.heading("The model")] + FactGrid(facts: facts).pieces(context.typesetter, width: context.width)
  }

  /// A JSON key of the store as words.
  private static func plain(_ key: String) -> String {
    String(key.map { $0 == "_" ? " " : $0 })
  }
}

/// How the model was made, from its model card.
enum CardBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let heading = context.heading("How the model was made")
    guard !context.data.scorer.isForeign else {
      return [
        heading, context.note("By another system; the store has only its predictions.", gap: 0),
      ]
    }
    guard let model = context.data.model else {
      return [
        heading,
        context.note(
          "The store knows only the model's fingerprint. Give the report the folder of the model that scored the run to show "
            + "here how the model was made.", gap: 0),
      ]
    }
    guard !model.card.isEmpty else {
      return [heading, context.note("The model's folder holds no card.md, which would say how it was made.", gap: 0)]
    }
    return [heading]
      + FactGrid(facts: model.card, columns: 1, nameWidth: 80).pieces(context.typesetter, width: context.width)
  }
}
