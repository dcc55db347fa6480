public import ArgumentParser
public import Inputs
import Models
public import Scoring

/// A time such as `90s`, `30m` or `8h`; a bare number is seconds.
struct Span: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let unit = argument.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? argument[...] : argument.dropLast()), number > 0, number.isFinite
    else { return nil }
    seconds = number * (unit ?? 1)
  }
}

/// What `--precision` takes: `auto` is resolved to what is fastest here and right.
enum PrecisionFlag: String, ExpressibleByArgument, CaseIterable {
  case auto
  case f32
  case bf16
  case int8

  /// The precision to compute a model in; a quantised one has int8 only.
  func resolved(isQuantised: Bool) -> Precision {
    switch self {
    case .auto: isQuantised ? .int8 : .best
    case .f32: .f32
    case .bf16: .bf16
    case .int8: .int8
    }
  }

  /// Refuses what this processor cannot do with any model, before anything is read or written.
  func check() throws(ModelError) {
    let precision = resolved(isQuantised: false)
    if !precision.isSupported { throw .unsupportedPrecision(precision) }
  }

  /// What `auto` chose for a model, and why; nil where the user chose.
  func notice(isQuantised: Bool) -> String? {
    guard self == .auto else { return nil }
    let resolved = resolved(isQuantised: isQuantised)
    if resolved == .int8 { return "computing in int8 (the model is quantised)" }
    return resolved == .f32
      ? "computing in f32 (this processor has no bf16 instructions)"
      : "computing in \(resolved.rawValue) (twice as fast as f32 here; --precision f32 is the reference's own)"
  }
}

extension FaultLimit: ExpressibleByArgument {
  /// Reads a flag's value.
  public init?(argument: String) { self.init(argument) }
}

extension MissingPicture: ExpressibleByArgument {}
extension PictureDecoding: ExpressibleByArgument {}
extension ProgressStyle: ExpressibleByArgument {}
