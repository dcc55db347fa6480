internal import Tensors

/// How fast this machine multiplies at each precision: operations per second of a thread's time.
package struct PrecisionRates: Sendable, Equatable {
  /// The factor by which a precision must be faster than f32 to be worth its rounding.
  package static let leastGain = 1.15

  private let rates: [Precision: Double]

  /// Wraps rates that were measured.
  package init(_ rates: [Precision: Double]) { self.rates = rates }

  /// Measures some precisions with the feed-forward net of a model's larger encoder, for some tens of milliseconds.
  ///
  /// - Parameters:
  ///   - precisions: precisions that this processor supports.
  ///   - configuration: the model's.
  ///   - threads: the threads that will compute.
  /// - Throws: `ModelError.tensors` if there is not enough memory or the library fails.
  package init(
    measuring precisions: [Precision], of configuration: ModelConfiguration, threads: Int
  ) throws(ModelError) {
    let nets = [
      (configuration.text.hiddenSize, configuration.text.feedForward, configuration.text.layers),
      (configuration.image.hiddenSize, configuration.image.feedForward, configuration.image.layers),
    ]
    let (width, hidden, _) = nets[0].0 * nets[0].1 * nets[0].2 >= nets[1].0 * nets[1].1 * nets[1].2 ? nets[0] : nets[1]
    do throws(TensorError) {
      let measured = try LayerRates(width: width, hidden: hidden, formats: precisions.map(\.format))
        .measure(threads: threads)
      rates = Dictionary(uniqueKeysWithValues: precisions.map { ($0, measured[$0.format] ?? 0) })
    } catch {
      throw .tensors(error)
    }
  }

  /// Operations per second of a thread's time; nil if they were not measured.
  package subscript(_ precision: Precision) -> Double? { rates[precision] }

  /// The factor by which a precision is faster than f32; nil if one of both was not measured.
  package func gain(of precision: Precision) -> Double? {
    guard let f32 = rates[.f32], f32 > 0, let rate = rates[precision] else { return nil }
    return rate / f32
  }

  /// The fastest precision that is at least `leastGain` times as fast as f32; f32 if there is none.
  package var best: Precision {
    let gains = Precision.allCases.compactMap { precision in gain(of: precision).map { (precision, $0) } }
    let worthwhile = gains.filter { $0.1 >= Self.leastGain }
    return worthwhile.max { $0.1 < $1.1 }?.0 ?? .f32
  }

  /// `f32 150 GFLOP/s, bf16 310`
  package var words: String {
    let known = Precision.allCases.compactMap { precision in rates[precision].map { (precision.rawValue, $0 / 1e9) } }
    let numbers = known.map { "\($0) \(Int($1.rounded()))" }
    return ([numbers.first.map { $0 + " GFLOP/s" }].compactMap(\.self) + numbers.dropFirst()).joined(separator: ", ")
  }
}
