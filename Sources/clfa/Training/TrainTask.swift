import Bytes
import Corpus
import Models
import Scoring
import Training

/// A validated training run, of `clfa train` or a cell of `clfa ablate`: reads what it needs, trains, and says what
/// came of it.
struct TrainTask {
  let materials: TrainMaterials
  let model: TrainModelFlags
  /// The lexicon's file; nil for a model without one.
  let lexicon: String?
  let card: CardFlags
  let settings: TrainingSettings

  /// All that a trainer takes.
  struct Lessons {
    let start: StartingPoint
    let training: TrainingSet
    let validation: TrainingSet
  }

  /// Trains, from where a run that goes on stands; `begun` is called once the run has its folder for itself.
  func run(
    _ lessons: Lessons, output: String, resume: Bool, checkpoints: CheckpointPace, _ report: inout TrainingReport,
    begun: () throws -> Void = {}
  ) throws -> TrainingOutcome {
    let trainer = try Trainer(
      lessons.start, settings, training: lessons.training, validation: lessons.validation, output: output,
      resume: resume, threads: materials.threads, shouldStop: { Interrupt.isRequested })
    try begun()
    report.say(
      "\(lessons.training.count.counted("post", "posts")) to learn from, \(lessons.validation.count) to validate with; "
        + "\(lessons.start.configuration.parameters) parameters; \(trainer.steps.counted("step", "steps"))",
      [
        "event": "started", "posts": lessons.training.count, "validation_posts": lessons.validation.count,
        "parameters": lessons.start.configuration.parameters, "steps": trainer.steps,
      ])
    // The closure may not write to what is handed in; a copy of its own may.
    report.isAligned = settings.alpha > 0
    var lines = report
    defer { report = lines }
    let outcome = try trainer.run(
      card: facts(output), checkpoints: checkpoints, observe: { lines.show($0) },
      shouldStop: { Interrupt.isRequested })
    lines.close()
    TrainingPages.add(to: output, &lines)
    return outcome
  }

  /// Brings together what the run begins with and what it learns.
  func lessons(_ report: inout TrainingReport) throws -> Lessons {
    let teacher = materials.teacher
    var start = try materials.startingPoint(model, lexicon: lexicon)
    try start.checkMemory()
    try teacher?.check(width: start.configuration.dim)
    let (training, validation) = try materials.posts(start, &report)
    let names = model.labelOrder?.split(separator: ",").map(String.init)
    let given = names ?? (materials.files.from == nil ? nil : start.configuration.labelNames)
    let labels = try LabelSet(of: training, names: given)
    if labels.areBareNumbers {
      report.notice("the labels are bare numbers; give them names with --labels 0=name,1=name")
    }
    start.configuration.labelNames = labels.names
    if !start.newLabels.isEmpty {
      report.notice("new to the model, and learnt from nothing: \(start.newLabels.listed())")
    }
    let set = try TrainingSet(training, labels: labels, teacher: teacher)
    let judged = try TrainingSet(validation, labels: labels, teacher: teacher)
    for notice in notices(set, judged) { report.notice(notice) }
    return Lessons(start: start, training: set, validation: judged)
  }

  /// What a user may not have meant.
  private func notices(_ training: TrainingSet, _ validation: TrainingSet) -> [String] {
    var notices: [String] = []
    if settings.alpha > 0, training.untaught > 0 {
      notices.append(
        "\(training.untaught.counted("post has", "posts have")) no vectors of the teacher's, and "
          + "\(training.untaught == 1 ? "is" : "are") left out of the alignment loss")
    }
    if materials.files.teacher != nil, validation.untaught > 0 {
      notices.append(
        "\(validation.untaught.counted("post", "posts")) to validate with \(validation.untaught == 1 ? "has" : "have") no "
          + "vectors of the teacher's, and \(validation.untaught == 1 ? "is" : "are") left out of the cosines")
    }
    if settings.alpha == 0, materials.files.teacher != nil {
      notices.append("--alpha 0: the teacher's vectors are only compared with, not learnt from")
    }
    if settings.alpha > 0, settings.batch == 1 {
      notices.append("--batch 1: alignment compares the posts of a batch, and learns nothing from one")
    }
    let shared = validation.shared(with: training)
    if shared > 0 {
      notices.append(
        "\(shared.counted("post", "posts")) to validate with \(shared == 1 ? "is" : "are") learnt from, too: the numbers "
          + "will promise too much")
    }
    return notices
  }

  private func facts(_ output: String) -> CardFacts {
    let threads = materials.threads, machine = Machine(threads: threads)
    var facts = CardFacts(
      name: FileStem.of(output), version: Version.number,
      machine: "\(machine.processor), \(threads.counted("thread", "threads")), \(machine.library)",
      command: Shell.line(["clfa"] + CommandLine.arguments.dropFirst()))
    facts.datasets = (materials.corpora + materials.files.validation).map(FileStem.of)
    card.fill(&facts)
    facts.peakMemory = { Scoring.peakMemory() }
    return facts
  }
}
