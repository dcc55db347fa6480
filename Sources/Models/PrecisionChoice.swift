package import Bytes

/// The precision of a command, and the reason for it.
package enum PrecisionChoice: Sendable, Equatable {
  /// The user asked for it; with the rates of f32 and of it, unless it is f32 or the model has no other.
  case asked(Precision, PrecisionRates?)
  /// The model's weights are bytes.
  case quantised
  /// The processor has no instructions for another one than f32.
  case onlyF32
  /// The precision of an earlier run of the same corpus and model.
  case kept(Precision, run: ByteText)
  /// The one that is fast enough here to be worth its rounding.
  case measured(PrecisionRates)

  /// The precisions that are chosen among if the user does not choose: their labels are those of f32 for all but one in
  /// hundreds.
  package static let candidates: [Precision] = [.f32, .bf16]

  /// Chooses a precision.
  ///
  /// - Parameters:
  ///   - asked: the precision that the user asked for; nil for none.
  ///   - isQuantised: whether the model's weights are bytes.
  ///   - supported: the precisions that the processor has instructions for.
  ///   - kept: returns the precision of the run that goes on, among some; nil if there is none.
  ///   - measure: measures some precisions.
  package init(
    asked: Precision?, isQuantised: Bool, supported: [Precision] = Precision.allCases.filter(\.isSupported),
    kept: ([Precision]) throws -> (precision: Precision, run: ByteText)? = { _ in nil },
    measure: ([Precision]) throws -> PrecisionRates
  ) rethrows {
    if let asked {
      let hasChoice = asked != .f32 && !isQuantised && supported.contains(asked)
      self = .asked(asked, hasChoice ? try measure([.f32, asked]) : nil)
      return
    }
    if isQuantised {
      self = .quantised
      return
    }
    let candidates = Self.candidates.filter(supported.contains)
    if candidates == [.f32] {
      self = .onlyF32
    } else if let (precision, run) = try kept(candidates) {
      self = .kept(precision, run: run)
    } else {
      self = .measured(try measure(candidates))
    }
  }

  /// The precision.
  package var precision: Precision {
    switch self {
    case .asked(let precision, _), .kept(let precision, _): precision
    case .quantised: .int8
    case .onlyF32: .f32
    case .measured(let rates): rates.best
    }
  }

  /// The rates, if the user asked for a precision that is slower than f32 here.
  package var slowerThanF32: PrecisionRates? {
    guard case .asked(let precision, let rates?) = self, let gain = rates.gain(of: precision), gain < 1 else {
      return nil
    }
    return rates
  }
}
