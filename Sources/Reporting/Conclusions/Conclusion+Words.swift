import Evaluation

extension Conclusion {
  /// The conclusion in plain words, with the posts it rests on and the 95 % interval.
  package var sentence: String {
    switch self {
    case .right(let accuracy, let macroF1, let scored, let always, let reached):
      return Self.right(accuracy, macroF1, scored, always, reached)
    case .noTruth(let posts):
      return posts == 0
        ? "No post was scored, so there is nothing to say of right and wrong."
        : "None of the \(Format.count(posts, "scored post", "scored posts")) has a true label, so nothing is known of right "
          + "and wrong."
    case .labelsAlone:
      return
        "The predictions are labels alone: nobody said how sure their system was, so nothing is said of certainty, "
        + "of curves and of calibration."
    case .pictures(let without, let posts, let isImported): return Self.pictures(without, posts, isImported)
    case .notAsTrained(let respects):
      return
        "In \(Format.count(respects, "respect", "respects")) the posts are not what the model was trained on, which can make "
        + "it less right; the facts of the run say it under \u{201C}Not as trained\u{201D}."
    case .lost(let rows, let read):
      return
        "\(Format.count(rows)) of \(Format.count(read, "row", "rows")) (\(Format.share(rows, of: read))) could not be "
        + "scored."
    case .commonest(let label):
      return "The commonest prediction is \(Self.quoted(label.name)): \(Self.share(label.estimate))."
    case .confused(let truth, let predicted, let mistakes, let share):
      return "The commonest mistake is \(Self.quoted(predicted)) for what is \(Self.quoted(truth)): "
        + "\(Format.count(mistakes)) of \(Format.count(share.count, "such post", "such posts")), "
        + "\(Self.percent(share.value)) (95 % interval \(Self.percents(share)))."
    case .noMistake(let posts, let most):
      return "None of the \(Format.count(posts, "post", "posts")) with a true label is mistaken; that leaves room for "
        + "mistakes in up to \(Self.percent(most)) of such posts (95 % interval)."
    case .labels(let best, let worst, let f1, let difference):
      let range =
        "F1 is \(Format.decimal(f1.0, 3)) for \(Self.quoted(best)) and \(Format.decimal(f1.1, 3)) for "
        + "\(Self.quoted(worst))"
      return difference.holds(0)
        ? "No difference in F1 between labels that \(Self.posts(difference)) could show: \(range) "
          + "(difference \(Self.bracketed(difference)))."
        : "\(range), a difference of \(Self.decimals(difference)), over \(Self.posts(difference))."
    case .areas(let lowest, let highest): return Self.areas(lowest, highest)
    case .precision(let lowest, let chance, let highest): return Self.precision(lowest, chance, highest)
    case .calibration(let confidence, let right): return Self.calibration(confidence, right)
    case .sure(let share): return "The run is sure, with over 0.9, in \(Self.share(share))."
    case .sureMistakes(let sure, let share):
      return "Of \(Format.count(share.count, "wrong prediction", "wrong predictions")) the run was sure of "
        + "\(Format.count(sure)), with over 0.9: \(Self.percent(share.value)) (95 % interval \(Self.percents(share)))."
    case .similarity(let mean, let highest, let lowest, let difference, let isByTruth):
      return Self.similarity(mean, highest, lowest, difference, isByTruth)
    case .sameWay(let share):
      return "Text and picture point the same way, with a cosine from 0 on, in \(Self.share(share))."
    case .gap(let gap):
      return gap.holds(0)
        ? "Texts stand no nearer to their own picture than to others, as far as \(Self.posts(gap)) could show (mean "
          + "difference of cosines \(Self.bracketed(gap)))."
        : "Texts stand \(gap.value > 0 ? "nearer to" : "farther from") their own picture than \(gap.value > 0 ? "to" : "from") "
          + "others: the cosines differ by \(Self.decimals(Self.size(gap))) in the mean, over \(Self.posts(gap))."
    case .ownFirst(let share, let found):
      let words = "\(Format.count(found)) of \(Format.count(share.count, "text", "texts"))"
      let chance = 1 / Double(share.count)
      return share.holds(chance)
        ? "Finding the own picture first: no difference from chance that \(Self.posts(share)) could show (\(words), "
          + "\(Self.percent(share.value)), 95 % interval \(Self.percents(share)); chance \(Self.percent(chance)))."
        : "\(words) find their own picture first: \(Self.percent(share.value)) (95 % interval \(Self.percents(share)); "
          + "chance \(Self.percent(chance)))."
    case .neighbours(let share, let chance):
      return share.holds(chance)
        ? "On the map labels do not lie apart, as far as \(Self.posts(share)) could show: the nearest post has the same label "
          + "in \(Self.percent(share.value)) (95 % interval \(Self.percents(share)); chance \(Self.percent(chance)))."
        : "The nearest post on the map has the same label in \(Self.share(share)); chance would be \(Self.percent(chance))."
    case .slices(let values, let highest, let lowest, let difference, let comparisons):
      return Self.slices(values, highest, lowest, difference, comparisons)
    case .fewSlices(let few):
      return "Fewer than two values have \(few) posts with a true label, so they cannot be compared."
    case .stream(let name, let difference):
      return difference.holds(0)
        ? "Accuracy of posts with and without \(Self.quoted(name)): no difference that \(Self.posts(difference)) could show "
          + "(\(Self.bracketedPoints(difference)))."
        : "Posts with \(Self.quoted(name)) are right \(difference.value > 0 ? "more" : "less") often than posts without it: "
          + "by \(Self.points(Self.size(difference))), over \(Self.posts(difference))."
    case .compared(let own, let other, let accuracy, let macroF1): return Self.compared(own, other, accuracy, macroF1)
    case .flips(let own, let other, let share):
      return
        "\(Self.quoted(own)) and \(Self.quoted(other)) give two labels to \(Self.share(share)); which is right is not "
        + "known."
    case .nothingInCommon(let own, let other, let sameKeys):
      return "\(Self.quoted(own)) and \(Self.quoted(other)) have no post of the same content in common, so nothing is "
        + "compared."
        + (sameKeys == 0
          ? ""
          : " \(Format.count(sameKeys, "post shares its key", "posts share their keys")) only: --pair key compares those.")
    case .attention(let flat, let posts):
      if flat == 0 {
        return
          "In all \(Format.count(posts, "post", "posts")) shown, words look at some part of the picture more than at the "
          + "rest."
      }
      return
        "Attention is flat in \(Format.count(flat)) of \(Format.count(posts, "post", "posts")) shown: no patch gets "
        + "\(Format.decimal(Self.flat, 1)) times an even share, so the maps there say nothing of what matters."
    case .looks(let most, let row, let column, let patches):
      let place = "row \(Format.count(row)), column \(Format.count(column))"
      return most < Self.flat
        ? "Attention is flat: of \(Format.count(patches, "patch", "patches")) none gets \(Format.decimal(Self.flat, 1)) times "
          + "an even share; the most looked-at (\(place)) gets \(Format.decimal(most, 1)) times."
        : "The text looks most at the patch in \(place): \(Format.decimal(most, 1)) times an even share of "
          + "\(Format.count(patches, "patch", "patches"))."
    case .without(let part, let label, let before, let after, let other):
      let change = "\(Self.quoted(label)) would have \(Self.percent(after)) instead of \(Self.percent(before))"
      return other.map { "Without its \(Self.plain(part)) the answer would be \(Self.quoted($0)): \(change)." }
        ?? "No part changes the answer by being left out: most is changed by its \(Self.plain(part)), without which \(change)."
    case .hidden(let with, let without):
      return "With pictures \(Self.share(with)) are right, with every picture hidden \(Self.percent(without.value)) "
        + "(95 % interval \(Self.percents(without)))."
    case .settings(let compared, let differing, let best, let baseline, let posts):
      let settings = Format.count(compared, "setting", "settings")
      guard differing > 0, let best else {
        return "None of \(settings) differs from \(Self.plain(baseline)) in macro-F1 by more than "
          + "\(Format.count(posts, "post", "posts")) could show."
      }
      return
        "\(Format.count(differing)) of \(settings) \(differing == 1 ? "differs" : "differ") from \(Self.plain(baseline)) in "
        + "macro-F1 beyond the chance of \(Format.count(posts, "post", "posts")); most is changed by \(Self.plain(best.name)): "
        + "\(Self.decimals(best.estimate))."
    }
  }

