package import Bytes
internal import Corpus
import GRDB
import Glibc
import Queries

/// Merges several stores into one.
///
/// The shards of one corpus (equal name, scorer, corpus, sample and limit) become one run, which is complete if no
/// shard is missing. Other runs, posts, labels, predictions and vectors are copied. Existing data stays, so merging
/// twice changes nothing. If one scorer has unequal predictions for a post, the merge fails.
package enum StoreMerge {
  /// Merges stores into one, which may already exist.
  ///
  /// This is one transaction: after an error the output is unchanged, or does not exist. The inputs are only read.
  /// Memory use does not grow with the stores; the log takes as much disk space as the new rows. Once `shouldStop`
  /// returns true, the merge fails with `interrupted`.
  /// - Throws: `merge` with the conflict, or what opening and writing throw.
  /// - Complexity: O(n log m) for n rows of the inputs and m of the output.
  package static func stores(
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
      var summary = try writer.without(.references) { () throws(StoreError) in try writer.merge(readers) }
      summary.notices = writer.notices
      try writer.close()
      return summary
    } catch {
      // An empty store would only cause confusing messages at the next attempt.
      if writer.wasCreated { writer.discard() } else { try? writer.close() }
      // The inputs are only read, so the error concerns the output.
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
  /// Copies everything from other stores, in one transaction.
  func merge(_ inputs: [StoreReader]) throws(StoreError) -> MergeSummary {
    try transact { db in
      var summary = MergeSummary()
      for (index, input) in inputs.enumerated() {
        let provenance = RowProvenance(output: path, earlier: Array(inputs[..<index]))
        try input.withDatabase { source in
          let comparison = try SchemaComparison(source, version: StoreIdentity(source).version, path: input.path)
          guard comparison.faults.isEmpty else {
            throw StoreError.foreignSchema(path: input.path, faults: comparison.faults)
          }
          var runs = try RunMerging(from: source, at: input.path, into: db, at: path)
          var posts = try PostMerging(
            from: source, at: input.path, into: db, at: path, scorers: runs.scorers, runs: runs.ids,
            provenance: provenance)
          try indexingPostsTogether(db) { try posts.copyPosts() }
          try posts.copyLostRecords()
          try SampleMerging(from: source, at: input.path, into: db, runs: runs.ids.mapValues(\.id)).copySamples()
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
          try runs.verifyLedgers()
          try ColumnDeclaration.adopt(from: source, at: input.path, into: db, at: path)
          for run in runs.merged {
            summary.runs.removeAll { $0.name == run.name }
            summary.runs.append(run)
          }
        }
      }
      return summary
    }
  }
}

/// The result of a merge, in counts.
package struct MergeSummary: Equatable, Sendable {
  /// Posts that were new to the output.
  package var posts = 0
  /// Predictions that were new to the output.
  package var predictions = 0
  /// Vectors that were new to the output.
  package var vectors = 0
  /// Thumbnails that were new to the output.
  package var thumbnails = 0
  /// Entries of runs that were new to the output.
  package var entries = 0
  /// Predictions and vectors that differ a little, because other processors or libraries made them; the
  /// output keeps the first.
  package var nearlyEqual = 0
  /// Posts of the output that got columns they did not have.
  package var updated = 0
  /// The columns that they got.
  package var updatedColumns = ColumnNames()
  /// Posts of which an input has another value in other columns or the date; the output keeps its own.
  package var differing = 0
  /// The columns of those.
  package var differingColumns = ColumnNames()
  /// The runs of the inputs, as they are now in the output.
  package var runs: [MergedRun] = []
  /// Notices for the user about how the output was opened.
  package var notices: [StoreNotice] = []
}

/// A run of the inputs, as it is now in the output.
package struct MergedRun: Equatable, Sendable {
  /// The run's name.
  package var name: ByteText
  /// The shards that are missing, as `--shard` takes them; empty for a whole run.
  package var missingShards: [String]
  /// How the machines that scored it differ; see ``MachineMix``.
  package var mix: String?
}

/// Why two stores cannot become one: facts; the words are in `description`.
package enum MergeConflict: Equatable, Sendable {
  /// An input is the output itself.
  case sameStore(path: String)
  /// Two runs share a name but were made by different commands.
  case runsDiffer(name: String, trait: RunTrait, first: String, second: String)
  /// A shard is not finished.
  case unfinishedShard(run: String, shard: String, state: String, path: String)
  /// A run's entries and what it left do not add up to what it read.
  case unbalanced(run: String, file: String, path: String)
  /// A run's entries or predictions do not match its checksum.
  case changed(run: String, what: String, path: String)
  /// Two stores differ about one record of a run.
  case entriesDiffer(run: String, file: String, record: Int, first: String, second: String)
  /// One scorer made different predictions for one post.
  case predictionsDiffer(key: String, first: String, second: String)
  /// Two samples share a name but were drawn in different ways.
  case samplesDiffer(sample: String, second: String)
  /// One scorer made different vectors of one post.
  case vectorsDiffer(key: String, space: String, first: String, second: String)
}
