import Bytes

extension ScoredPostError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .unknown(let key, let run, let near):
      "no post \"\(key.printable)\" in run \(run.printable)"
        + (near.map { "; did you mean \"\($0.printable)\"?" }
          ?? "; keys are the corpus' ids, to the letter: clfa query STORE --sql 'SELECT key FROM scored LIMIT 10'")
    case .inOtherRuns(let key, let run, let others):
      "run \(run.printable) did not score post \"\(key.printable)\", but "
        + "\(others.listed(most: 8)) did: add --run \"\(others.first?.printable ?? "")\""
    case .faulted(let key, let run, let stage, let code, let detail):
      "post \"\(key.printable)\" was not scored in run \(run.printable): \(stage.printable): \(code.printable): "
        + "\(detail.printable); fix the row and score again with --retry-faults"
    }
  }
}
