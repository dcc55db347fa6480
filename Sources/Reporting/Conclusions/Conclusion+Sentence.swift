import Evaluation
import Results

extension Conclusion {
  /// The conclusion as a sentence, with the number of posts and the 95 % interval.
  package var sentence: String {
    switch self {
    case .right(let accuracy, let macroF1, let scored, let always, let reached, let run):
      return Self.right(accuracy, macroF1, scored, always, reached, run)
    case .shares(let shares, let further, let posts, let isDistinct, let labelled, let sample):
      return Self.shares(shares, further, posts, isDistinct, labelled, sample)
    case .fewLabels(let labelled, let sample):
      return
        "Only \(Format.count(labelled, "post of the sample has", "posts of the sample have")) a true label, too few to estimate "
        + "the labels' shares; sample: \(Self.plain(sample))."
    case .sampleAccuracy(let share, let scored, let sample):
      return "Of all \(Format.count(scored)) scored posts, the predictions are right for an estimated "
        + "\(Self.percent(share.value)) (95 % interval \(Self.percents(share))), from the \(Format.count(share.count)) labelled "
        + "posts of a \(sample) sample."
    case .months(let label, let highest, let lowest, let difference, let comparisons):
      return Self.months(label, highest, lowest, difference, comparisons)
    case .fewMonths(let few):
      return "Fewer than two months have \(few) or more labelled posts, so months are not compared."
    case .predictionsByMonth:
      return
        "The lines count predicted labels. They are not shares of the true labels: the model's errors do not cancel "
        + "out, and may be more frequent in some months."
    case .doubts(let found, let labelled):
      return found == 0
        ? "None of the \(Format.count(labelled, "true label", "true labels")) is probably wrong."
        : "\(Format.count(found)) of \(Format.count(labelled, "true label", "true labels")) "
          + "\(found == 1 ? "is" : "are") probably wrong: the model finds another label much more likely."
    case .noTruth(let posts):
      return posts == 0
        ? "No post was scored, so accuracy is unknown."
        : "None of the \(Format.count(posts, "scored post", "scored posts")) has a true label, so accuracy is unknown, and so "
          + "are the labels' shares: the model's errors do not cancel out, so counts of predicted labels are not shares. "
          + "clfa sample draws posts to label, and clfa estimate then gives shares with intervals."
    case .labelsAlone:
      return
        "The predictions have no probabilities, so the report shows no confidence, no curves and no calibration."
    case .pictures(let without, let posts, let isImported): return Self.pictures(without, posts, isImported)
    case .notAsTrained(let respects):
      return
        "The posts differ from the model's training posts in \(Format.count(respects, "respect", "respects")), which can make "
        + "the model less accurate; see \u{201C}Not as trained\u{201D} under \u{201C}The run\u{201D}."
    case .lost(let rows, let read):
      return
        "\(Format.count(rows)) of \(Format.count(read, "row", "rows")) (\(Format.share(rows, of: read))) could not be "
        + "scored."
    case .commonest(let label):
      return "The most common prediction is \(Self.quoted(label.name)): \(Self.percent(label.estimate.value)) of "
        + "\(Self.posts(label.estimate)). This counts predictions; it does not estimate a share."
    case .confused(let truth, let predicted, let mistakes, let share):
      return "The most common mistake is \(Self.quoted(predicted)) for posts that are \(Self.quoted(truth)): "
        + "\(Format.count(mistakes)) of \(Format.count(share.count, "such post", "such posts")), "
        + "\(Self.percent(share.value)) (95 % interval \(Self.percents(share)))."
    case .noMistake(let posts, let most):
      return "No prediction is wrong among the \(Format.count(posts, "post", "posts")) with a true label; up to "
        + "\(Self.percent(most)) of such posts could still be predicted wrongly (95 % interval)."
    case .oneTruth(let label, let posts):
      return
        "All \(Format.count(posts)) posts with a true label are \(Self.quoted(label)): macro F1 and balanced accuracy are about "
        + "that label alone, and nothing is known about the others."
    case .labels(let best, let worst, let f1, let difference, let comparisons):
      let interval =
        Self.interval(difference)
        + (comparisons > 1 ? ", widened for \(Format.count(comparisons)) comparisons" : "")
      let range =
        "F1 is \(Format.decimal(f1.0, 3)) for \(Self.quoted(best)) and \(Format.decimal(f1.1, 3)) for "
        + "\(Self.quoted(worst))"
      return difference.holds(0)
        ? "Over \(Self.posts(difference)), F1 does not clearly differ between labels: \(range) "
          + "(difference \(Format.signed(difference.value, 3)), \(interval))."
        : "\(range), a difference of \(Format.decimal(difference.value, 3)) (\(interval)), over "
          + "\(Self.posts(difference))."
    case .areas(let lowest, let highest): return Self.areas(lowest, highest)
    case .precision(let lowest, let chance, let highest): return Self.precision(lowest, chance, highest)
    case .withoutInterval(let measure, let label, let value, let posts):
      return
        "The \(measure) of \(Self.quoted(label)) is \(Format.decimal(value, 3)) over \(Format.count(posts, "post", "posts")). "
        + "Every resample gives the same value, so there is no interval."
    case .calibration(let confidence, let right): return Self.calibration(confidence, right)
    case .sure(let share): return "The confidence is above 0.9 for \(Self.share(share))."
    case .confidentMistakes(let sure, let share):
      if sure == 0 {
        return share.count == 1
          ? "The one wrong prediction had no confidence above 0.9."
          : "None of the \(Format.count(share.count)) wrong predictions had a confidence above 0.9."
      }
      return
        "Of \(Format.count(share.count, "wrong prediction", "wrong predictions")), \(Format.count(sure)) had a confidence "
        + "above 0.9: \(Self.percent(share.value)) (95 % interval \(Self.percents(share)))."
    case .similarity(let mean, let highest, let lowest, let difference, let isByTruth, let comparisons):
      return Self.similarity(mean, highest, lowest, difference, isByTruth, comparisons)
    case .sameWay(let share):
      return "Text and picture point the same way (cosine of 0 or more) in \(Self.share(share))."
    case .gap(let gap): return Self.gap(gap)
    case .closer(let share): return Self.closer(share)
    case .firstOf(let first): return Self.first(first)
    case .collapsed(let geometry): return Self.collapsed(geometry)
    case .ownFirst(let share, let found): return Self.ownFirst(share, found)
    case .neighbours(let share, let chance):
      return share.holds(chance)
        ? "Labels are not clearly separated on the map: for \(Self.share(share)), the nearest post has the same label; chance "
          + "is \(Self.percent(chance))."
        : "For \(Self.share(share)), the nearest post on the map has the same label; chance is \(Self.percent(chance))."
    case .slices(let values, let highest, let lowest, let difference, let comparisons):
      return Self.slices(values, highest, lowest, difference, comparisons)
    case .fewSlices(let values, let few):
      if values == 1 { return "The column has only one value, so there is nothing to compare." }
      return "Fewer than two values have \(few) or more posts with a true label, so values are not compared."
    case .stream(let name, let difference):
      return difference.holds(0)
        ? "Over \(Self.posts(difference)), accuracy does not clearly differ between posts with and without "
          + "\(Self.quoted(name)) (\(Self.bracketedPoints(difference)))."
        : "Predictions for posts with \(Self.quoted(name)) are right \(difference.value > 0 ? "more" : "less") often than for "
          + "posts without it, by \(Self.points(Self.size(difference))) over \(Self.posts(difference))."
    case .compared(let own, let other, let accuracy, let macroF1): return Self.compared(own, other, accuracy, macroF1)
    case .flips(let own, let other, let share):
      return
        "\(Self.quoted(own)) and \(Self.quoted(other)) give different labels to \(Self.share(share)); which is right is "
        + "unknown."
    case .counted(let own, let other, let share, let labelled, let test, let why):
      return
        "\(Self.quoted(own)) and \(Self.quoted(other)) give different labels to \(Self.share(share)). "
        + "\(Format.count(labelled, "post has", "posts have")) a true label: only \(Self.quoted(own)) is right for "
        + "\(Format.count(test.firstOnly)) of them, and only \(Self.quoted(other)) for \(Format.count(test.secondOnly)) "
        + "(McNemar's exact test, \(ComparisonBlock.pValueText(test.p)))."
        + (why.isEmpty ? "" : " The difference has no interval: there are \(why).")
    case .agreeing(let own, let other, let share, let labelled):
      let (this, that) = (Self.quoted(own), Self.quoted(other))
      if share.value == 0 {
        return share.count == 1
          ? "\(this) and \(that) agree on the one post in common."
          : "\(this) and \(that) agree on all \(Format.count(share.count)) posts."
      }
      return
        "\(this) and \(that) agree on \(labelled == 1 ? "the one post" : "all \(Format.count(labelled)) posts") with a true "
        + "label, so neither is right more often; they give different labels to \(Self.share(share))."
    case .nothingInCommon(let own, let other, let sameKeys):
      return "\(Self.quoted(own)) and \(Self.quoted(other)) have no post of the same content in common, so nothing is "
        + "compared."
        + (sameKeys == 0
          ? ""
          : " \(Format.count(sameKeys, "post shares only its key", "posts share only their keys")); pair posts by key to "
            + "compare those.")
    case .attention(let flat, let posts):
      if flat == 0 {
        return
          "In all \(Format.count(posts, "post", "posts")) shown, words attend to some part of the picture more than to the "
          + "rest."
      }
      return
        "Attention is flat in \(Format.count(flat)) of \(Format.count(posts, "post", "posts")) shown: no patch gets "
        + "\(Format.decimal(Self.flat, 1)) times an even share, so the maps there do not show what matters."
    case .looks(let most, let row, let column, let patches):
      let place = "row \(Format.count(row)), column \(Format.count(column))"
      return most < Self.flat
        ? "Attention is flat: none of \(Format.count(patches, "patch", "patches")) gets \(Format.decimal(Self.flat, 1)) times "
          + "an even share; the most, in \(place), is \(Format.decimal(most, 1)) times an even share."
        : "The text attends most to the patch in \(place): \(Format.decimal(most, 1)) times an even share of "
          + "\(Format.count(patches, "patch", "patches"))."
    case .without(let part, let label, let before, let after, let other):
      let change =
        "the probability of \(Self.quoted(label)) would be \(Self.percent(after)) instead of \(Self.percent(before))"
      return other.map { "Without its \(Self.plain(part)), the answer would be \(Self.quoted($0)): \(change)." }
        ?? "Leaving out any one part does not change the answer. The \(Self.plain(part)) matters most: without it, \(change)."
    case .hidden(let with, let without):
      return "The predictions are right for \(Self.share(with)) with pictures, and for \(Self.percent(without.value)) "
        + "(95 % interval \(Self.percents(without))) with every picture hidden."
    case .settings(let compared, let differing, let best, let baseline, let posts):
      let settings = Format.count(compared, "setting", "settings")
      guard differing > 0, let best else {
        return
          "\(compared == 1 ? "The one other setting does not clearly differ" : "None of \(settings) clearly differs") from \(Self.plain(baseline)) in macro F1 over "
          + "\(Format.count(posts, "post", "posts"))."
      }
      return
        "\(Format.count(differing)) of \(settings) clearly \(differing == 1 ? "differs" : "differ") from "
        + "\(Self.plain(baseline)) in macro F1 over \(Format.count(posts, "post", "posts")); the largest change is that of "
        + "\(Self.plain(best.name)): \(Self.decimals(best.estimate))."
    }
  }

