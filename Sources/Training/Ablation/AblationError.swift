public import Bytes
public import Models

/// Why an ablation does not begin, or does not go on.
public enum AblationError: Error, Equatable, Sendable {
  /// What should be `key=value,value` is not.
  case notAnAxis(String)
  /// A grid cannot differ by this.
  case unknownGridKey(String)
  /// A key without values.
  case noValues(key: String)
  /// What a key does not take.
  case badValue(key: String, value: String, takes: String)
  /// The same value of a key twice.
  case repeatedValue(key: String, value: String)
  /// A key twice.
  case repeatedKey(String)
  /// No key at all.
  case noAxes
  /// No seed at all.
  case noSeeds
  /// What is no seed.
  case badSeed(String)
  /// A seed twice.
  case repeatedSeed(UInt64)
  /// More cells than anybody would train.
  case tooManyCells(limit: Int)
  /// The grid has no such setting.
  case noSuchSetting(String, known: [String])
  /// A plan that is too long.
  case planTooLong(path: String, limit: Int)
  /// A plan that cannot be read.
  case unreadablePlan(path: String, ModelError)
  /// A plan that is no JSON.
  case notJSON(path: String, JSONFault)
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
