import Bytes

/// Names for labels that a corpus codes, such as `0` for `not_sarcastic`.
public struct LabelNames: Sendable {
  /// The pairs in the order given; compared byte by byte, so a dictionary of strings would not do.
  public private(set) var pairs: [(code: String, name: String)]

  /// Names nothing: labels stay as they are written.
  public init() {
    pairs = []
  }

  /// Reads `CODE=NAME,CODE=NAME…`; a name may hold `=`, neither part is empty, and no code comes twice.
  public init(parsing argument: String) throws(OptionError) {
    self.init()
    for part in argument.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let sign = part.firstIndex(of: UInt8(ascii: "=")) else { throw .malformedLabels(argument) }
      let code = String(part[..<sign]) ?? ""
      let name = String(part[part.index(after: sign)...]) ?? ""
      guard !code.isEmpty, !name.isEmpty else { throw .malformedLabels(argument) }
      guard self[code] == nil else { throw .repeatedLabel(code) }
      pairs.append((code, name))
    }
  }

  /// Whether nothing is named.
  public var isEmpty: Bool { pairs.isEmpty }

  /// The name of a code, `nil` where the code is unknown.
  public subscript(code: String) -> String? {
    pairs.first { $0.code.hasSameBytes(as: code) }?.name
  }

  /// Whether some code has this name.
  func hasName(_ label: String) -> Bool {
    pairs.contains { $0.name.hasSameBytes(as: label) }
  }
}
