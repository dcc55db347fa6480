import ArgumentParser
internal import Tensors
import Bytes
import Corpus
import Foundation
import Inputs
import Models
import Preparation
import Queries
import Scoring
import Store

/// The final lines about a run: what it contains, and what this command did.
struct ScoringSummary {
  private let run: OpenRun
  private let outcome: ScoringOutcome
  private let startup: Duration
  private let reposts: RunReposts?

  init(_ turn: ScoringTask.Turn) {
    (run, outcome, startup, reposts) = (turn.run, turn.outcome, turn.startup, turn.reposts)
  }

  /// The summary, and a line on what to do next if the end of the corpus was not reached.
  var lines: [String] {
    switch outcome.end {
    case .finished: [line]
    case .interrupted, .stopped: [line, "continue with: \(Self.command)"]
    case .tooManyFaults:
      [
        line,
        "stopped: more faults than --max-faults allows; most common: "
          + outcome.commonestFaults.map { "\($0.count) × \($0.code)" }.joined(separator: ", ")
          + ". Fix them and add --retry-faults, or raise the limit.",
      ]
    }
  }

  /// The notice that a whole run has no scored post, with the reason if it is known.
  var emptiness: String? {
    let totals = outcome.totals
    guard outcome.end == .finished, totals[.scored] + totals[.withoutPicture] == 0 else { return nil }
    if totals.rows == 0 { return "nothing was scored: no rows were read" }
    return totals[.faulted] == totals.rows ? "nothing was scored: all rows have faults" : "nothing was scored"
  }

  /// This process' own command line.
  private static var command: String { Shell.line(CommandLine.arguments) }

  /// `run posts finished: 3 rows = 2 scored + 0 without picture + 0 duplicate + 1 faulted; this turn: 2 rows,
  /// 2 retried = 1 fixed + 1 still faulted; 0.1 s, 20.0 rows/s`
  private var line: String {
    let (turn, totals) = (outcome.turn, outcome.totals)
    var words =
      "run \(run.name.printable) \(outcome.end.state.rawValue): \(totals.rows.counted("row", "rows")) = \(totals[.scored]) scored"
    words += " + \(totals[.withoutPicture]) without picture + \(totals[.duplicate]) duplicate"
    words += " + \(totals[.faulted]) faulted"
    if totals[.forgotten] > 0 { words += " + \(totals[.forgotten]) forgotten" }
    if outcome.cutPictures > 0 {
      words += "; \(outcome.cutPictures.counted("picture", "pictures")) of a file that ends early, seen as far as "
      words += outcome.cutPictures == 1 ? "it goes" : "they go"
    }
    if run.isContinued { words += "; this turn: \(turn.rows.counted("row", "rows"))" }
    if turn.retried > 0 {
      words += ", \(turn.retried) retried = \(turn.recovered) fixed + \(turn.retried - turn.recovered) still faulted"
    }
    if turn.known > 0 { words += "; \(turn.known) \(turn.known == 1 ? "was" : "were") already scored" }
    if turn.newVersions > 0 {
      words += "; " + turn.newVersions.counted("new version of a known key", "new versions of known keys")
    }
    if turn.updated > 0 {
      words += "; other columns of \(turn.updated.counted("known post", "known posts")) were added or changed"
      words += " (\(turn.updatedColumns.all.listed(most: 5)))"
    }
    if turn.differing > 0 {
      words += "; " + turn.differing.counted("duplicate differs", "duplicates differ")
      words += " in other columns (\(turn.differingColumns.all.listed(most: 5))), and the first counts"
    }
    words += outcome.pictures.words.map { "; " + $0 }.joined()
    if outcome.pictures[PictureCounts.leftOut] > 0 { words += " (--pictures each takes them)" }
    if let reposts, reposts.groups > 0 {
      words += "; \(reposts.repeated) posts have the text of another one "
      words += "(\(reposts.groups.counted("group", "groups")); clfa report --distinct counts one of each)"
    }
    let reused = outcome.reused
    if reused.texts + reused.pictures > 0 {
      words += "; \(reused.texts.counted("text", "texts")) and "
      words += "\(reused.pictures.counted("picture", "pictures")) from the cache"
    }
    return words + String(format: "; %.1f s, %.1f rows/s", turn.seconds, turn.rate)
  }

