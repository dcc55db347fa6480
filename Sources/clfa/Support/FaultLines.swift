import Audit
import Bytes
import Corpus
import Queries

/// Says each fault once, until its kind has become common: then only how many there are and where to find them.
struct FaultLines {
  private static let shown = 5
  private var counts: [FaultCode: Int] = [:]

  /// The line for a fault; `nil` once five of its kind have been said.
  mutating func line(_ fault: RowFault) -> String? {
    counts[fault.code, default: 0] += 1
    guard let count = counts[fault.code], count <= Self.shown else { return nil }
    let key = fault.key.map { " (key \(shortened($0)))" } ?? ""
    let place = "\(fault.position.file.printable):\(fault.position.line)\(key)"
    let path = fault.path.map { ": \($0.spelledName.printable(upTo: 200))" } ?? ""
    let detail = fault.detail.isEmpty ? "" : " — \(fault.detail.printable(upTo: 600))"
    return "\(place) \(fault.stage.rawValue): \(fault.code.rawValue)\(path)\(detail)"
  }

  /// A line for each kind that was not said in full.
  func rest(store: String, run: String) -> [String] {
    counts.filter { $0.value > Self.shown }.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
      let query = Shell.line(["clfa", "query", store, "faults", "run=\(run)", "code=\(code.rawValue)"])
      return "\(count) × \(code.rawValue), the first \(Self.shown) are above; all of them: \(query)"
    }
  }

  /// A line for each kind that was not said in full, where nothing keeps them.
  var rest: [String] {
    counts.filter { $0.value > Self.shown }.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
      "\(count) × \(code.rawValue), the first \(Self.shown) are above"
    }
  }

  private func shortened(_ key: String) -> String {
    key.spelledName.printable(upTo: 24)
  }
}
