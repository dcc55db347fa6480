package import Bytes
package import Models

/// Why an ablation does not begin, or does not go on.
package enum AblationError: Error, Equatable, Sendable {
  /// An argument that is not of the form `key=value,value`.
  case notAnAxis(String)
  /// A grid cannot differ by this.
  case unknownGridKey(String)
  /// A key without values.
  case noValues(key: String)
  /// A value that the key does not accept.
  case badValue(key: String, value: String, takes: String)
  /// The same value of a key twice.
  case repeatedValue(key: String, value: String)
  /// A key twice.
  case repeatedKey(String)
  /// No key at all.
  case noAxes
  /// No seed at all.
  case noSeeds
  /// A text that is not a seed.
  case badSeed(String)
  /// A seed twice.
  case repeatedSeed(UInt64)
  /// More cells than allowed.
  case tooManyCells(limit: Int)
  /// The grid has no such setting.
  case noSuchSetting(String, known: [String])
  /// A plan that is too long.
  case planTooLong(path: String, limit: Int)
  /// A plan that cannot be read.
  case unreadablePlan(path: String, ModelError)
  /// A plan that is no JSON.
  case notJSON(path: String, JSONError)
  /// A plan with a key that means nothing.
  case unknownPlanKey(path: String, key: String, known: [String])
  /// A plan's value of the wrong kind.
  case wrongKind(path: String, key: String, takes: String, found: String)
  /// A plan without a key that every plan needs.
  case missingPlanKey(path: String, key: String)
  /// A cell that cannot be trained.
  case badCell(name: String, reason: String)
  /// A cell that is there was made otherwise.
  case otherCell(folder: String, what: String, then: String, now: String)
  /// A cell that is there does not say how it was made.
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
        + (key.hasSameBytes(as: "seed") ? "; seeds are given apart from the grid" : "")
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
      "\(path.printable) is longer than the \(limit) bytes that a plan may have; is it the right file?"
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
