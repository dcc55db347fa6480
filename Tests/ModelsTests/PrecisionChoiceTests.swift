import Bytes
import Models
import Testing

/// Which precision a command uses: from rates that are given, so that no test depends on the machine.
@Suite struct PrecisionChoiceTests {
  private struct NothingMayBeMeasured: Error {}

  private static func rates(_ f32: Double, _ bf16: Double) -> PrecisionRates {
    PrecisionRates([.f32: f32 * 1e9, .bf16: bf16 * 1e9])
  }

  @Test(arguments: [
    (150.0, 310.0, Precision.bf16), (150, 82, .f32), (100, 114.9, .f32), (100, 115, .bf16), (100, 100, .f32),
    (0, 100, .f32),
  ])
  func aPrecisionMustBeWorthItsRounding(f32: Double, bf16: Double, expected: Precision) throws {
    #expect(Self.rates(f32, bf16).best == expected)
    var measured: [Precision] = []
    let choice = try PrecisionChoice(asked: nil, isQuantised: false, supported: Precision.allCases) {
      measured = $0
      return Self.rates(f32, bf16)
    }
    #expect(measured == [.f32, .bf16])
    #expect(choice == .measured(Self.rates(f32, bf16)) && choice.precision == expected)
  }

  @Test func theFastestOfSeveralIsBest() {
    let rates = PrecisionRates([.f32: 100e9, .bf16: 190e9, .int8: 340e9])
    #expect(rates.best == .int8)
    #expect(rates.words == "f32 100 GFLOP/s, bf16 190, int8 340")
    #expect(PrecisionRates([.f32: 1e9]).best == .f32 && PrecisionRates([:]).best == .f32)
  }

  /// A run that goes on has one precision, also on a day when another one would be chosen.
  @Test(arguments: [Precision.f32, .bf16]) func aRunThatGoesOnKeepsItsPrecision(precision: Precision) throws {
    let choice = try PrecisionChoice(
      asked: nil, isQuantised: false, supported: Precision.allCases, kept: { _ in (precision, "posts") },
      measure: { _ in throw NothingMayBeMeasured() })
    #expect(choice == .kept(precision, run: "posts") && choice.precision == precision)
    #expect(choice.slowerThanF32 == nil)
  }

  @Test func thereMayBeNothingToMeasure() throws {
    func choice(_ asked: Precision?, _ isQuantised: Bool, _ supported: [Precision]) throws -> PrecisionChoice {
      try PrecisionChoice(asked: asked, isQuantised: isQuantised, supported: supported) { _ in
        throw NothingMayBeMeasured()
      }
    }
    #expect(try choice(nil, true, Precision.allCases) == .quantised)
    #expect(try choice(nil, false, [.f32]) == .onlyF32)
    #expect(try choice(nil, false, [.f32, .int8]) == .onlyF32)
    #expect(try choice(.f32, false, Precision.allCases) == .asked(.f32, nil))
    #expect(try choice(.int8, true, Precision.allCases) == .asked(.int8, nil))
    #expect(try choice(.bf16, false, [.f32]) == .asked(.bf16, nil))
  }

  @Test(arguments: [(150.0, 82.0, true), (100, 99.9, true), (100, 100, false), (100, 200, false)])
  func aSlowerPrecisionThatWasAskedForIsKnown(f32: Double, bf16: Double, isSlower: Bool) throws {
    var measured: [Precision] = []
    let choice = try PrecisionChoice(asked: .bf16, isQuantised: false, supported: Precision.allCases) {
      measured = $0
      return Self.rates(f32, bf16)
    }
    #expect(measured == [.f32, .bf16])
    #expect(choice.precision == .bf16)
    #expect(choice.slowerThanF32 == (isSlower ? Self.rates(f32, bf16) : nil))
  }

  /// Both encoders' sizes are measured, and every precision of the processor.
  @Test func realRatesArePositive() throws {
    var configuration = ModelConfiguration(labelNames: ["no", "yes"])
    (configuration.text.hiddenSize, configuration.text.feedForward) = (32, 64)
    (configuration.image.hiddenSize, configuration.image.feedForward) = (48, 96)
    let supported = Precision.allCases.filter(\.isSupported)
    let rates = try PrecisionRates(measuring: supported, of: configuration, threads: 2)
    for precision in Precision.allCases {
      #expect((rates[precision] ?? 0 > 0) == supported.contains(precision), "\(precision)")
    }
  }
}
