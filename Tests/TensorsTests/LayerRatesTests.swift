import Tensors
import Testing

@Suite struct LayerRatesTests {
  /// Every fast format has a rate, with any number of threads.
  @Test(arguments: [1, 3]) func everyFormatIsMeasured(threads: Int) throws {
    let formats = NumberFormat.allCases.filter(\.isFast)
    let rates = try LayerRates(width: 48, hidden: 96, formats: formats).measure(threads: threads)
    #expect(Set(rates.keys) == Set(formats))
    for (format, rate) in rates { #expect(rate.isFinite && rate > 0, "\(format)") }
  }
}
