internal import Models
internal import Tensors

extension Trainer {
  /// Trains with each setting of the grid that was not tried yet, from the same initial parameters, and takes the best
  /// for the run.
  ///
  /// The run would repeat the best try bit by bit, so its epochs and parameters are kept in memory. An interrupted search
  /// loses them, but not its results; then the run trains again.
  func runSearch(
    _ clock: inout RunClock, _ pace: CheckpointInterval, _ observe: (TrainingEvent) -> Void, _ shouldStop: () -> Bool
  ) throws(TrainingError) -> KeptTry? {
    guard var search else { return nil }
    let base = settings, trained = trainableModel.tensorNames.filter { base.group($0, start.configuration) != nil }
    let initial = trained.map { trainableModel[$0] }
    var kept: KeptTry?
    while let next = search.next {
      let done = search.tries.count
      if let budget, done > 0, clock.spent * Double(done + 1) / Double(done) > budget {
        try search.end()
        observe(.searchEnded(tries: done, of: search.grid.candidates.count))
        break
      }
      attempt = TrainingProgress.Attempt(number: search.tries.count + 1, of: search.grid.candidates.count)
      try begin(next.applied(to: base), trained, initial)
      var best: EpochRecord?, epochs: [EpochRecord] = [], parameters: [[Float]] = []
      do throws(TrainingError) {
        while state.epoch < settings.epochs, !patienceExhausted {
          let record = try runEpoch(&clock, pace, observe, shouldStop)
          epochs.append(record)
          if record.isBest { (best, parameters) = (record, trained.map { trainableModel[$0] }) }
        }
      } catch {
        // A learning rate that is too high is a result; any other error ends the run.
        guard case .notFinite = error else { throw error }
        best = nil
      }
      let tried = SearchTry(next, number: search.tries.count + 1, best: best, selection: base.selection)
      try search.add(tried)
      if best != nil, SearchTry.best(of: search.tries) == tried {
        kept = KeptTry(
          number: tried.number, epochs: epochs, state: state, steps: adam.steps, names: trained, parameters: parameters)
      }
      observe(.tried(tried, of: search.grid.candidates.count))
    }
    guard let result = search.result else {
      throw .setting("no try of the search ended with finite numbers; give a lower learning rate")
    }
    (self.search, attempt) = (nil, nil)
    try begin(result.applied(to: base), trained, initial)
    state.history.tries = search.tries
    identity = RunIdentity.replacing(settings, in: identity)
    return kept?.number == SearchTry.best(of: search.tries)?.number ? kept : nil
  }

  /// Takes a try as the run, up to its end.
  func adopt(_ tried: KeptTry, _ observe: (TrainingEvent) -> Void) throws(TrainingError) {
    var state = tried.state
    state.history = self.state.history
    self.state = state
    adam.steps = tried.steps
    for (name, values) in zip(tried.names, tried.parameters) { trainableModel[name] = values }
    try Trainer.tensors { [trainableModel] () throws(TensorError) in try trainableModel.update() }
    try keepBest()
    for record in tried.epochs { try add(record, observe) }
  }

  /// Sets everything to the beginning of a training with these settings.
  private func begin(
    _ settings: TrainingSettings, _ trained: [String], _ initial: [[Float]]
  ) throws(TrainingError) {
    for (name, values) in zip(trained, initial) { trainableModel[name] = values }
    self.settings = settings
    trainableModel.objective = settings.objective(training.classCounts)
    adam = try Self.optimiser(of: trainableModel, settings, start, stepsPerEpoch: stepsPerEpoch)
    state = TrainingState()
    try Trainer.tensors { [trainableModel] () throws(TensorError) in try trainableModel.update() }
  }

  static func optimiser(
    of trainableModel: TrainableModel, _ settings: TrainingSettings, _ start: StartingPoint, stepsPerEpoch: Int
  ) throws(TrainingError) -> BertAdam {
    var adam = BertAdam.Settings()
    (adam.decay, adam.warmup, adam.clip) = (settings.decay, settings.warmup, settings.clip)
    adam.totalSteps = stepsPerEpoch * settings.epochs
    return try tensors { () throws(TensorError) in
      try BertAdam(of: trainableModel, adam) { settings.group($0, start.configuration) }
    }
  }
}

/// The best try of a search, with what its run would have.
struct KeptTry {
  /// The try's number.
  let number: Int
  let epochs: [EpochRecord]
  /// The state at its end, without a history.
  let state: TrainingState
  /// The steps of its optimiser.
  let steps: Int
  /// The trained tensors, and their values after its best epoch.
  let names: [String], parameters: [[Float]]
}
