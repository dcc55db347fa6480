import Bytes
import Corpus
import Inputs
import Models
import Scoring
import Training

/// A validated `clfa train`: reads what it needs, trains, and says what came of it.
struct TrainTask {
  let corpora: [String]
  let columns: CorpusOptions
  let files: TrainFiles
  let model: TrainModelFlags
  let settings: TrainingSettings
  let card: CardFlags
  let threads: Int

  func run(
    output: String, resume: Bool, checkpoints: CheckpointPace, _ report: inout TrainingReport
  ) throws {
    if try Trainer.check(output: output, resume: resume) {
      return report.say("\(output) is the model; the run was done", ["event": "done", "model": output])
    }
    let teacher = settings.alpha > 0 || files.teacher != nil ? try files.teacher.map(TeacherCache.load) : nil
    var start = try startingPoint(teacherWidth: teacher?.width)
    try teacher?.check(width: start.configuration.dim)
    let (training, validation) = try read(&start, teacher, &report)
    let trainer = try Trainer(
      start, settings, training: training, validation: validation, output: output, resume: resume, threads: threads,
      shouldStop: { Interrupt.isRequested })
    report.say(
      "\(training.count.counted("post", "posts")) to learn from, \(validation.count) to validate with; "
        + "\(start.configuration.parameters) parameters; \(trainer.steps.counted("step", "steps"))",
      [
        "event": "started", "posts": training.count, "validation_posts": validation.count,
        "parameters": start.configuration.parameters, "steps": trainer.steps,
      ])
    // The closure may not write to what is handed in; a copy of its own may.
    var lines = report
    let outcome = try trainer.run(
      card: facts(output), checkpoints: checkpoints, observe: { lines.show($0) },
      shouldStop: { Interrupt.isRequested })
    lines.close()
    lines.finish(outcome, output: output)
    report = lines
  }

  // MARK: - What it begins with

  private func startingPoint(teacherWidth: Int?) throws -> StartingPoint {
    if let from = files.from {
      var start = StartingPoint(from: try ModelFolder.load(from))
      if let lexicon = files.lexicon {
        start.lexiconPath = lexicon
        start.configuration.hasLexicon = true
      }
      return start
    }
    let text = try files.textEncoder.map { path in try HubTextEncoder.load(path) }
    let image = try files.imageEncoder.map { path in try HubImageEncoder.load(path) }
    var configuration = try model.configuration(dim: teacherWidth)
    guard let vocabulary = text?.vocabularyPath ?? files.vocabulary else {
      throw TrainingError.setting("--vocabulary names the word pieces of the fresh text encoder")
    }
    if text == nil { configuration.text.vocabularySize = try InputReader.pieces(at: vocabulary) }
    let words = [
      files.textEncoder.map { "the BERT \(FileStem.of($0))" } ?? "a fresh text encoder",
      files.imageEncoder.map { "the ViT \(FileStem.of($0))" } ?? "a fresh picture encoder",
    ]
    return StartingPoint(
      configuration, text: text, image: image, vocabularyPath: vocabulary, lexiconPath: files.lexicon, words: words)
  }

  private func read(
    _ start: inout StartingPoint, _ teacher: TeacherCache?, _ report: inout TrainingReport
  ) throws -> (training: TrainingSet, validation: TrainingSet) {
    let reader = try InputReader(
      configuration: start.configuration, vocabularyPath: start.vocabularyPath, lexiconPath: start.lexiconPath,
      limits: PictureLimits(), decoding: .exact)
    func posts(_ paths: [String]) throws -> TrainingPosts {
      let posts = try TrainingPosts.read(
        paths: paths, images: files.images, options: columns, reader: reader, threads: threads)
      for notice in posts.notices { report.notice(notice) }
      report.faults(posts.faults)
      return posts
    }
    let training = try posts(corpora), validation = try posts(files.validation)
    let names = model.labelOrder?.split(separator: ",").map(String.init)
    let given = names ?? (files.from == nil ? nil : start.configuration.labelNames)
    let labels = try LabelSet(of: training, names: given)
    if labels.areBareNumbers {
      report.notice("the labels are bare numbers; give them names with --labels 0=name,1=name")
    }
    start.configuration.labelNames = labels.names
    if !start.newLabels.isEmpty {
      report.notice("new to the model, and learnt from nothing: \(start.newLabels.joined(separator: ", "))")
    }
    let set = try TrainingSet(training, labels: labels, teacher: teacher)
    let judged = try TrainingSet(validation, labels: labels, teacher: teacher)
    for notice in notices(set, judged) { report.notice(notice) }
    return (set, judged)
  }

  /// What a user may not have meant.
  private func notices(_ training: TrainingSet, _ validation: TrainingSet) -> [String] {
    var notices: [String] = []
    if settings.alpha > 0, training.untaught > 0 {
      notices.append(
        "\(training.untaught.counted("post has", "posts have")) no vectors of the teacher's, and "
          + "\(training.untaught == 1 ? "is" : "are") left out of the alignment loss")
    }
    if files.teacher != nil, validation.untaught > 0 {
      notices.append(
        "\(validation.untaught.counted("post", "posts")) to validate with \(validation.untaught == 1 ? "has" : "have") no "
          + "vectors of the teacher's, and \(validation.untaught == 1 ? "is" : "are") left out of the cosines")
    }
    if settings.alpha == 0, files.teacher != nil {
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
    let machine = Machine(threads: threads)
    var facts = CardFacts(
      name: FileStem.of(output), version: Version.number,
      machine: "\(machine.processor), \(threads.counted("thread", "threads")), \(machine.library)",
      command: Shell.line(["clfa"] + CommandLine.arguments.dropFirst()))
    facts.datasets = (corpora + files.validation).map(FileStem.of)
    card.fill(&facts)
    facts.peakMemory = { Scoring.peakMemory() }
    return facts
  }
}
