import Results
import Testing

@Suite struct TrainingRunResultsTests {
  /// A run of some epochs after the state before training; the second last is the best.
  private func run(epochs: Int) -> TrainingRunResults {
    let measures = TrainingRunResults.Measures(accuracy: 0.5, macroF1: 0.5, weightedF1: 0.5, loss: 0.7)
    return TrainingRunResults(
      name: "a model", model: [], alpha: 1,
      epochs: (0...epochs).map {
        TrainingRunResults.Epoch(number: $0, steps: $0 * 10, losses: nil, rate: 1, validation: measures)
      }, bestPlace: epochs == 0 ? nil : max(1, epochs - 1))
  }

  @Test func landmarksAreNamedOnce() {
    #expect(run(epochs: 1).landmarks.map(\.words) == ["before training", "first, best, last"])
    #expect(run(epochs: 9).landmarks.map(\.words) == ["before training", "first", "best", "last"])
    #expect(run(epochs: 9).landmarks.map(\.epoch.number) == [0, 1, 8, 9])
    #expect(run(epochs: 0).landmarks.map(\.words) == ["before training"])
  }

  @Test func aBestPlaceOutOfRangeIsNil() {
    var run = run(epochs: 3)
    #expect(run.best?.number == 2)
    run.bestPlace = 17
    #expect(run.best == nil && !run.landmarks.map(\.words).contains("best"))
  }
}
