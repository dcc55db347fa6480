import Bytes
import Testing
import Training

@Suite struct TrainingHistoryTests {
  private let line =
    #"{"epoch":1,"is_best":true,"loss_classification":0.7,"loss_image":0,"loss_text":0,"loss_total":0.7,"rate":1,"#
    + #""steps":3,"validation":{"accuracy":0.5,"loss":0.7,"macro_f1":0.4,"weighted_f1":0.4}}"# + "\n"

  /// JSON has no word for such a number; the epoch's line was left out, as if there had been no such epoch.
  @Test func anEpochWithALossThatIsNotFiniteIsKept() throws {
    var history = try #require(TrainingHistory(lines: line + line))
    #expect(try history.lines().split(separator: "\n").count == 2)
    history.epochs[1].lossTotal = .nan
    #expect(throws: JSONError.notFinite) { try history.lines() }
  }

  /// Foundation wrote these bytes; a folder that has them goes on, and gets the same ones.
  @Test func historiesOfEarlierVersionsAreReadAndWrittenUnchanged() throws {
    let every =
      #"{"epoch":1,"is_best":true,"loss_classification":0.7,"loss_features":2,"loss_image":1.5,"loss_text":0,"#
      + #""loss_total":1e-09,"rate":1,"steps":3,"validation":{"accuracy":0.5,"loss":0.7,"macro_f1":0.4,"#
      + #""pairing":-0.001,"text_alignment":1,"weighted_f1":0.25}}"# + "\n"
    let history = try #require(TrainingHistory(lines: line + every))
    #expect(try history.lines() == line + every)
    #expect(history.epochs[0].lossFeatures == nil && history.epochs[1].lossFeatures == 2)
    #expect(history.epochs[1].validation.textAlignment == 1 && history.epochs[1].validation.imageAlignment == nil)
    #expect(TrainingHistory(lines: line + "{}\n") == nil)

    let state =
      #"{"bestScore":0.4,"epoch":2,"history":{"epochs":[{"epoch":1,"isBest":true,"lossClassification":0.7,"#
      + #""lossFeatures":2,"lossImage":1.5,"lossText":0,"lossTotal":1e-09,"rate":1,"steps":3,"#
      + #""validation":{"accuracy":0.5,"loss":0.7,"macroF1":0.4,"pairing":-0.001,"textAlignment":1,"#
      + #""weightedF1":0.25}}]},"losses":[0,1,0.5,1e-07,3],"sawNoPicture":true,"seconds":12,"sinceBest":1,"step":5}"#
    let read = try #require(TrainingState(JSONParser.parse(Array(state.utf8))))
    #expect(read.json.text(.canonical) == state)
  }
}
