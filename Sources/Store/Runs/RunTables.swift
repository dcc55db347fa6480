public import Queries

/// `clfa runs` in rows, for any format: a run a row.
public enum RunTable {
  /// The columns' names.
  public static let columns =
    ["run", "state", "model", "precision", "corpus", "shard", "read"]
    + EntryState.allCases.map(\.rawValue) + ["left", "missing", "started_at", "finished_at"]

  /// A run's values. `missing` is 0 where its ledger adds up.
  public static func values(_ run: RunSummary) -> [QueryValue] {
    let texts: [QueryValue] = [run.name, run.state, run.model, run.precision, run.corpus].map { .text($0) }
    let states = EntryState.allCases.map { QueryValue.integer(Int64(run.rows($0))) }
    let sums = [total(run) { $0.counts.read }, total(run) { $0.counts.left }, total(run) { $0.missing }]
    return texts + [QueryValue(run.shard), sums[0]] + states + [sums[1], sums[2]]
      + [.text(run.startedAt), QueryValue(run.finishedAt)]
  }

  /// The names of the columns that fit a terminal of 80.
  public static let shortColumns = ["run", "state", "read", "posts", "faulted", "missing", "finished_at"]

  /// A run's values for those; `posts` are scored, with or without picture.
  public static func shortValues(_ run: RunSummary) -> [QueryValue] {
    let sums = [
      total(run) { $0.counts.read }, total(run) { $0.rows(.scored) + $0.rows(.withoutPicture) },
      total(run) { $0.rows(.faulted) }, total(run) { $0.missing },
    ]
    return [.text(run.name), .text(run.state)] + sums + [QueryValue(run.finishedAt)]
  }

  private static func total(_ run: RunSummary, _ number: (LedgerLine) -> Int) -> QueryValue {
    // Counts come from outside; a sum that no integer holds is shown as the largest.
    let sum = run.ledger.reduce(0) { sum, line in
      let (sum, overflow) = sum.addingReportingOverflow(number(line))
      return overflow ? Int.max : sum
    }
    return .integer(Int64(sum))
  }
}

/// `clfa runs show` in rows, for any format: a fact a row, then the ledger file by file, then the faults.
public enum RunDetails {
  /// The columns' names.
  public static let columns = ["file", "name", "value"]

  /// A run's rows.
  public static func rows(_ run: RunSummary, faults: [FaultCount], newVersions: Int) -> [[QueryValue]] {
    var rows: [[QueryValue]] = []
    func add(_ file: String? = nil, _ name: String, _ value: QueryValue) {
      rows.append([QueryValue(file), .text(name), value])
    }
    let facts: [(String, String?)] = [
      ("run", run.name), ("state", run.state), ("stop", run.counts.stop), ("model", run.model),
      ("model_fingerprint", run.fingerprint), ("precision", run.precision), ("options", run.options),
      ("corpus", run.corpus), ("images", run.images), ("shard", run.shard), ("sample", run.counts.sample),
      ("limit", run.counts.limit.map(String.init)), ("version", run.version), ("machine", run.machine),
      ("mixes", run.mix),
      ("started_at", run.startedAt), ("finished_at", run.finishedAt),
    ]
    for (name, value) in facts { if let value { add(nil, name, .text(value)) } }
    if let mismatches = run.mismatches {
      for words in mismatches.words.isEmpty ? ["none found"] : mismatches.words { add(nil, "mismatch", .text(words)) }
    }
    add(nil, "new_versions", .integer(Int64(newVersions)))
    for line in run.ledger {
      let file = line.counts.name
      add(file, "read", .integer(Int64(line.counts.read)))
      for state in EntryState.allCases { add(file, state.rawValue, .integer(Int64(line.rows(state)))) }
      add(file, "other_shards", .integer(Int64(line.counts.otherShards)))
      add(file, "not_sampled", .integer(Int64(line.counts.notSampled)))
      add(file, "missing", .integer(Int64(line.missing)))
    }
    for fault in faults { add(nil, "fault \(fault.stage) \(fault.code)", .integer(Int64(fault.count))) }
    return rows
  }
}

extension QueryValue {
  fileprivate init(_ text: String?) {
    self = text.map { .text($0) } ?? .null
  }
}
