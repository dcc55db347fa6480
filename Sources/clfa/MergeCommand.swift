import ArgumentParser
import Bytes
import Store

/// `clfa merge`: several stores into one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make several stores one: shards become a whole run, everything else comes along.",
    discussion: """
      Shards of equal name, model, options, corpus, sample and limit become one run. Merging twice changes \
      nothing, and a shard that comes later is merged later. The inputs are only read. One model's unequal \
      predictions for one post end the merge and leave the output as it was; small differences are fine \
      where the runs come from different processors or libraries. A value that both stores have of a post stays as \
      the output has it, and the posts that differ are counted; a value that only an input has is added. A run that was changed after its end is an error.

      EXAMPLE
        clfa score posts.csv --model MODEL --store 1.sqlite --shard 1/4   # to 4/4
        clfa merge posts.sqlite 1.sqlite 2.sqlite 3.sqlite 4.sqlite
      """)

  @Argument(
    help: "The store to merge into; made where there is none.", completion: .file(extensions: ["sqlite"]))
  var output: String

  @Argument(help: "The stores to merge.", completion: .file(extensions: ["sqlite"]))
  var inputs: [String]

  func run() throws {
    try Interruptible.run { shouldStop in
      say(try StoreMerge.stores(inputs, into: output, shouldStop: shouldStop))
    }
  }

  private func say(_ summary: MergeSummary) {
    for notice in summary.notices { Console.line("notice: \(notice)") }
    let thumbnails = summary.thumbnails > 0 ? ", \(summary.thumbnails.counted("thumbnail", "thumbnails"))" : ""
    Console.line(
      "Added to \(output): \(summary.posts.counted("post", "posts")), "
        + "\(summary.predictions.counted("prediction", "predictions")), "
        + "\(summary.vectors.counted("vector", "vectors"))\(thumbnails) and "
        + "\(summary.entries.counted("entry", "entries"))")
    if summary.updated > 0 {
      Console.line(
        "\(output): \(summary.updated.counted("post", "posts")) got other columns or a date that another store has: "
          + summary.updatedColumns.all.listed(most: 5))
    }
    if summary.differing > 0 {
      Console.line(
        "notice: \(summary.differing.counted("post differs", "posts differ")) in other columns between the stores "
          + "(\(summary.differingColumns.all.listed(most: 5))); \(output) keeps its own values")
    }
    if summary.nearlyEqual > 0 {
      Console.line(
        "\(summary.nearlyEqual) predictions and vectors from different processors or libraries differ a little; "
          + "the first of each is kept")
    }
    for run in summary.runs {
      if let mix = run.mix { Console.line("notice: " + MachineMix.notice(run: run.name, mix)) }
    }
    for run in summary.runs where !run.missingShards.isEmpty {
      let missing = run.missingShards
      let more = missing.count > 20 ? " and \(missing.count - 20) more" : ""
      Console.line(
        "run \(run.name.printable) is incomplete: shards \(missing.prefix(20).joined(separator: ", "))\(more) are missing; "
          + "merge them when they are finished")
    }
  }
}
