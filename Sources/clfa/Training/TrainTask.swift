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

  /// Trains, from where a run that goes on stands.
  func run(
    _ lessons: Lessons, output: String, resume: Bool, checkpoints: CheckpointPace, _ report: inout TrainingReport
  ) throws -> TrainingOutcome {
    let trainer = try Trainer(
      lessons.start, settings, training: lessons.training, validation: lessons.validation, output: output,
      resume: resume, threads: materials.threads, shouldStop: { Interrupt.isRequested })
    report.say(
      "\(lessons.training.count.counted("post", "posts")) to learn from, \(lessons.validation.count) to validate with; "
        + "\(lessons.start.configuration.parameters) parameters; \(trainer.steps.counted("step", "steps"))",
      [
        "event": "started", "posts": lessons.training.count, "validation_posts": lessons.validation.count,
        "parameters": lessons.start.configuration.parameters, "steps": trainer.steps,
      ])
    // The closure may not write to what is handed in; a copy of its own may.
    var lines = report
    defer { report = lines }
    let outcome = try trainer.run(
      card: facts(output), checkpoints: checkpoints, observe: { lines.show($0) },
      shouldStop: { Interrupt.isRequested })
    lines.close()
    return outcome
  }

  /// Brings together what the run begins with and what it learns.
  func lessons(_ report: inout TrainingReport) throws -> Lessons {
    let teacher = materials.teacher
    var start = try materials.startingPoint(model, lexicon: lexicon)
    try teacher?.check(width: start.configuration.dim)
    let (training, validation) = try materials.posts(start, &report)
    let names = model.labelOrder?.split(separator: ",").map(String.init)
    let given = names ?? (materials.files.from == nil ? nil : start.configuration.labelNames)
    let labels = try LabelSet(of: training, names: given)
    if labels.areBareNumbers {
      report.notice("the labels are bare numbers; give them names with --labels 0=name,1=name")
    }
    start.configuration.labelNames = labels.names
    let set = try TrainingSet(training, labels: labels, teacher: teacher)
    if settings.alpha > 0, set.untaught > 0 {
      report.notice(
        "\(set.untaught.counted("post has", "posts have")) no vectors of the teacher's, and \(set.untaught == 1 ? "is" : "are") "
          + "left out of the alignment loss")
    }
    return Lessons(
      start: start, training: set, validation: try TrainingSet(validation, labels: labels, teacher: teacher))
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