  // MARK: - Whole sentences

  private static func right(
    _ accuracy: Estimate, _ macroF1: Estimate?, _ scored: Int, _ always: String, _ reached: Double, _ run: String?
  ) -> String {
    if accuracy.count == 1, scored > 1 {
      return "Only 1 of \(Format.count(scored)) scored posts has a true label; the prediction is "
        + "\(accuracy.value > 0.5 ? "right" : "wrong") for it."
    }
    let posts =
      accuracy.count == scored
      ? scored == 1
        ? "the one scored post, which has a true label"
        : "all \(Format.count(scored)) scored posts, each with a true label"
      : "the \(Format.count(accuracy.count)) of \(Format.count(scored)) scored posts that have a true label"
    var words =
      "The predictions\(run.map { " of \(quoted($0))" } ?? "") are right for \(percent(accuracy.value)) of \(posts) (95 % interval \(percents(accuracy)))"
    if let macroF1 {
      words += "; macro F1 is \(Format.decimal(macroF1.value, 3)) (\(interval(macroF1)))"
    }
    words += ". Always predicting \(quoted(always)) would be right for \(percent(reached))"
    if accuracy.low > reached { return words + "." }
    return words
      + (accuracy.high < reached
        ? ", which is better." : "; the difference is not clear.")
  }

