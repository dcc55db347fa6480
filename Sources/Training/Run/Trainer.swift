import Foundation
internal import Models
internal import Evaluation
internal import Tensors

/// A training run on one page: epochs of steps; each epoch is validated and the best one kept. After any interruption
/// the run can continue.
///
/// The same settings, posts and initial parameters give the same bits, with any number of threads and interruptions.
package final class Trainer {
  let start: StartingPoint
  var settings: TrainingSettings
  let training: TrainingSet
  private let validation: TrainingSet
  private let folder: TrainingFolder
  let trainableModel: TrainableModel
  var adam: BertAdam
  var identity: [RunFact]
  private let exampleEncoder: ExampleEncoder
  let stepsPerEpoch: Int
  var state = TrainingState()
  /// The tries that come before the run; nil without a search, and once it is over.
  var search: SettingSearch?
  /// The seconds after which no try begins.
  let budget: Double?
  /// The try in progress; nil in the run itself, whose files alone are on disk.
  var attempt: TrainingProgress.Attempt?
  /// The names of the warnings that the run has shown, earlier turns included.
  private var warned: Set<String> = []

  /// Reads what a run needs, and the state of a run to continue.
  ///
  /// - Parameters:
  ///   - start: the model before training.
  ///   - settings: the training settings.
  ///   - training: the training posts.
  ///   - validation: the posts for selecting the best epoch.
  ///   - output: the path of the model; the run's own files are in `output.training` until it is finished.
  ///   - resume: whether to continue an unfinished run.
  ///   - plan: what is kept for a continued run, if it was measured.
  ///   - search: the tries that choose the settings; nil to train with `settings` as they are.
  ///   - budget: the seconds after which the search makes no more tries; at least one is made.
  ///   - threads: the number of threads; it never changes a result.
  ///   - cache: keeps what frozen encoders compute for other runs; it never changes a result.
  ///   - shouldStop: called while frozen encoders encode the posts, before each product.
  ///   - encoding: called with the progress of that.
  /// - Throws: errors in settings, posts or files, or in the run to continue.
  package init(
    _ start: StartingPoint, _ settings: TrainingSettings, training: TrainingSet, validation: TrainingSet,
    output: String, resume: Bool, plan: RecipePlan? = nil, search: SettingSearch.Grid? = nil,
    budget: Double? = nil, threads: Int, cache: EncodingCache? = nil,
    shouldStop: @escaping () -> Bool = { false }, encoding: (EncodingProgress) -> Void = { _ in }
  ) throws(TrainingError) {
    if let fault = settings.fault { throw .setting(fault) }
    var start = start, settings = settings
    start.configuration.labelNames = training.labels.names
    try start.checkMemory()
    start.configuration.training.alpha = settings.alpha
    start.configuration.training.beta = settings.beta
    start.configuration.training.temperature = settings.temperature
    start.configuration.training.dropout = settings.dropout
    let needed = settings.batch * settings.accumulation
    guard training.count >= needed else { throw .tooFewPosts(posts: training.count, needed: needed) }
    if settings.alpha > 0, training.untaught == training.count {
      throw .noTeacher(posts: training.hasTeacher ? training.count : nil)
    }
    stepsPerEpoch = training.count / needed
    (self.start, self.training, self.validation) = (start, training, validation)
    try Trainer.check(start.configuration)
    folder = try TrainingFolder(output: output, resume: resume)
    self.budget = budget
    do throws(TrainingError) {
      try plan?.write(to: TrainingFolder.planPath(in: folder.path))
      do throws(TensorError) {
        trainableModel = try TrainableModel(
          start.configuration, objective: settings.objective(training.classCounts), format: settings.precision.format,
          threads: threads, freezing: Set(settings.frozen))
      } catch {
        throw .tensors(error)
      }
      try start.fill(trainableModel, seed: settings.seed)
      identity = try RunIdentity.of(start, settings, trainableModel, training: training, validation: validation)
      // What the encoders compute does not depend on what a search chooses.
      let inputs = identity.map(\.value).joined(separator: "\n")
      if let search {
        let search = try SettingSearch(search, of: identity, path: folder.searchPath)
        if let best = search.result { settings = best.applied(to: settings) }
        (self.search, state.history.tries) = (search.isDone ? nil : search, search.tries)
        identity = try RunIdentity.of(start, settings, trainableModel, training: training, validation: validation)
        trainableModel.objective = settings.objective(training.classCounts)
      }
      self.settings = settings
      adam = try Self.optimiser(of: trainableModel, settings, start, stepsPerEpoch: stepsPerEpoch)
      if folder.checkpoint.exists {
        state = try folder.checkpoint.read(identity, into: trainableModel, adam, folder: folder.path)
        guard state.isPossible(steps: adam.steps, perEpoch: stepsPerEpoch, epochs: settings.epochs) else {
          throw .badCheckpoint(path: folder.checkpoint.path, reason: "its counts make no sense")
        }
      }
      try Trainer.tensors { [trainableModel] () throws(TensorError) in try trainableModel.update() }
      trainableModel.pass.shouldStop = shouldStop
      exampleEncoder = try ExampleEncoder(
        trainableModel, frozen: settings.frozen, [training, validation], folder: folder.path,
        identity: inputs, cache: cache, shouldStop: shouldStop,
        observe: encoding)
      try cache?.shrink()
      trainableModel.pass.shouldStop = { false }
    } catch {
      folder.cleanUp(after: error)
      throw error
    }
  }

  /// Throws, before anything is read, if a run can't begin or continue.
  ///
  /// - Returns: whether the run to continue was killed after its model was complete, so that nothing is left to do.
  @discardableResult
  package static func check(output: String, resume: Bool) throws(TrainingError) -> Bool {
    if resume, TrainingFolder.wasFinished(output: output) { return true }
    try TrainingFolder.check(output: output, resume: resume)
    return false
  }

  /// Rejects values that no model's `config.json` may have.
  private static func check(_ configuration: ModelConfiguration) throws(TrainingError) {
    do throws(ConfigurationError) {
      _ = try ModelConfiguration(json: Array(configuration.json.utf8))
    } catch {
      throw .setting("no model can be like this: \(error)")
    }
  }

  /// Whether there is a state to continue from, for a run whose model will be at `output`.
  package static func canResume(output: String) -> Bool {
    TrainingFolder.checkpoint(in: TrainingFolder.path(output)).exists
  }

  /// The total number of steps.
  package var steps: Int { stepsPerEpoch * settings.epochs }

  /// Trains to the end, and writes the model.
  ///
  /// - Parameters:
  ///   - card: facts for the card that the run does not know.
  ///   - checkpoints: the interval between checkpoints.
  ///   - observe: called for every step and epoch.
  ///   - shouldStop: called before every step and before every product within one, in training and validation; if it
  ///     returns true, the state is written and `interrupted` thrown. A step in progress is computed again when the run
  ///     continues.
  /// - Returns: the best epoch and the history.
  /// - Throws: `interrupted`, `notFinite`, or errors of writing files.
  package func run(
    card: CardFacts, checkpoints: CheckpointInterval, observe: (TrainingEvent) -> Void,
    shouldStop: @escaping () -> Bool
  ) throws(TrainingError) -> TrainingOutcome {
    var clock = RunClock(spent: state.seconds)
    trainableModel.pass.shouldStop = shouldStop
    defer { trainableModel.pass.shouldStop = { false } }
    do throws(TrainingError) {
      return try work(card, &clock, checkpoints, observe, shouldStop)
    } catch {
      folder.cleanUp(after: error)
      throw error
    }
  }

  /// Runs the rest of the training; if it is interrupted, the last saved state is on disk.
  private func work(
    _ card: CardFacts, _ clock: inout RunClock, _ checkpoints: CheckpointInterval, _ observe: (TrainingEvent) -> Void,
    _ shouldStop: () -> Bool
  ) throws(TrainingError) -> TrainingOutcome {
    do throws(TrainingError) {
      let tried = try runSearch(&clock, checkpoints, observe, shouldStop)
      warned = Set(state.history.epochs.flatMap { TrainingWarning.all(of: $0, alpha: settings.alpha) }.map(\.name))
      if state.history.epochs.isEmpty {
        var record = EpochRecord(epoch: 0, steps: 0, validation: ValidationResult())
        if settings.alpha > 0 {
          record.alignment = AlignmentCheck(training, batch: settings.batch)
        }
        record.softLabels = SoftLabelSummary(training, validation)
        warn(record, observe)
        record.validation = try runValidation()
        try close(record, observe)
      }
      if let tried { try adopt(tried, observe) }
      while state.epoch < settings.epochs, !patienceExhausted {
        try runEpoch(&clock, checkpoints, observe, shouldStop)
      }
      return try finish(card, clock, observe)
    } catch .tensors(.interrupted) {
      throw try interrupted(clock)
    }
  }

  /// Whether no epoch has been better for as long as the patience setting allows.
  var patienceExhausted: Bool { settings.patience.map { state.sinceBest >= $0 } ?? false }

  // MARK: - An epoch

  /// Returns the epoch, closed.
  @discardableResult
  func runEpoch(
    _ clock: inout RunClock, _ pace: CheckpointInterval, _ observe: (TrainingEvent) -> Void, _ shouldStop: () -> Bool
  ) throws(TrainingError) -> EpochRecord {
    let order = EpochOrder(
      epoch: state.epoch, posts: training.count, seed: settings.seed, pictureDropout: settings.pictureDropout)
    while state.step < stepsPerEpoch {
      if shouldStop() { throw try interrupted(clock) }
      let terms = try takeStep(order)
      for (index, loss) in [terms.text, terms.image, terms.features, terms.classification, terms.total].enumerated() {
        state.losses[index] += loss
      }
      state.step += 1
      observe(
        .step(
          TrainingProgress(
            epoch: state.epoch + 1, epochs: settings.epochs, step: adam.steps, steps: steps, losses: terms,
            posts: settings.batch * settings.accumulation, seconds: clock.spent, isAligned: settings.alpha > 0,
            attempt: attempt)))
      if clock.isDue(every: pace.seconds) || pace.steps.map({ adam.steps.isMultiple(of: $0) }) ?? false {
        try save(clock)
      }
    }
    var record = EpochRecord(epoch: state.epoch + 1, steps: adam.steps, validation: try runValidation())
    let means = state.losses.map { $0 / Double(stepsPerEpoch) }
    (record.lossText, record.lossImage) = (means[0], means[1])
    record.lossFeatures = trainableModel.configuration.features.isEmpty ? nil : means[2]
    (record.lossClassification, record.lossTotal, record.rate) = (means[3], means[4], adam.rate)
    (state.epoch, state.step, state.losses) = (state.epoch + 1, 0, [0, 0, 0, 0, 0])
    return try close(record, observe)
  }

  /// Writes the state, so that the run can continue.
  private func interrupted(_ clock: RunClock) throws(TrainingError) -> TrainingError {
    try save(clock)
    return .interrupted(
      step: adam.steps, steps: steps, checkpoint: attempt == nil ? folder.checkpoint.path : folder.path)
  }

  private func save(_ clock: RunClock) throws(TrainingError) {
    // The tries that are done are on disk; the one in progress begins again.
    guard attempt == nil else { return }
    state.seconds = clock.spent
    try folder.checkpoint.write(state, identity, trainableModel, adam)
  }

  private func takeStep(_ order: EpochOrder) throws(TrainingError) -> LossTerms {
    adam.clearGradients(of: trainableModel)
    var sum = LossTerms()
    let parts = settings.accumulation
    for part in 0..<parts {
      let first = (state.step * parts + part) * settings.batch
      let batch = (first..<first + settings.batch).map { place in
        exampleEncoder.encodedExample(training, order.posts[place], pictured: !order.isHidden[place])
      }
      if batch.contains(where: { $0.input.picture == nil }) { state.sawNoPicture = true }
      let dropout =
        settings.dropout > 0
        ? Dropout(
          share: settings.dropout, seed: settings.seed, step: UInt32(truncatingIfNeeded: adam.steps),
          part: UInt32(part)) : nil
      let terms = try Trainer.tensors { [trainableModel] () throws(TensorError) in
        try trainableModel.learn(batch, dropping: dropout)
      }
      sum.add(terms, share: 1 / Double(parts))
    }
    for (name, loss) in [
      ("text", sum.text), ("image", sum.image), ("features'", sum.features), ("labels'", sum.classification),
      ("whole", sum.total),
    ] {
      guard loss.isFinite else { throw notFinite("the \(name) loss", step: adam.steps + 1) }
    }
    let strange = try Trainer.tensors { [trainableModel, adam] () throws(TensorError) in
      try adam.step(trainableModel, scale: 1 / Double(parts))
    }
    if let strange { throw notFinite("the gradient of \(strange)", step: adam.steps + 1) }
    return sum
  }

  /// Ends a run whose numbers diverge, with the largest parameter.
  private func notFinite(_ what: String, step: Int) -> TrainingError {
    var farthest = (size: Float(0), name: "")
    for name in trainableModel.tensorNames {
      let size = trainableModel[name].reduce(Float(0)) { $1.isNaN ? .infinity : max($0, abs($1)) }
      if size > farthest.size { farthest = (size, name) }
    }
    return .notFinite(
      step: step,
      what: "\(what) is not a finite number; the largest parameter, \(farthest.size), is in \(farthest.name)",
      checkpoint: folder.checkpoint.exists ? folder.checkpoint.path : nil)
  }

  /// Records an epoch, and keeps the model if it is the best so far.
  @discardableResult
  private func close(_ record: EpochRecord, _ observe: (TrainingEvent) -> Void) throws(TrainingError) -> EpochRecord {
    var record = record
    guard record.validation.loss.isFinite else {
      throw notFinite("the loss on the posts to validate with", step: record.steps)
    }
    if record.epoch > 0 {
      let score = record.validation.score(settings.selection)
      record.isBest = score.map { score in state.bestScore.map { score > $0 } ?? true } ?? false
      state.sinceBest = record.isBest ? 0 : state.sinceBest + 1
      if record.isBest {
        state.bestScore = score
        if attempt == nil { try keepBest() }
      }
    }
    if attempt == nil { try add(record, observe) }
    return record
  }

  /// Adds a closed epoch to the history.
  func add(_ record: EpochRecord, _ observe: (TrainingEvent) -> Void) throws(TrainingError) {
    state.history.epochs.append(record)
    try folder.write(state.history)
    observe(.epoch(record, of: settings.epochs))
    warn(record, observe)
  }

  /// Keeps the current parameters as the best.
  func keepBest() throws(TrainingError) { try folder.keepBest(trainableModel) }

  /// Shows an epoch's warnings that the run has not shown yet.
  private func warn(_ record: EpochRecord, _ observe: (TrainingEvent) -> Void) {
    for warning in TrainingWarning.all(of: record, alpha: settings.alpha) where warned.insert(warning.name).inserted {
      observe(.warning(warning))
    }
  }

  private func runValidation(pictured: Bool = true) throws(TrainingError) -> ValidationResult {
    try Trainer.tensors { [trainableModel, validation, exampleEncoder] () throws(TensorError) in
      try trainableModel.validate(validation) { exampleEncoder.encodedExample(validation, $0, pictured: pictured) }
    }
  }

  // MARK: - The end

  private func finish(
    _ card: CardFacts, _ clock: RunClock, _ observe: (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingOutcome {
    guard let place = state.history.epochs.lastIndex(where: \.isBest) else {
      throw notFinite("the score of every epoch", step: adam.steps)
    }
    try folder.readBest(into: trainableModel)
    if settings.weights == .f16 { try folder.keepRounded(trainableModel) }
    try Trainer.tensors { [trainableModel] () throws(TensorError) in try trainableModel.update() }
    var start = start
    start.configuration.learntWithoutPicture = start.configuration.learntWithoutPicture == true || state.sawNoPicture
    state.history.epochs[place].labelChanges = try Trainer.tensors {
      [trainableModel, validation, exampleEncoder, settings] () throws(TensorError) in
      try trainableModel.labelChanges(validation, seed: settings.seed) {
        exampleEncoder.encodedExample(validation, $0, pictured: $1)
      }
    }
    var best = state.history.epochs[place]
    warn(best, observe)
    if settings.weights == .f16 { best.validation = try runValidation() }
    // If there are no pictures, there is nothing to hide.
    let blind = validation.hasPictures ? try runValidation(pictured: false) : nil
    let outcome = TrainingOutcome(
      best: best, withoutPictures: blind, sawNoPicture: state.sawNoPicture, history: state.history,
      warnings: state.history.warnings(alpha: settings.alpha), seconds: clock.spent, steps: adam.steps)
    var profile = training.posts.profile
    profile.hiddenPictures = settings.pictureDropout
    let text = ModelCard(
      card, settings, start, outcome, training: training, validation: validation, profile: profile
    ).text
    do {
      try folder.finish(start, card: text, profile: profile, history: state.history)
    } catch {
      // Saves the trained state, so that it need not be computed again once there is space.
      try? save(clock)
      throw error
    }
    return outcome
  }

  static func tensors<Value>(
    _ body: () throws(TensorError) -> Value
  ) throws(TrainingError) -> Value {
    do {
      return try body()
    } catch {
      throw .tensors(error)
    }
  }
}

extension LossTerms {
  /// Adds a share of other losses.
  fileprivate mutating func add(_ terms: LossTerms, share: Double) {
    text += share * terms.text
    image += share * terms.image
    features += share * terms.features
    classification += share * terms.classification
    total += share * terms.total
  }
}
