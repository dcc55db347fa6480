package import Bytes
package import Evaluation
import GRDB
package import Store

/// The designed sample of an evaluated run, from whose labelled posts the measures of all its posts are estimated.
///
/// The labelled posts alone give other figures if groups of posts were drawn with different probabilities, or if other
/// posts, such as uncertain ones, were labelled as well. Here each stratum counts by its number of posts in the run.
package struct EvaluatedSample: Sendable {
  /// The sample's name.
  package let name: String
  package let design: SampleRecord.Design
  /// Its posts that are labelled.
  package let posts: DesignedSample

  /// Finds the latest sample of a run that estimates something, and counts reposts as the evaluation does.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - run: an evaluated run.
  /// - Returns: nil if the run has no such sample with labels, or if all posts of the run are labelled; and if the
  ///   sample is random and has all labels, since the labelled posts then say the same.
  /// - Throws: `ResultsError.unreadableStore`.
  package static func load(from store: StoreReader, run: EvaluatedRun) throws(ResultsError) -> EvaluatedSample? {
    guard run.posts.count < run.scored else { return nil }
    return try reading(store) { database in
      let (facts, _) = try RunQuery.fetch(database, name: run.run.text)
      let samples = try SampleRecord.all(ofRun: facts.id, in: database, path: store.path)
      let isDistinct = run.reposts != nil
      guard let sample = samples.first(where: { $0.design.estimates && $0.isDistinct == isDistinct }) else {
        return nil
      }
      var strata: [Int64: Int] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: "SELECT post_id, stratum FROM sample_post WHERE sample_id = (SELECT id FROM sample WHERE name = ?)",
        arguments: [sample.name])
      while let row = try rows.next() { strata[Int64(row.integer(0))] = row.integer(1) }
      let posts = DesignedSample(populations: sample.strata.map(\.posts), strata: run.ids.map { strata[$0] })
      if posts.labelled == 0 || (sample.strata.count == 1 && posts.labelled == run.posts.count) { return nil }
      return EvaluatedSample(name: sample.name, design: sample.design, posts: posts)
    }
  }

  /// The measures of all posts of the run and of its slices, named `run_…`; see ``EvaluatedRun/measures(positive:resampling:)``.
  package func measures(
    of run: EvaluatedRun, positive: ByteText?, resampling: BootstrapOptions
  ) -> [Measure] {
    DesignedMeasures.list(
      run.posts, posts,
      slices: run.slices.map { ($0.name, $0.posts, true) } + run.byColumn.map { ($0.name, $0.posts, false) },
      positive: positive, resampling: resampling)
  }
}