  private static func pictures(_ without: Int, _ posts: Int, _ isImported: Bool) -> String {
    if posts == 0 { return "No post was read." }
    // Another system read the posts of an import, so only say what the store has.
    let (one, many) = isImported ? ("is in the store", "are in the store") : ("was read", "were read")
    if without == 0 {
      return posts == 1
        ? "The one post \(one) with its picture." : "All \(Format.count(posts)) posts \(many) with their picture."
    }
    if without == posts {
      return posts == 1
        ? "The one post \(one) without a picture." : "All \(Format.count(posts)) posts \(many) without a picture."
    }
    return "\(Format.count(without)) of \(Format.count(posts)) posts (\(Format.share(without, of: posts))) "
      + "\(without == 1 ? one : many) without a picture."
  }

  private static func areas(_ lowest: Named, _ highest: Named) -> String {
    func one(_ named: Named) -> String { "\(quoted(named.name)) \(decimals(named.estimate))" }
    let chance = lowest.estimate.holds(0.5)
    if lowest == highest {
      return "The area under the curve is \(decimals(lowest.estimate)) over \(posts(lowest.estimate)); chance is 0.5"
        + (chance ? "; the difference is not clear." : ".")
    }
    return
      "Areas range from \(one(lowest)) to \(one(highest)), over \(posts(lowest.estimate)); chance is 0.5"
      + (chance ? "; the difference is not clear for the lowest." : ".")
  }

