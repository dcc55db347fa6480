import Testing
import Training

@Suite struct TrainingHistoryTests {
  private let line =
    #"{"epoch":1,"is_best":true,"loss_classification":0.7,"loss_image":0,"loss_text":0,"loss_total":0.7,"rate":1,"#
    + #""steps":3,"validation":{"accuracy":0.5,"loss":0.7,"macro_f1":0.4,"weighted_f1":0.4}}"# + "\n"

  /// JSON has no word for such a number; the epoch's line was left out, as if there had been no such epoch.
  @Test func anEpochWithALossThatIsNotFiniteWasLeftOut() throws {
    var history = try #require(TrainingHistory(lines: line + line))
    #expect(try history.lines().split(separator: "\n").count == 2)
    history.epochs[1].lossTotal = .nan
    #expect(throws: EncodingError.self) { try history.lines() }
  }
}
