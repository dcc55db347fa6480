package import Bytes
package import Models

/// Why an ablation cannot begin or continue.
package enum AblationError: Error, Equatable, Sendable {
  /// An argument that is not of the form `key=value,value`.
  case notAnAxis(String)
  /// The key cannot be part of a grid.
  case unknownGridKey(String)
  /// A key has no values.
  case noValues(key: String)
  /// A value that the key does not accept.
  case badValue(key: String, value: String, takes: String)
  /// A key has the same value twice.
  case repeatedValue(key: String, value: String)
  /// A key occurs twice.
  case repeatedKey(String)
  /// There is no key.
  case noAxes
  /// There is no seed.
  case noSeeds
  /// A text that is not a seed.
  case badSeed(String)
  /// A seed occurs twice.
  case repeatedSeed(UInt64)
  /// More cells than allowed.
  case tooManyCells(limit: Int)
  /// The grid has no such setting.
  case noSuchSetting(String, known: [String])
  /// A plan that is too long.
  case planTooLong(path: String, limit: Int)
  /// A plan that cannot be read.
  case unreadablePlan(path: String, ModelError)
  /// A plan that is not JSON.
  case notJSON(path: String, JSONError)
  /// A plan with an unknown key.
  case unknownPlanKey(path: String, key: String, known: [String])
  /// A plan's value of the wrong kind.
  case wrongKind(path: String, key: String, takes: String, found: String)
  /// A plan lacks a required key.
  case missingPlanKey(path: String, key: String)
  /// A cell that cannot be trained.
  case badCell(name: String, reason: String)
  /// An existing cell was made with other settings or data.
  case otherCell(folder: String, what: String, then: String, now: String)
  /// An existing cell has no record of how it was made.
  case noRecord(folder: String, record: String)
  /// A file of the ablation cannot be written.
  case unwritable(path: String, reason: String)
}

extension AblationError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .notAnAxis(let text):
      "'\(text.printable)' is not a key with values; write for example alpha=0,1"
    case .unknownGridKey(let key):
      "a grid has no key '\(key.printable)'\(DidYouMean.hint(for: key, in: Self.keys)); its keys are "
        + Self.keys.joined(separator: ", ")
        + (key == "seed" ? "; seeds are given apart from the grid" : "")
    case .noValues(let key): "\(key) has no values; give at least one"
    case .badValue(let key, let value, let takes): "\(key) takes \(takes), not '\(value.printable)'"
    case .repeatedValue(let key, let value): "\(key) has \(value.printable) twice; name each value once"
    case .repeatedKey(let key): "the grid has \(key) twice; give all its values at once"
    case .noAxes: "there is no grid, so nothing says what the settings differ by"
    case .noSeeds: "there are no seeds"
    case .badSeed(let text): "seeds are whole numbers from 0, such as 1,2,3; '\(text.printable)' is not one"
    case .repeatedSeed(let seed): "the seed \(seed) is given twice; give each seed once"
    case .tooManyCells(let limit): "the grid has more than \(limit) cells; take fewer values"
    case .noSuchSetting(let name, let known):
      "the grid has no setting '\(name.printable)'\(DidYouMean.hint(for: name, in: known)); the settings are "
        + known.listed(separator: "; ")
    case .planTooLong(let path, let limit):
      "\(path.printable) is longer than the \(limit) bytes that a plan may have"
    case .unreadablePlan(_, let error): "\(error)"
    case .notJSON(let path, let fault): "\(path.printable) is not JSON: \(fault)"
    case .unknownPlanKey(let path, let key, let known):
      "\(path.printable): a plan has no key \"\(key.printable)\"\(DidYouMean.hint(for: key, in: known)); its keys are "
        + known.joined(separator: ", ")
    case .wrongKind(let path, let key, let takes, let found):
      "\(path.printable): \"\(key.printable)\" takes \(takes), not \(found)"
    case .missingPlanKey(let path, let key): "\(path.printable) has no \"\(key)\", which every plan needs"
    case .badCell(let name, let reason): "the cell \(name.printable) cannot be trained: \(reason.printable)"
    case .otherCell(let folder, let what, let then, let now):
      "\(folder.printable) was made with \(what) \(then.printable), but it would be \(now.printable) now"
    case .noRecord(let folder, let record):
      "\(folder.printable) exists, but \(record.printable), which says how it was made, cannot be read"
    case .unwritable(let path, let reason): "\(path.printable) cannot be written: \(reason.printable)"
    }
  }

  private static var keys: [String] { AblationKey.allCases.map(\.rawValue) }
}
