import ArgumentParser
import Bytes
import Store

/// `clfa merge`: merges several stores into one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge stores into one: the shards of a run become one run, and everything else is copied.",
    discussion: """
      Shards with the same run name, model, options, corpus, sample and limit become one run. Merging the same \
      stores again changes nothing, and further shards can be merged later. The inputs are only read. If one model \
      has different predictions for the same post, the merge fails and the output stays unchanged; small differences \
      are accepted if the runs come from different processors or library versions. If both stores have a value for a \
      post, such as its true label, the output keeps its own, and the posts with a difference are counted; values \
      that only an input has are added. A run that was changed after it finished is an error.

      EXAMPLE
        clfa score posts.csv --model MODEL --store 1.sqlite --shard 1/4   # to 4/4
        clfa merge posts.sqlite 1.sqlite 2.sqlite 3.sqlite 4.sqlite
      """)

  @Argument(
    help: "The store to merge into; created if it does not exist.", completion: .file(extensions: ["sqlite"]))
  var output: String

  @Argument(help: "The stores to merge into it.", completion: .file(extensions: ["sqlite"]))
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
      if let mix = run.mix { Console.line("notice: " + MachineMix.notice(run: run.name.text, mix)) }
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
