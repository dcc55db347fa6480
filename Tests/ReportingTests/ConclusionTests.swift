import Evaluation
import Reporting
import Results
import Testing

/// Sentences as on a page, each with its number of posts and its interval.
@Suite struct ConclusionTests {
  private static let difference = Estimate(value: 0.004, low: -0.01, high: 0.018, count: 409)
  private static let gain = Estimate(value: 0.0123, low: 0.002, high: 0.0226, count: 409)

  @Test func aNumberHasItsPostsAndItsInterval() {
    let right = Conclusion.right(
      accuracy: .init(value: 0.612, low: 0.47, high: 0.74, count: 49),
      macroF1: .init(value: 0.601, low: 0.45, high: 0.73, count: 49), scored: 744, always: "harmful", reached: 0.4)
    #expect(
      right.sentence
        == "The predictions are right for 61.2 % of the 49 of 744 scored posts that have a true label (95 % interval 47.0 to 74.0 %); "
        + "macro F1 is 0.601 (95 % interval 0.450 to 0.730). Always predicting “harmful” would be right for 40.0 %.")
  }

  @Test func anAccuracyNoBetterThanTheCommonestLabelIsReported() {
    let right = Conclusion.right(
      accuracy: .share(30, of: 49), macroF1: nil, scored: 49, always: "no", reached: 0.6)
    #expect(
      right.sentence
        == "The predictions are right for 61.2 % of all 49 scored posts, each with a true label (95 % interval 47.2 to 73.6 %). "
        + "Always predicting “no” would be right for 60.0 %; the difference is not clear.")
  }

  @Test func aDifferenceWhoseIntervalIncludesZeroIsNotClear() {
    #expect(
      Conclusion.compared(own: "b", other: "a", accuracy: Self.difference, macroF1: Self.difference).sentence
        == "Over 409 posts, “b” and “a” do not clearly differ in accuracy (+0.4 points, 95 % interval −1.0 to 1.8); "
        + "macro F1 does not clearly differ (+0.004, 95 % interval −0.010 to 0.018).")
    #expect(
      Conclusion.compared(own: "b", other: "a", accuracy: Self.gain, macroF1: Self.difference).sentence
        == "“b” is right more often than “a”, by 1.2 points (95 % interval 0.2 to 2.3) over 409 posts; macro F1 does not "
        + "clearly differ (+0.004, 95 % interval −0.010 to 0.018).")
    #expect(
      Conclusion.stream("audio", difference: Self.difference).sentence
        == "Over 409 posts, accuracy does not clearly differ between posts with and without “audio” (+0.4 points, 95 % "
        + "interval −1.0 to 1.8).")
    #expect(
      Conclusion.gap(Self.difference).sentence.hasPrefix(
        "Over 409 posts, texts are not clearly closer to their own picture"))
    #expect(
      Conclusion.labels(best: "a", worst: "b", f1: (0.9, 0.896), difference: Self.difference, comparisons: 1).sentence
        .hasPrefix("Over 409 posts, F1 does not clearly differ between labels"))
  }

  @Test func tooFewTrueLabelsAreNotCalledUnknown() {
    #expect(
      Conclusion.counted(
        own: "b", other: "a", share: .share(5, of: 20), labelled: 20, test: McNemar(firstOnly: 4, secondOnly: 1),
        why: "fewer than 30 posts"
      ).sentence.hasSuffix(
        " 20 posts have a true label: only “b” is right for 4 of them, and only “a” for 1 (McNemar's exact test, p = 0.375). "
          + "The difference has no interval: there are fewer than 30 posts."))
    #expect(
      Conclusion.agreeing(own: "b", other: "a", share: .share(0, of: 600), labelled: 600).sentence
        == "“b” and “a” agree on all 600 posts.")
  }

  @Test func theIntervalOfBestAndWorstLabelIsWidenedForAllPairs() {
    let gap = Estimate(value: 0.1, low: 0.02, high: 0.18, count: 600)
    #expect(!gap.holds(0) && gap.widened(for: 66).holds(0) && gap.widened(for: 1) == gap)
    #expect(
      Conclusion.labels(best: "a", worst: "b", f1: (0.9, 0.8), difference: gap.widened(for: 66), comparisons: 66)
        .sentence.contains("widened for 66 comparisons"))
  }

  @Test func smallNumbersAreWordedAsSuch() {
    #expect(
      Conclusion.right(accuracy: .share(1, of: 1), macroF1: nil, scored: 600, always: "no", reached: 1).sentence
        == "Only 1 of 600 scored posts has a true label; the prediction is right for it.")
    #expect(
      Conclusion.confidentMistakes(sure: 0, share: .share(0, of: 2)).sentence
        == "None of the 2 wrong predictions had a confidence above 0.9.")
    #expect(
      Conclusion.fewSlices(values: 1, few: 30).sentence
        == "The column has only one value, so there is nothing to compare.")
    #expect(Conclusion.oneTruth("no", posts: 300).sentence.hasPrefix("All 300 posts with a true label are “no”"))
  }

  @Test func postsReadWithoutPictureAreAShare() {
    #expect(
      Conclusion.pictures(without: 120, posts: 600, isImported: false).sentence
        == "120 of 600 posts (20.0 %) were read without a picture.")
    #expect(
      Conclusion.pictures(without: 0, posts: 600, isImported: false).sentence
        == "All 600 posts were read with their picture.")
    #expect(
      Conclusion.pictures(without: 1, posts: 1, isImported: false).sentence
        == "The one post was read without a picture.")
  }

  @Test func noMistakeStillAllowsForSome() {
    #expect(
      Conclusion.noMistake(posts: 30, most: Estimate.share(0, of: 30).high).sentence
        == "No prediction is wrong among the 30 posts with a true label; up to 11.4 % of such posts could still be predicted "
        + "wrongly (95 % interval).")
    #expect(
      Conclusion.sure(.share(27, of: 30)).sentence
        == "The confidence is above 0.9 for 90.0 % of 30 posts (95 % interval 74.4 to 96.5 %).")
  }

  @Test func mismatchesWithTrainingAreMentioned() {
    #expect(
      Conclusion.notAsTrained(1).sentence
        == "The posts differ from the model's training posts in 1 respect, which can make the model less accurate; see "
        + "“Not as trained” under “The run”.")
  }

  @Test func flatAttentionSaysSo() {
    #expect(
      Conclusion.looks(most: 1.2, row: 2, column: 3, patches: 49).sentence
        == "Attention is flat: none of 49 patches gets 1.5 times an even share; the most, in row 2, column 3, is 1.2 times an "
        + "even share.")
    #expect(
      Conclusion.looks(most: 3.14, row: 2, column: 3, patches: 49).sentence
        == "The text attends most to the patch in row 2, column 3: 3.1 times an even share of 49 patches.")
    #expect(Conclusion.attention(flat: 2, posts: 3).sentence.hasPrefix("Attention is flat in 2 of 3 posts shown"))
    #expect(Conclusion.attention(flat: 0, posts: 3).sentence.hasPrefix("In all 3 posts shown, words attend to some"))
  }

  @Test func theEffectOfAPartOfAPostIsGiven() {
    #expect(
      Conclusion.without(part: "picture", label: "ironic", before: 0.93, after: 0.12, other: "sincere").sentence
        == "Without its picture, the answer would be “sincere”: the probability of “ironic” would be 12.0 % instead of 93.0 %."
    )
    #expect(
      Conclusion.without(part: "text", label: "ironic", before: 0.93, after: 0.6, other: nil).sentence
        == "Leaving out any one part does not change the answer. The text matters most: without it, the "
        + "probability of “ironic” would be 60.0 % instead of 93.0 %.")
    #expect(
      Conclusion.hidden(with: .share(216, of: 240), without: .share(204, of: 240)).sentence
        == "The predictions are right for 90.0 % of 240 posts (95 % interval 85.6 to 93.2 %) with pictures, and for 85.0 % "
        + "(95 % interval 79.9 to 89.0 %) with every picture hidden.")
  }

  @Test func settingsAreSummarized() {
    #expect(
      Conclusion.settings(compared: 3, differing: 0, best: nil, baseline: "alpha=0", posts: 409).sentence
        == "None of 3 settings clearly differs from alpha=0 in macro F1 over 409 posts.")
    #expect(
      Conclusion.settings(
        compared: 3, differing: 1, best: .init("alpha=0.5", .init(value: 0.031, low: 0.01, high: 0.05, count: 409)),
        baseline: "alpha=0", posts: 409
      ).sentence
        == "1 of 3 settings clearly differs from alpha=0 in macro F1 over 409 posts; the largest change is that of alpha=0.5: "
        + "0.031 (95 % interval 0.010 to 0.050).")
  }

  @Test func theWidestOfSeveralDifferencesIsWidened() {
    let slices = Conclusion.slices(
      values: 3, highest: .init("en", .share(97, of: 100)), lowest: .init("de", .share(90, of: 100)),
      difference: .init(value: 0.07, low: -0.02, high: 0.16, count: 200), comparisons: 3)
    #expect(
      slices.sentence
        == "Accuracy does not clearly differ between 3 values; the largest difference: 90.0 % for “de” (100 posts), "
        + "97.0 % for “en” (100 posts), by 7.0 points (95 % interval −2.0 to 16.0, widened for 3 comparisons).")
    let alone = Estimate.share(97, of: 100), widened = Estimate.share(97, of: 100, comparisons: 3)
    #expect(widened.low < alone.low && widened.high > alone.high && widened.value == alone.value)
  }

  @Test func aNameCannotBreakItsSentence() {
    let sentence = Conclusion.commonest(.init("a\nb\u{202E}c", .share(3, of: 4))).sentence
    #expect(sentence.contains("“a\\nb\\u{202E}c”") && !sentence.contains("\n"))
  }
}
