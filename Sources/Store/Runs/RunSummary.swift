package import Bytes
import Corpus
package import Queries

/// A run as `clfa runs` shows it.
package struct RunSummary: Sendable {
  /// The run's id in its store.
  package var id: Int64
  /// Its name.
  package var name: ByteText
  /// Its state: a `RunState`'s raw value.
  package var state: String
  /// The model's name.
  package var model: String
  /// The model's fingerprint.
  package var fingerprint: String
  /// The model's precision.
  package var precision: String
  /// The scorer's options, canonical JSON.
  package var options: String
  /// The corpus: its files' names joined by ` + `.
  package var corpus: String
  /// The pictures' folder as given.
  package var images: String?
  /// `K/N`, `K,L/N` when merged in part, `nil` for the whole corpus.
  package var shard: String?
  /// The version of the program that began it.
  package var version: String
  /// The machine, a JSON object.
  package var machine: String
  /// How the machines that worked for it differ; see ``MachineMix``.
  package var mix: String?
  /// How its corpus differs from its model's training data; `nil` if that was not recorded.
  package var mismatches: RunMismatches?
  /// When it began: UTC in ISO 8601.
  package var startedAt: String
  /// When it ended; `nil` if it has not.
  package var finishedAt: String?
  /// The numbers of records that it read and skipped.
  package var counts: RunCounts
  /// Its entries and the proof that none is missing, file by file.
  package var ledger: [LedgerLine]

  /// The number of entries in a state.
  package func rows(_ state: EntryState) -> Int {
    ledger.reduce(0) { $0 + $1.rows(state) }
  }

  /// The number of entries.
  package var entries: Int { ledger.reduce(0) { $0 + $1.entries } }

  /// Whether every record that was read is accounted for.
  package var isBalanced: Bool { ledger.allSatisfy(\.isBalanced) }
}

/// One file of a run: the number of records read, and their outcomes.
package struct LedgerLine: Sendable, Equatable {
  /// The numbers of records read and skipped.
  package var counts: FileCounts
  /// The entries by state, in the order of `EntryState.allCases`.
  package var byState: [Int]

  /// The number of entries in a state.
  package func rows(_ state: EntryState) -> Int {
    EntryState.allCases.firstIndex(of: state).map { byState[$0] } ?? 0
  }

  /// The number of entries.
  package var entries: Int { byState.reduce(0, +) }

  /// Records read that were neither entered nor skipped; negative if more were entered than read.
  package var missing: Int {
    let (missing, overflow) = (counts.read - entries).subtractingReportingOverflow(counts.left)
    return overflow ? Int.min : missing
  }

  /// Whether entries + left = read.
  package var isBalanced: Bool { missing == 0 }
}

/// The state of a run; users' SQL sees the raw value.
///
/// The same command continues every run except a finished one.
package enum RunState: String, Sendable, CaseIterable {
  /// Being filled now.
  case running
  /// Interrupted by a signal, or killed.
  case interrupted
  /// Ended by its own time limit, or merged while shards are missing.
  case stopped
  /// Ended by an error, or by more faults than its limit allows.
  case failed
  /// Every row of the corpus, or of the part that was asked for, has its entry.
  case finished
}

/// The output of `clfa runs` as rows for any format: one row per run.
package enum RunTable {
  /// The columns' names.
  package static let columns =
    ["run", "state", "model", "precision", "corpus", "shard", "read"]
    + EntryState.allCases.map(\.rawValue) + ["left", "missing", "started_at", "finished_at"]

  /// A run's values. `missing` is 0 if its ledger adds up.
  package static func values(_ run: RunSummary) -> [QueryValue] {
    let texts: [QueryValue] = [run.name.text, run.state, run.model, run.precision, run.corpus].map { .text($0) }
    let states = EntryState.allCases.map { QueryValue.integer(Int64(run.rows($0))) }
    let sums = [total(run) { $0.counts.read }, total(run) { $0.counts.left }, total(run) { $0.missing }]
    return texts + [QueryValue(run.shard), sums[0]] + states + [sums[1], sums[2]]
      + [.text(run.startedAt), QueryValue(run.finishedAt)]
  }

  /// The names of the columns that fit a terminal of 80 columns.
  package static let shortColumns = ["run", "state", "read", "posts", "faulted", "missing", "finished_at"]

  /// A run's values for those; `posts` are all scored ones, with or without a picture.
  package static func shortValues(_ run: RunSummary) -> [QueryValue] {
    let sums = [
      total(run) { $0.counts.read }, total(run) { $0.rows(.scored) + $0.rows(.withoutPicture) },
      total(run) { $0.rows(.faulted) }, total(run) { $0.missing },
    ]
    return [.text(run.name.text), .text(run.state)] + sums + [QueryValue(run.finishedAt)]
  }

  private static func total(_ run: RunSummary, _ number: (LedgerLine) -> Int) -> QueryValue {
    // Counts come from an untrusted file; a sum that overflows is shown as the largest integer.
    let sum = run.ledger.reduce(0) { sum, line in
      let (sum, overflow) = sum.addingReportingOverflow(number(line))
      return overflow ? Int.max : sum
    }
    return .integer(Int64(sum))
  }
}

/// The output of `clfa runs show` as rows for any format: one row per fact, then the ledger file by file, then the
/// faults.
package enum RunDetails {
  /// The columns' names.
  package static let columns = ["file", "name", "value"]

  /// A run's rows.
  package static func rows(_ run: RunSummary, faults: [FaultCount], newVersions: Int) -> [[QueryValue]] {
    var rows: [[QueryValue]] = []
    func add(_ file: String? = nil, _ name: String, _ value: QueryValue) {
      rows.append([QueryValue(file), .text(name), value])
    }
    let facts: [(String, String?)] = [
      ("run", run.name.text), ("state", run.state), ("stop", run.counts.stop), ("model", run.model),
      ("model_fingerprint", run.fingerprint), ("precision", run.precision), ("options", run.options),
      ("corpus", run.corpus), ("images", run.images), ("shard", run.shard), ("sample", run.counts.sample?.text),
      ("limit", run.counts.limit.map(String.init)), ("version", run.version), ("machine", run.machine),
      ("mixes", run.mix),
      ("started_at", run.startedAt), ("finished_at", run.finishedAt),
    ]
    for (name, value) in facts { if let value { add(nil, name, .text(value)) } }
    if run.counts.cutPictures > 0 { add(nil, "cut_pictures", .integer(Int64(run.counts.cutPictures))) }
    if let mismatches = run.mismatches {
      for words in mismatches.words.isEmpty ? ["none found"] : mismatches.words { add(nil, "mismatch", .text(words)) }
    }
    add(nil, "new_versions", .integer(Int64(newVersions)))
    for line in run.ledger {
      let file = line.counts.name.text
      add(file, "read", .integer(Int64(line.counts.read)))
      for state in EntryState.allCases { add(file, state.rawValue, .integer(Int64(line.rows(state)))) }
      add(file, "other_shards", .integer(Int64(line.counts.otherShards)))
      add(file, "not_sampled", .integer(Int64(line.counts.notSampled)))
      add(file, "missing", .integer(Int64(line.missing)))
    }
    for picture in run.counts.pictures.all { add(nil, "pictures \(picture.name)", .integer(Int64(picture.count))) }
    for fault in faults { add(nil, "fault \(fault.stage) \(fault.code)", .integer(Int64(fault.count))) }
    return rows
  }
}

extension QueryValue {
  fileprivate init(_ text: String?) {
    self = text.map { .text($0) } ?? .null
  }
}
