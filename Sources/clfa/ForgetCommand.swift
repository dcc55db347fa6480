import ArgumentParser
import Corpus
import Scoring
import Store

/// `clfa forget`: removes posts from a store permanently.
struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Delete posts from a store permanently, with everything stored about them.",
    discussion: """
      KEYS is a file with one key (the id of a post) per line; - is standard input. Each post is deleted in all its \
      versions, with its predictions, vectors, pictures, labels, search entries and the faults that name its key. \
      Its ledger entries remain as "forgotten", without the key, so every run still accounts for each record. The \
      deleted data is overwritten and the store file is rewritten. If the command is interrupted, the next command \
      that writes to the store finishes the job.

      The same run never scores these records again. A new run of the same corpus would, so delete them from its \
      files, too.

      Keys that are not found are printed on standard output, one per line.

      EXAMPLE
        clfa forget posts.sqlite keys.txt
        echo 1280 | clfa forget posts.sqlite -
        clfa query posts.sqlite post key=1280
      """)

  @OptionGroup var store: StoreArgument

  @Argument(help: "A file of keys, one per line; - is standard input.", completion: .file())
  var keys: String

  func run() throws {
    try Interruptible.run { shouldStop in
      let keys = try KeyFile.read(self.keys, shouldStop: shouldStop)
      let summary = try store.change(shouldStop: shouldStop) { try $0.forget(keys) }
      for line in words(summary) { Console.line(line) }
      let output = StandardOutput()
      do {
        for key in summary.missing { try output.write(key + "\n") }
        try output.flush()
      } catch StandardOutput.WriteError.closed {
        // The reader closed the pipe, which is not an error.
      }
      if case .interrupted? = summary.uncompacted { throw ExitStatus.interrupted }
    }
  }

  private func words(_ summary: ForgetSummary) -> [String] {
    var lines: [String] = []
    if summary.keys == 0 {
      lines.append("\(store.path): no post has one of these keys; nothing was removed")
    } else {
      let parts = [
        summary.posts.counted("post", "posts"), summary.predictions.counted("prediction", "predictions"),
        summary.vectors.counted("vector", "vectors"), summary.thumbnails.counted("small picture", "small pictures"),
        summary.labels.counted("label", "labels"), summary.faults.counted("fault", "faults"),
      ]
      lines.append(
        "\(store.path): forgot \(summary.keys.counted("key", "keys")): removed \(parts.joined(separator: ", ")); "
          + "\(summary.entries.counted("entry", "entries")) of \(summary.runs.counted("run", "runs")) "
          + (summary.entries == 1 ? "is" : "are") + " now forgotten")
    }
    if !summary.missing.isEmpty {
      let count = summary.missing.count
      lines.append(
        "not found: \(count.counted("key", "keys")), listed on standard output; keys are compared byte by byte, blanks and "
          + "quotes included")
    }
    switch summary.uncompacted {
    case nil: break
    case .interrupted?:
      lines.append(
        "interrupted while the file was written anew: it may still hold texts of what was removed, until the next command that "
          + "writes the store has done that, such as clfa forget \(store.path) /dev/null")
    case .busy?:
      lines.append(
        "another program reads the store: what was removed is out of the file when that has closed it, and clfa has "
          + "opened it once more for writing, such as with clfa forget \(store.path) /dev/null")
    case let error?:
      lines.append(
        "the file could not be written anew, and may still hold texts of what was removed; the next command that writes the "
          + "store tries again: \(Advice.message(of: error))")
    }
    return lines
  }
}
