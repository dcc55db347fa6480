package import Bytes
import Corpus
import Models
package import Store

// The objects that `docs/design.md` describes, for programs that read a run's progress. Keys are in any order: writers
// sort them.

extension ScoringEvent {
  /// The event as an object with its name under `event`.
  package var json: JSON {
    switch self {
    case .started: .members([("event", .string("started"))])
    case .named(let run): .members([("event", .string("run")), ("name", .string(run))])
    case .notClosed(let error): ScoringEvent.notice("\(error)").json
    case .notice(let text): .members([("event", .string("notice")), ("text", .string(text.withoutIsolates))])
    case .fault(let fault): fault.json
    case .progress(let progress): progress.json
    }
  }
}

extension ScoringProgress {
  /// The progress with the documented names. Its share stays below 1, because the work is done only when the store is
  /// closed.
  package var json: JSON {
    .members(
      [("event", .string("progress")), ("scored", .integer(scored)), ("without_picture", .integer(withoutPicture))]
        + [("rows", .integer(rows)), ("duplicates", .integer(duplicates)), ("faulted", .integer(faulted))]
        + numbers(share: share.map { min(0.999, Self.cut($0)) }, remaining: timeLeft))
  }

  /// The numbers reported both during a run and at its end.
  fileprivate func numbers(share: Double?, remaining: Double?) -> [(String, JSON?)] {
    [
      ("known", .integer(known)), ("new_versions", .integer(newVersions)), ("updated", .integer(updated)),
      ("differing_duplicates", .integer(differing)), ("read", .integer(read)), ("seconds", .thousandths(seconds)),
      ("rows_per_second", .thousandths(rate)), ("share", share.map(JSON.real)),
      ("remaining_seconds", remaining.map(JSON.thousandths)),
    ]
  }

  /// A share to three decimals, rounded down.
  fileprivate static func cut(_ share: Double) -> Double { (share * 1000).rounded(.down) / 1000 }
}

extension ScoringOutcome {
  /// The last object of a command: the run's numbers, and the command's own in `turn`.
  ///
  /// - Parameters:
  ///   - run: the run's name.
  ///   - startup: seconds before the first row was read.
  ///   - peakBytes: the process' peak memory.
  ///   - continuation: the command that continues an unfinished run.
  ///   - reposts: the run's reposts, if they were counted.
  /// - Returns: the object, without a line feed.
  package func json(
    run: String, startup: Double, peakBytes: Int, continuation: String, reposts: RunReposts? = nil
  ) -> JSON {
    .members(
      [
        ("event", .string("summary")), ("run", .string(run)), ("state", .string(end.state.rawValue)),
        ("rows", .integer(totals.rows)), ("scored", .integer(totals[.scored])),
        ("without_picture", .integer(totals[.withoutPicture])), ("duplicates", .integer(totals[.duplicate])),
        ("faulted", .integer(totals[.faulted])), ("turn", turnJSON),
        ("cut_pictures", cutPictures > 0 ? .integer(cutPictures) : nil),
        ("updated_columns", .array(turn.updatedColumns.all.map(JSON.string))),
        ("differing_columns", .array(turn.differingColumns.all.map(JSON.string))),
        ("reused", .members([("texts", .integer(reused.texts)), ("pictures", .integer(reused.pictures))])),
        (
          "pictures",
          pictures.isEmpty ? nil : .members(pictures.all.map { ($0.name, .integer($0.count)) })
        ),
        ("reposts", reposts.map { .members([("posts", .integer($0.repeated)), ("groups", .integer($0.groups))]) }),
        ("stage_seconds", .members(ScoringStage.allCases.map { ($0.rawValue, .thousandths(stages[$0] ?? 0)) })),
        ("startup_seconds", .thousandths(startup)), ("peak_bytes", .integer(peakBytes)),
        ("go_on", end == .interrupted || end == .stopped ? .string(continuation) : nil),
        ("commonest_faults", end == .tooManyFaults ? .array(commonestFaults.map(\.json)) : nil),
      ] + turn.numbers(share: turn.share.map(ScoringProgress.cut), remaining: turn.remaining))
  }

  private var turnJSON: JSON {
    .members([
      ("rows", .integer(turn.rows)), ("scored", .integer(turn.scored)),
      ("without_picture", .integer(turn.withoutPicture)), ("duplicates", .integer(turn.duplicates)),
      ("faulted", .integer(turn.faulted)), ("retried", .integer(turn.retried)), ("mended", .integer(turn.recovered)),
      ("still_faulted", .integer(turn.retried - turn.recovered)),
    ])
  }
}

extension FaultCount {
  var json: JSON {
    .members([("stage", .string(stage)), ("code", .string(code)), ("count", .integer(count))])
  }
}

extension JSON {
  /// A number to three decimals.
  package static func thousandths(_ value: Double) -> JSON { .real((value * 1000).rounded() / 1000) }
}
