package import Bytes
import GRDB
import Queries

extension StoreReader {
  /// The run whose precision a command should keep that leaves the choice to the program.
  ///
  /// It is the run that the command would continue at one of the precisions; or else its finished run, or the latest run
  /// of the same corpus with the same model and options, such as another shard: their predictions can then be reused.
  /// - Parameters:
  ///   - request: the command's request; its scorer's precision is ignored.
  ///   - precisions: the precisions that the program may choose.
  /// - Returns: the run's precision and name; nil if there is no such run.
  /// - Throws: `StoreError` if the store cannot be read.
  package func precision(
    like request: RunRequest, among precisions: [String]
  ) throws(StoreError) -> (precision: String, run: ByteText)? {
    try withDatabase { db in
      var found: [(run: RunRequest.Candidate, precision: String)] = []
      for precision in precisions {
        var request = request
        request.scorer.precision = precision
        guard let scorer = try request.scorer.find(in: db) else { continue }
        found += try request.candidates(scorer: scorer, in: db, path: path)
          .filter { $0.difference == nil }.map { ($0, precision) }
      }
      found.sort { $0.run.id < $1.run.id }
      if let own = found.last(where: { !$0.run.isFinished }) ?? found.last {
        return (own.precision, ByteText(own.run.name))
      }
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT scorer.precision, run.name FROM run JOIN scorer ON scorer.id = scorer_id
          WHERE model_fingerprint = ? AND options = ? AND corpus = ? ORDER BY run.id DESC
          """, arguments: [request.scorer.modelFingerprint, request.scorer.options, request.corpus])
      while let row = try rows.next() {
        let precision: String = try row.get(0)
        if precisions.contains(precision) { return (precision, try row.get(1)) }
      }
      return nil
    }
  }
}