  private static func precision(_ lowest: Named, _ chance: Double, _ highest: Named) -> String {
    func one(_ named: Named) -> String { "\(quoted(named.name)) \(decimals(named.estimate))" }
    let words =
      lowest == highest
      ? "Average precision is \(decimals(lowest.estimate)) over \(posts(lowest.estimate))"
      : "Average precision ranges from \(one(lowest)) to \(one(highest)), over \(posts(lowest.estimate))"
    let label = lowest == highest ? "" : " for \(quoted(lowest.name))"
    return words + "; chance\(label) is \(Format.decimal(chance, 3))"
      + (lowest.estimate.holds(chance) ? "; the difference is not clear." : ".")
  }

  private static func calibration(_ confidence: Double, _ right: Estimate) -> String {
    let said =
      "over \(posts(right)), the mean confidence is \(Format.decimal(confidence, 3)) and accuracy is "
      + "\(Format.decimal(right.value, 3)) (\(interval(right)))"
    if right.holds(confidence) {
      return "Confidence and accuracy do not clearly differ: \(said)."
    }
    let by = Format.decimal((confidence - right.value).magnitude, 3)
    return "The predictions are \(confidence > right.value ? "overconfident" : "underconfident") by \(by): \(said)."
  }

  private static func slices(
    _ values: Int, _ highest: Named, _ lowest: Named, _ difference: Estimate, _ comparisons: Int
  ) -> String {
    let range =
      "\(percent(lowest.estimate.value)) for \(quoted(lowest.name)) (\(posts(lowest.estimate))), "
      + "\(percent(highest.estimate.value)) for \(quoted(highest.name)) (\(posts(highest.estimate)))"
    let interval = points(
      difference, comparisons > 1 ? ", widened for \(Format.count(comparisons)) comparisons" : "")
    return difference.holds(0)
      ? "Accuracy does not clearly differ between \(Format.count(values)) values; the largest difference: \(range), by "
        + "\(interval)."
      : "Accuracy differs between \(Format.count(values)) values; the largest difference: \(range), by \(interval)."
  }

  private static func compared(_ own: String, _ other: String, _ accuracy: Estimate, _ macroF1: Estimate) -> String {
    let (this, that) = (quoted(own), quoted(other))
    let f1 =
      macroF1.holds(0)
      ? "macro F1 does not clearly differ (\(bracketed(macroF1)))"
      : "macro F1 is \(macroF1.value > 0 ? "higher" : "lower") by \(decimals(size(macroF1)))"
    if accuracy.holds(0) {
      return
        "Over \(posts(accuracy)), \(this) and \(that) do not clearly differ in accuracy (\(bracketedPoints(accuracy))); "
        + "\(f1)."
    }
    return
      "\(this) is right \(accuracy.value > 0 ? "more" : "less") often than \(that), by \(points(size(accuracy))) over "
      + "\(posts(accuracy)); \(f1)."
  }
}
