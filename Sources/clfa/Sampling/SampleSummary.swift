import Bytes
import Queries
import Results
import Store

/// What `clfa sample` says: a sample that was drawn, or those of a store.
enum SampleSummary {
  /// The columns of `--list`.
  static let columns = [
    "name", "run", "design", "by", "allocation", "strata", "posts", "labelled", "distinct", "seed", "drawn_at",
  ]

  /// A row of `--list`.
  static func values(_ listed: ListedSample) -> [QueryValue] {
    let sample = listed.sample
    return [
      .text(sample.name), .text(listed.run.text), .text(sample.design.rawValue),
      sample.by.isEmpty ? .null : .text(sample.by.joined(separator: ",")),
      sample.allocation.map { .text($0) } ?? .null, .integer(Int64(sample.strata.count)), .integer(Int64(listed.posts)),
      .integer(Int64(listed.labelled)), .text(sample.isDistinct ? "yes" : "no"), .text("\(sample.seed)"),
      .text(sample.drawnAt),
    ]
  }

  /// The lines on a new sample.
  ///
  /// - Parameters:
  ///   - draw: the sample.
  ///   - plan: what was asked for.
  ///   - file: the file that was written, if any.
  /// - Returns: what was drawn, then notices.
  static func lines(_ draw: SampleDraw, asked plan: SamplePlan, file: String?) -> [String] {
    let sample = draw.record, name = sample.name.printable
    var lines = ["sample \(name): " + drawn(draw) + (file.map { "; written to \($0.printable)" } ?? "")]
    if sample.size > plan.size {
      lines.append(
        "notice: \(sample.size) posts instead of \(plan.size), because each of the \(sample.strata.count) groups gives at least "
          + "two; fewer columns after --by make fewer groups")
    }
    if sample.size < plan.size { lines.append("notice: there are no more than these") }
    if draw.labelled > 0, sample.design != .labelIssues {
      let posts = draw.labelled.counted("post", "posts")
      lines.append("notice: \(posts) of the sample already \(draw.labelled == 1 ? "has" : "have") a label")
    }
    if draw.withoutProbabilities > 0 {
      lines.append(
        "notice: \(draw.withoutProbabilities.counted("post", "posts")) without probabilities left out")
    }
    switch sample.design {
    case .random, .stratified: break
    case .uncertain:
      lines.append(
        "notice: the posts that the model is least sure of are good for training; their labels estimate nothing about the run"
      )
    case .labelIssues:
      lines.append(
        "notice: these posts were chosen by their labels, so new labels of them estimate nothing about the run")
    }
    if draw.runState != "finished" {
      lines.append(
        "notice: run \(draw.runName.printable) is \(draw.runState), so the sample is one of the posts scored so far")
    }
    return lines
  }

  private static func drawn(_ draw: SampleDraw) -> String {
    let sample = draw.record, posts = sample.size.counted("post", "posts")
    let all = sample.strata.reduce(0) { $0 + $1.posts }
    let run = "run \(draw.runName.printable)"
    switch sample.design {
    case .random: return "\(posts) of \(all) of \(run), drawn at random"
    case .stratified:
      return "\(posts) of \(all) of \(run), drawn from \(sample.strata.count.counted("group", "groups")) by "
        + sample.by.map(\.printable).joined(separator: ", ") + " (\(sample.allocation ?? ""))"
    case .uncertain: return "the \(posts) of \(all) of \(run) that the model is least sure of"
    case .labelIssues: return "\(posts) of the \(all) of \(run) whose labels are probably wrong"
    }
  }
}