  // MARK: - Whole sentences

  private static func right(
    _ accuracy: Estimate, _ macroF1: Estimate?, _ scored: Int, _ always: String, _ reached: Double
  ) -> String {
    let posts =
      accuracy.count == scored
      ? "\(scored == 1 ? "the one scored post" : "all \(Format.count(scored)) scored posts"), each with a true label"
      : "the \(Format.count(accuracy.count)) of \(Format.count(scored)) scored posts that have a true label"
    var words = "The run is right on \(percent(accuracy.value)) of \(posts) (95 % interval \(percents(accuracy)))"
    if let macroF1 {
      words += "; macro F1 is \(Format.decimal(macroF1.value, 3)) (\(interval(macroF1)))"
    }
    words += ". Always saying \(quoted(always)) would be right on \(percent(reached))"
    if accuracy.low > reached { return words + "." }
    return words
      + (accuracy.high < reached
        ? ", which is more." : ": no difference to that which \(Self.posts(accuracy)) could show.")
  }

  private static func pictures(_ without: Int, _ posts: Int, _ isImported: Bool) -> String {
    if posts == 0 { return "No post was read." }
    let read = isImported ? "in the store" : "read"
    if without == 0 {
      return posts == 1
        ? "The one post is \(read) with its picture."
        : "All \(Format.count(posts)) posts are \(read) with "
          + "their picture."
    }
    if without == posts {
      return posts == 1
        ? "The one post is \(read) without picture."
        : "All \(Format.count(posts)) posts are \(read) without "
          + "picture."
    }
    return "\(Format.count(without)) of \(Format.count(posts)) posts (\(Format.share(without, of: posts))) "
      + "\(without == 1 ? "is" : "are") \(read) without picture."
  }

