package import Scoring
package import Training

/// Cells to train and score, one after the other, continuing where an earlier command stopped.
package struct AblationLoop {
  /// A step of a cell's work.
  package enum Event {
    /// The cell is begun, as the `number`th from 1.
    case begun(AblationCell, number: Int)
    /// Its model already exists.
    case alreadyTrained(model: String)
    /// Its model is about to be scored.
    case scoring(ScoringEvent)
  }

  /// The parameters of a cell's training.
  package struct Training {
    package let inputs: TrainerInputs
    /// The model's folder.
    package let model: String
    /// Whether it continues a run.
    package let resumes: Bool
  }

  private let cells: [AblationCell]
  private let folder: AblationFolder
  private let scoring: TestScoring
  private let scoringNotices: [String]

  /// Creates a loop over cells.
  ///
  /// - Parameters:
  ///   - cells: the cells, in the order in which they are trained.
  ///   - folder: the folder of their models.
  ///   - scoring: scores the test with each model.
  ///   - scoringNotices: notices that each scoring begins with.
  package init(cells: [AblationCell], folder: AblationFolder, scoring: TestScoring, scoringNotices: [String] = []) {
    (self.cells, self.folder, self.scoring) = (cells, folder, scoring)
    self.scoringNotices = scoringNotices
  }

  /// Trains and scores the cells that are not finished.
  ///
  /// - Parameters:
  ///   - inputs: reads the data and the settings of the cell at a place.
  ///   - train: trains the cell at a place, and calls back once the run has locked its folder.
  ///   - scored: called with the result of each scoring; an error that it throws ends the loop.
  ///   - observe: called with each event.
  /// - Throws: `AblationError` where a cell was made in another way; `ScoringError.interrupted`; what the others throw.
  package func run(
    inputs: (_ place: Int) throws -> (TrainerInputs, TrainingSettings),
    train: (_ place: Int, Training, _ begun: () throws -> Void) throws -> Void,
    scored: (ScoringTask.Ending<ScoringTask.Turn>) throws -> Void, observe: (Event) -> Void
  ) throws {
    let known = try scoring.knownRuns()
    for (place, cell) in cells.enumerated() {
      if Interrupt.isRequested { throw ScoringError.interrupted }
      observe(.begun(cell, number: place + 1))
      let model = folder.model(of: cell), (inputs, settings) = try inputs(place)
      let record = try folder.record(inputs, settings), state = try folder.state(of: cell, record)
      if state == .trained {
        observe(.alreadyTrained(model: model))
      } else {
        try train(place, Training(inputs: inputs, model: model, resumes: state == .begun)) {
          // A run without a saved state starts again; its record belongs to the process that has the folder.
          if state == .new { try folder.write(record, of: cell) }
        }
      }
      let ending = try scoring.score(model: model, run: cell.name, known: known, notices: scoringNotices) {
        observe(.scoring($0))
      }
      if let ending { try scored(ending) }
    }
  }
}
