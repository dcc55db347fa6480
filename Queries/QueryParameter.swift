import Bytes

/// A parameter of a query: what its header declares, or what plain SQL names as `:name`.
public struct QueryParameter: Sendable {
  /// What a parameter takes.
  public enum Kind: String, CaseIterable, Sendable {
    /// A 64-bit integer.
    case integer
    /// A finite number.
    case real
    /// Any text, to the byte.
    case text
    /// The name of a run in the store; `latest` is the run that was started last.
    case run
    /// The name of a column of the corpus, or one that every store has.
    case column
    /// How posts of two runs are paired: a ``Pairing``.
    case pair
    /// An integer or a real where it is written like one, else text.
    case any
  }

  /// The name, as in `name=value` and in SQL as `:name`.
  public let name: String
  /// What it takes.
  public let kind: Kind
  /// The value it has when none is given; `nil` means that one must be given.
  public let fallback: QueryValue?
  /// What it is for, in a few words; may be empty.
  public let help: String

  /// Creates a parameter.
  public init(name: String, kind: Kind, fallback: QueryValue? = nil, help: String = "") {
    self.name = name
    self.kind = kind
    self.fallback = fallback
    self.help = help
  }

  /// The parameter that plain SQL means by `:name`: a run for `run`, any value otherwise.
  public init(namedBySQL name: String) {
    let isRun = name.hasSameBytes(as: "run")
    self.init(name: name, kind: isRun ? .run : .any, fallback: isRun ? .text(Self.latest) : nil)
  }

  /// The word for the run that was started last.
  public static let latest = "latest"

  /// Reads a value of this parameter's kind; `nil` where the text is none, or is out of range.
  public func value(of text: String) -> QueryValue? {
    switch kind {
    case .integer: Int64(text).map(QueryValue.integer)
    case .real: Self.finite(text).map(QueryValue.real)
    case .text: .text(text)
    case .pair: Pairing(rawValue: text).map { .text($0.rawValue) }
    case .run, .column: text.isEmpty ? nil : .text(text)
    case .any: Self.guess(text)
    }
  }

  /// A decimal number; not the `nan`, `inf` and hexadecimal spellings that `Double` would accept.
  private static func finite(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// An integer only where its digits come back unchanged, so that an id such as `007` stays text.
  private static func guess(_ text: String) -> QueryValue {
    if let value = Int64(text), String(value).hasSameBytes(as: text) { return .integer(value) }
    let hasPoint = text.utf8.contains(UInt8(ascii: "."))
    if hasPoint, let value = finite(text) { return .real(value) }
    return .text(text)
  }
}
