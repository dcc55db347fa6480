package import Bytes
import Corpus
package import Models
package import Store

/// What a command has done for a run so far, for other programs: its end as JSON, its present state as metrics.
package struct RunRecord: Sendable {
  /// The store's file and the corpus, as the user named them.
  package let store: String
  package let corpus: String
  /// The precision, once it is chosen.
  package var precision: Precision?
  /// The documented summary of the run, once the command has reached its end.
  package var summary: JSON?
  /// The run's faults by stage and code at that time.
  package var runFaults: [FaultCount] = []
  private var progress = ScoringProgress()
  private var runName: String?
  private var turnFaults: [FaultCount] = []

  /// A record of a command that has done nothing.
  package init(store: String, corpus: String) { (self.store, self.corpus) = (store, corpus) }

  /// Adds an event.
  package mutating func add(_ event: ScoringEvent) {
    switch event {
    case .progress(let progress): self.progress = progress
    case .named(let name): runName = name
    case .fault(let fault):
      let (stage, code) = (fault.stage.rawValue, fault.code.rawValue)
      if let place = turnFaults.firstIndex(where: { $0.stage == stage && $0.code == code }) {
        turnFaults[place].count += 1
      } else {
        turnFaults.append(FaultCount(stage: stage, code: code, count: 1))
      }
    case .started, .notClosed, .notice: break
    }
  }

  /// How a command ended.
  package struct End: Sendable {
    /// The process' exit code.
    package var exitCode: Int
    /// The message, if an error ended it.
    package var error: String?

    package init(exitCode: Int, error: String? = nil) { (self.exitCode, self.error) = (exitCode, error) }

    /// The state of a run that has no summary of its own.
    fileprivate var state: RunState {
      switch exitCode {
      case 0, 2: .finished
      case 130: .interrupted
      default: .failed
      }
    }
  }

  /// The run's end as one object: that of the summary, or what was done before an error, and how the command ended.
  package func json(_ end: End) -> JSON {
    var members: [JSON.Member] = []
    if case .object(let known) = summary ?? progress.json { members = known.filter { $0.key != "event" } }
    var more: [(String, JSON?)] = [
      ("exit_code", .integer(end.exitCode)), ("error", end.error.map(JSON.string)),
      ("precision", precision.map { .string($0.rawValue) }), ("store", .string(store)), ("corpus", .string(corpus)),
      ("faults", .array((summary == nil ? turnFaults : runFaults).map(\.json))),
    ]
    if summary == nil {
      more += [("state", .string(end.state.rawValue)), ("run", runName.map(JSON.string))]
    }
    if case .object(let added) = JSON.members(more) { members += added }
    return .object(members)
  }

  /// The present state in the text format that Prometheus reads, with the store and the corpus as labels.
  ///
  /// - Parameters:
  ///   - end: how the command ended; nil while it runs.
  ///   - time: seconds since 1970.
  /// - Returns: lines, each with its line feed.
  package func metrics(_ end: End?, at time: Double) -> String {
    let common = [("corpus", corpus), ("store", store)]
    var text = ""
    func add(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: [(String, String)], value: String)]) {
      guard !samples.isEmpty else { return }
      text += "# HELP clfa_score_\(name) \(help)\n# TYPE clfa_score_\(name) \(kind)\n"
      for sample in samples {
        let labels = (common + sample.labels).map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        text += "clfa_score_\(name){\(labels)} \(sample.value)\n"
      }
    }
    func number(_ value: Double?) -> [(labels: [(String, String)], value: String)] {
      value.map { [([], "\($0)")] } ?? []
    }
    let rows = [
      ("scored", progress.scored), ("without_picture", progress.withoutPicture), ("duplicate", progress.duplicates),
      ("faulted", progress.faulted),
    ]
    add("rows_total", "counter", "Rows that this command has entered.", rows.map { ([("state", $0)], "\($1)") })
    add(
      "faults_total", "counter", "Faults that this command has met.",
      turnFaults.map { ([("stage", $0.stage), ("code", $0.code)], "\($0.count)") })
    add("known_total", "counter", "Posts that were already scored.", [([], "\(progress.known)")])
    add("seconds", "gauge", "Seconds since the first row was read.", number(progress.seconds))
    add("rows_per_second", "gauge", "Rows entered per second so far.", number(progress.rate))
    add("share", "gauge", "The share of the corpus that is committed, from 0 to 1.", number(progress.share))
    add(
      "remaining_seconds", "gauge", "Seconds to the end at the rate so far.",
      end == nil ? number(progress.timeLeft) : [])
    let state = end.map { end in summary?["state"]?.asString ?? end.state.rawValue } ?? RunState.running.rawValue
    add("state", "gauge", "1 for the state of the run.", [([("state", state)], "1")])
    add("exit_code", "gauge", "The exit code of the command.", end.map { [([], "\($0.exitCode)")] } ?? [])
    add("updated_seconds", "gauge", "When this file was written, in seconds since 1970.", number(time))
    return text
  }

  private static func escaped(_ label: String) -> String {
    String(label.flatMap { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : $0.isNewline ? "\\n" : String($0) })
  }
}