  /// The notice that missing pictures would be found by a rule; nil if none would.
  var pictureHint: String? {
    outcome.pictures.missing.map { $0 + "; add --retry-faults to score those rows" }
  }

  /// The same as the documented JSON object.
  var json: JSON {
    outcome.json(
      run: run.name.text, startup: startup / .seconds(1), peakBytes: peakMemory(), continuation: Self.command,
      reposts: reposts)
  }
}

extension ScoringProgressReport {
  /// Prints how a scoring ended, and throws an exit code unless it succeeded.
  mutating func finish(_ ending: ScoringTask.Ending<ScoringTask.Turn>, store: String, isStrict: Bool) throws {
    switch ending {
    case .alreadyFinished(let run, let faulted): try finishedBefore(run, faulted: faulted, isStrict: isStrict)
    case .done(let turn):
      finish(store: store, run: turn.run.name.text)
      for notice in turn.notices { show(.notice(notice)) }
      let summary = ScoringSummary(turn)
      if let notice = summary.pictureHint { show(.notice(notice)) }
      if let notice = summary.emptiness { show(.notice(notice)) }
      say(summary.lines, json: summary.json)
      switch turn.outcome.end {
      case .finished: if isStrict && turn.outcome.totals[.faulted] > 0 { throw ExitStatus.faults }
      case .interrupted, .stopped: throw ExitStatus.interrupted
      case .tooManyFaults: throw ExitCode.failure
      }
    }
  }

  /// Prints that there is nothing left to do, so that a script that repeats the command until it succeeds ends.
  mutating func finishedBefore(_ run: String, faulted: Int, isStrict: Bool) throws {
    var words =
      "run \(run.printable) is already finished, so nothing was scored; another --run name scores the corpus anew"
    if faulted > 0 { words += ", --retry-faults tries its \(faulted.counted("fault", "faults")) again" }
    say(
      words, json: .members([("event", .string("done")), ("run", .string(run)), ("faulted", .integer(faulted))]))
    if isStrict && faulted > 0 { throw ExitStatus.faults }
  }
}

extension ScoringPlan {
  /// The plan as lines of `name: value`.
  func lines(free: Int?, memory: Int, rescores: Bool) -> [String] {
    var lines = [
      "rows: \(rows)", "left to other shards or the sample: \(left)", "already done: \(done)", "posts: \(posts)",
      "  new: \(posts - known)", "  known: \(known)\(rescores && known > 0 ? ", scored again (--rescore)" : "")",
      "distinct contents: \(distinctContents)", "pictures found: \(withPicture)",
      "posts without a picture: \(withoutPicture)",
    ]
    if pictureMissing > 0 { lines.append("pictures missing, scored by text alone: \(pictureMissing)") }
    lines.append("faults: \(faults.values.reduce(0, +))")
    for (code, count) in faults.sorted(by: { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }) {
      lines.append("  \(code.rawValue): \(count)")
    }
    lines += remedies.all.map { "  \($0.flag) would help with: \($0.rows)" }
    lines.append("disk needed: about \(ByteCount.words(bytesNeeded))")
    if let free {
      lines.append("disk free: \(ByteCount.words(free))\(bytesNeeded > free ? " — not enough" : "")")
    }
    lines.append("peak memory of this plan: \(ByteCount.words(memory))")
    return lines + notices + pictures.lines
  }
}

extension PictureCounts {
  /// How many missing pictures each rule would find; nil if none would find any.
  var missing: String? {
    let near = self[Self.needs(PictureMatch.near.rawValue)], name = self[Self.needs(PictureMatch.name.rawValue)]
    guard near + name > 0 else { return nil }
    let found = [
      near > 0 ? "--image-match near finds \(near)" : nil,
      name > 0 ? "--image-match name finds \(near > 0 ? "\(name) more" : "\(name)")" : nil,
    ]
    return "of the pictures that are missing, " + found.compactMap(\.self).joined(separator: ", and ")
  }
}
