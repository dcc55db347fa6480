import Bytes
import GRDB
import Glibc
import Queries

/// Makes several stores one.
///
/// Shards of one corpus (equal name, scorer, corpus, sample and limit) become one run, whole when none is
/// missing; other runs, posts, labels, predictions and vectors come along. What is there already stays, so
/// merging twice changes nothing. One scorer's unequal predictions for one post end the merge.
public enum Merge {
  /// Merges stores into one that may exist already.
  ///
  /// It is one transaction: after an error the output is what it was before, or does not exist. The inputs
  /// are read only. Memory does not grow with the stores; the log takes as much disk as the new rows.
  /// Once `shouldStop` says yes, it ends as `interrupted`, like any other error.
  /// - Throws: `merge` with the conflict, or what opening and writing throw.
  /// - Complexity: O(n log m) for n rows of the inputs and m of the output.
  public static func stores(
    _ inputs: [String], into output: String, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) -> MergeSummary {
    var readers: [StoreReader] = []
    for input in inputs {
      if isSameFile(input, output) { throw .merge(.sameStore(path: input)) }
      readers.append(try StoreReader(path: input, shouldStop: shouldStop))
    }
    if shouldStop?() == true { throw .interrupted(path: output) }
    let writer = try StoreWriter.open(path: output, shouldStop: shouldStop)
    do {
      var summary = try writer.merge(readers)
      summary.notices = writer.notices
      try writer.close()
      return summary
    } catch {
      // An empty store would only be in the way of the next attempt's messages.
      if writer.wasCreated { writer.discard() } else { try? writer.close() }
      // Inputs are only read: it is the output that was written to.
      if case .interrupted = error { throw .interrupted(path: output) }
      if case .diskFull = error { throw writer.wasCreated ? .diskFullForNew(path: output) : .diskFull(path: output) }
      throw error
    }
  }

  private static func isSameFile(_ left: String, _ right: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(left, &first) == 0 && stat(right, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }
}

extension StoreWriter {
  /// Takes over all that other stores hold, in one transaction.
  func merge(_ inputs: [StoreReader]) throws(StoreError) -> MergeSummary {
    try transact { db in
      var summary = MergeSummary()
      for (index, input) in inputs.enumerated() {
        let origins = Origins(output: path, earlier: Array(inputs[..<index]))
        try input.ask { source in
          let comparison = try SchemaComparison(source, version: StoreIdentity(source).version, path: input.path)
          guard comparison.faults.isEmpty else {
            throw StoreError.foreignSchema(path: input.path, faults: comparison.faults)
          }
          var runs = try RunMerging(from: source, at: input.path, into: db, at: path)
          var posts = try PostMerging(
            from: source, at: input.path, into: db, at: path, scorers: runs.scorers, runs: runs.ids,
            origins: origins)
          try posts.copyPosts()
          try posts.copyLostRecords()
          summary.posts += posts.summary.posts
          summary.predictions += posts.summary.predictions
          summary.vectors += posts.summary.vectors
          summary.thumbnails += posts.summary.thumbnails
          summary.entries += posts.summary.entries
          summary.nearlyEqual += posts.summary.nearlyEqual
          summary.updated += posts.summary.updated
          summary.updatedColumns.add(posts.summary.updatedColumns.all)
          summary.differing += posts.summary.differing
          summary.differingColumns.add(posts.summary.differingColumns.all)
          try runs.prove()
          try ColumnDeclaration.adopt(from: source, at: input.path, into: db, at: path)
          for run in runs.merged {
            summary.runs.removeAll { $0.name.hasSameBytes(as: run.name) }
            summary.runs.append(run)
          }
        }
      }
      return summary
    }
  }
}
