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

/// What `--precision` takes: `auto` is resolved to the precision that is the model's best here.
enum PrecisionFlag: String, ExpressibleByArgument, CaseIterable {
  case auto
  case f32

  /// The precision to compute in; f32 is all there is.
  var resolved: Precision { .f32 }
}

extension FaultLimit: ExpressibleByArgument {
  /// Reads a flag's value.
  public init?(argument: String) { self.init(argument) }
}

extension MissingPicture: ExpressibleByArgument {}
extension ProgressStyle: ExpressibleByArgument {}