  private static func areas(_ lowest: Named, _ highest: Named) -> String {
    func one(_ named: Named) -> String { "\(quoted(named.name)) \(decimals(named.estimate))" }
    let chance = lowest.estimate.holds(0.5)
    if lowest == highest {
      return "The area under the curve is \(decimals(lowest.estimate)) over \(posts(lowest.estimate)); chance is 0.5"
        + (chance ? ", and that is no difference which these posts could show." : ".")
    }
    return
      "Areas go from \(one(lowest)) to \(one(highest)), over \(posts(lowest.estimate)); chance is 0.5"
      + (chance ? ", and the lowest is no different from it as far as these posts could show." : ".")
  }

  private static func precision(_ lowest: Named, _ chance: Double, _ highest: Named) -> String {
    func one(_ named: Named) -> String { "\(quoted(named.name)) \(decimals(named.estimate))" }
    let words =
      lowest == highest
      ? "Average precision is \(decimals(lowest.estimate)) over \(posts(lowest.estimate))"
      : "Average precision goes from \(one(lowest)) to \(one(highest)), over \(posts(lowest.estimate))"
    let label = lowest == highest ? "" : " for \(quoted(lowest.name))"
    return words + "; chance\(label) is \(Format.decimal(chance, 3))"
      + (lowest.estimate.holds(chance) ? ", and that is no difference which these posts could show." : ".")
  }

  private static func calibration(_ confidence: Double, _ right: Estimate) -> String {
    let said = "it is \(Format.decimal(confidence, 3)) sure in the mean and right in \(Format.decimal(right.value, 3)) "
    let rest = "(\(interval(right))) of \(posts(right))"
    if right.holds(confidence) {
      return
        "Between how sure the run is and how often it is right there is no difference that \(posts(right)) could show: "
        + "\(said)\(rest)."
    }
    let by = Format.decimal((confidence - right.value).magnitude, 3)
    return "The run is \(confidence > right.value ? "too sure of itself" : "too modest") by \(by): \(said)\(rest)."
  }

  private static func similarity(
    _ mean: Estimate, _ highest: Named?, _ lowest: Named?, _ difference: Estimate?, _ isByTruth: Bool
  ) -> String {
    var words = "Text and picture of a post have a mean cosine of \(decimals(mean)), over \(posts(mean))."
    guard let highest, let lowest, let difference else { return words }
    let labels = isByTruth ? "true labels" : "predicted labels"
    let range =
      "\(Format.decimal(highest.estimate.value, 3)) for \(quoted(highest.name)), "
      + "\(Format.decimal(lowest.estimate.value, 3)) for \(quoted(lowest.name))"
    words +=
      difference.holds(0)
      ? " Between \(labels) there is no difference that \(posts(difference)) could show (\(range))."
      : " It differs between \(labels): \(range), a difference of \(decimals(difference))."
    return words
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
      ? "No difference in accuracy between \(Format.count(values)) values that their posts could show: the widest is \(range), "
        + "\(interval)."
      : "Accuracy differs: \(range), by \(interval)."
  }

  private static func compared(_ own: String, _ other: String, _ accuracy: Estimate, _ macroF1: Estimate) -> String {
    let (this, that) = (quoted(own), quoted(other))
    let f1 =
      macroF1.holds(0)
      ? "in macro F1 there is no difference that they could show (\(bracketed(macroF1)))"
      : "macro F1 is \(macroF1.value > 0 ? "higher" : "lower") by \(decimals(size(macroF1)))"
    if accuracy.holds(0) {
      return "Between \(this) and \(that) there is no difference in accuracy that \(posts(accuracy)) could show "
        + "(\(bracketedPoints(accuracy))); \(f1)."
    }
    return
      "\(this) is right \(accuracy.value > 0 ? "more" : "less") often than \(that): by \(points(size(accuracy))), over "
      + "\(posts(accuracy)); \(f1)."
  }
}
