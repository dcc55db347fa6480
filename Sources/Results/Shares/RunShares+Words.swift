package import Bytes
import Evaluation
import Foundation
import Store

extension RunShares {
  /// A label's share of all posts in a sentence; nil for a label that has none.
  package func sentence(label: ByteText) -> String? {
    guard let share = whole.shares.first(where: { $0.label == label && $0.method == .predictionPowered }),
      let interval = share.interval
    else { return nil }
    let posts = reposts == nil ? "posts" : "distinct posts"
    let design = sample.map { "a \($0.design.rawValue) sample" } ?? "no sample that clfa drew"
    return
      "\(Self.percent(share.value)) (95 % interval \(Self.percent(interval.low)) to \(Self.percent(interval.high))) of "
      + "\(Format.count(whole.posts)) \(posts) are \"\(label.printable)\": estimated from \(Format.count(whole.labelled)) "
      + "labelled posts (\(design))."
  }

  /// The name and the design of the sample whose labels count, such as `random`.
  package var drawn: (name: String, design: String)? { sample.map { ($0.name, $0.design.rawValue) } }

  /// The mean of the column in a label's posts in a sentence; nil for a label that has none.
  package func meanSentence(label: ByteText) -> String? {
    guard let column = numberColumn,
      let mean = whole.means.first(where: { $0.label == label && $0.method == .predictionPowered }),
      let interval = mean.interval, let all = whole.means.first(where: { $0.method == .all })
    else { return nil }
    let posts = reposts == nil ? "posts" : "distinct posts"
    let design = sample.map { "a \($0.design.rawValue) sample" } ?? "no sample that clfa drew"
    return
      "The mean of \(column.printable) is \(Self.decimal(mean.value)) (95 % interval \(Self.decimal(interval.low)) to "
      + "\(Self.decimal(interval.high))) in \(posts) that are \"\(label.printable)\": estimated from \(Format.count(mean.count)) of them "
      + "among \(Format.count(whole.labelled)) labelled posts (\(design)). In all \(Format.count(all.count)) \(posts) with a number it is "
      + "\(Self.decimal(all.value))."
  }

  /// A number with three digits or more.
  static func decimal(_ number: Double) -> String {
    String(
      format: abs(number) >= 100 ? "%.0f" : abs(number) >= 10 ? "%.1f" : abs(number) >= 1 ? "%.2f" : "%.3g", number)
  }

  /// A share in percent, with a decimal below 10 %.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    return String(format: percent < 9.95 ? "%.1f %%" : "%.0f %%", percent)
  }

  /// What a reader must know before trusting the shares.
  package var notices: [String] {
    let few = slices.filter { $0.labelled < SliceTable.few }
    guard !few.isEmpty else { return wholeNotices }
    return wholeNotices + [
      "\(Format.count(few.count, "slice has", "slices have")) fewer than \(SliceTable.few) labels: "
        + few.map { "\($0.name.printable(upTo: 60)) (\($0.labelled))" }.listed(most: 10)
        + "; their intervals are rough"
    ]
  }

  /// What a reader must know before trusting the shares of all posts.
  package var wholeNotices: [String] {
    var notices: [String] = []
    if let sample, let sampled {
      let missing = sampled - whole.labelled
      if missing > 0 {
        notices.append(
          "\(Format.count(whole.labelled)) of \(Format.count(sampled)) posts of the sample \(sample.name.printable) are "
            + "labelled; the estimate takes those without a label for a random part of it, so label them too, or the interval "
            + "may be wrong")
      }
      if sampled < sample.size {
        notices.append(
          "\(Format.count(sample.size - sampled, "post", "posts")) of the sample \(sample.name.printable) "
            + "\(sample.size - sampled == 1 ? "is" : "are") not among the scored posts of the run")
      }
    } else if whole.labelled < whole.posts {
      notices.append(
        "the store has no sample of this run, so all \(Format.count(whole.labelled)) labels count as a random sample; the "
          + "interval holds only if the labelled posts were drawn at random. clfa sample draws one")
    }
    if outsideStrata > 0 {
      notices.append(
        "\(Format.count(outsideStrata, "post belongs", "posts belong")) to no stratum of the sample, because they were scored "
          + "after it was drawn; they count with the stratum that has the fewest labels")
    }
    if joinedStrata > 0 {
      notices.append(
        "\(Format.count(joinedStrata, "stratum has", "strata have")) fewer than two labels and "
          + "\(joinedStrata == 1 ? "was" : "were") joined with others")
    }
    if !hasProbabilities {
      notices.append("the run has no probabilities, so each predicted label counts as certain")
    }
    notices += numberNotices
    return notices
  }

  /// What a reader must know about the column of numbers.
  private var numberNotices: [String] {
    guard let column = numberColumn?.printable(upTo: 60) else { return [] }
    let numbered = whole.means.first { $0.method == .all }?.count ?? 0
    if numbered == 0 { return ["no scored post of the run has a number in the column \(column), so there is no mean"] }
    let few = whole.means.filter { $0.method == .predictionPowered && $0.count < SliceTable.few }
    return [
      numbered < whole.posts
        ? "\(Format.count(whole.posts - numbered, "post has", "posts have")) no number in the column \(column) and "
          + "\(whole.posts - numbered == 1 ? "is" : "are") left out of its means" : nil,
      few.isEmpty
        ? nil
        : "fewer than \(SliceTable.few) labelled posts have the label "
          + few.compactMap { mean in mean.label.map { "\($0.printable) (\(mean.count))" } }.listed(most: 10)
          + " and a number; the intervals of the means are rough",
    ].compactMap(\.self)
  }
}
