internal import Preparation
import Bytes
import ArgumentParser
import Corpus
package import Inputs
import Models
import Queries
import Scoring
import Tensors

/// A time such as `90s`, `30m` or `8h`; a bare number is seconds.
struct DurationArgument {
  let seconds: Double

  static let tenMinutes = DurationArgument(seconds: 600)

  private init(seconds: Double) { self.seconds = seconds }

  init(parsing argument: String) throws {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let unit = argument.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? argument[...] : argument.dropLast()), number > 0, number.isFinite
    else { throw ValidationError("give a time above 0 with its unit, such as 90s, 30m, 8h or 1d.") }
    seconds = number * (unit ?? 1)
  }
}

/// The values of `--precision`: `auto` is measured.
enum PrecisionFlag: String, ExpressibleByArgument, CaseIterable {
  case auto
  case f32
  case bf16
  case int8

  /// The precision that the user chose; nil for `auto`.
  var asked: Precision? { Precision(rawValue: rawValue) }

  /// Rejects a precision that this processor, or the chosen instruction set, does not support, before anything is read
  /// or written.
  func check(under isa: InstructionSetFlag) throws {
    guard let precision = asked, !precision.isSupported else { return }
    guard let name = isa.name else { throw ModelError.unsupportedPrecision(precision) }
    throw InstructionSetError.lacks(name, format: precision.rawValue)
  }
}

extension PrecisionChoice {
  /// What `auto` chose and why, or that the precision asked for is slower than f32; nil if there is nothing to say.
  func notice(under isa: InstructionSetFlag = .auto, flag: String = "--precision") -> String? {
    switch self {
    case .measured(let rates): return "auto: \(precision.rawValue) (\(rates.words))"
    case .kept(_, let run): return "auto: \(precision.rawValue) (as in run \(run.printable))"
    case .quantised: return "auto: \(precision.rawValue) (the model is quantised)"
    case .onlyF32: return "auto: f32 (\(isa.name.map { "--isa \($0)" } ?? "this processor") has no bf16 instructions)"
    case .asked:
      return slowerThanF32.map {
        "\(precision.rawValue) is slower than f32 on this processor (\($0.words)) and less exact; \(flag) f32 is better "
          + "here"
      }
    }
  }
}

/// The values of `--isa`: `auto`, or the instruction set that oneDNN and the kernels may use.
struct InstructionSetFlag {
  /// The set's name; `nil` for `auto`.
  let name: String?

  static let auto = InstructionSetFlag(name: nil)

  private init(name: String?) { self.name = name }

  /// Reads a flag's value.
  init(parsing argument: String) throws {
    let all = ["auto"] + InstructionSet.names
    guard all.contains(argument) else {
      let error = InstructionSetError.unknown(argument, known: InstructionSet.names)
      throw ValidationError("\(error)" + DidYouMean.hint(for: argument, in: all) + ".")
    }
    name = argument == "auto" ? nil : argument
  }

  /// Restricts the process to the set. Call it first: the library does not change its choice later.
  func pin() throws(InstructionSetError) {
    if let name { try InstructionSet.pin(name) }
  }
}

extension FaultLimit {
  /// Reads a flag's value.
  init(parsing argument: String) throws {
    guard let limit = FaultLimit(argument) else {
      throw ValidationError("give a number of rows from 0, or a percentage from 0% to 100%, such as 5%.")
    }
    self = limit
  }
}

extension MissingPicturePolicy: ExpressibleByArgument {}
extension PictureDecoding: ExpressibleByArgument {}
extension TruncatedPictures: ExpressibleByArgument {}
extension PictureMatch: ExpressibleByArgument {}
extension SeveralPictures: ExpressibleByArgument {}
extension ProgressStyle: ExpressibleByArgument {}
