internal import Glibc
internal import Synchronization

/// How fast this machine computes a layer in several formats, on the threads that will compute a model.
///
/// A format can have instructions and still be slow, so only measuring tells which one is fast.
package struct LayerRates: Sendable {
  private let layers: [(format: NumberFormat, up: PackedLinear, down: PackedLinear)]
  private let width: Int

  /// The rounds; the best of them counts, so that a moment of other work on the machine does not.
  private static let rounds = 4
  /// The processor time of a round in one format, in seconds.
  private static let roundSeconds = 0.004

  /// Makes the two matrices of a feed-forward net in each format.
  ///
  /// - Parameters:
  ///   - width: the width of the net's inputs and outputs.
  ///   - hidden: the width between its two matrices.
  ///   - formats: formats that are fast here.
  /// - Throws: `TensorError` if there is not enough memory or the library fails.
  package init(width: Int, hidden: Int, formats: [NumberFormat]) throws(TensorError) {
    self.width = width
    let numbers = [Float](repeating: 0.01, count: width * hidden)
    func layer(outputs: Int, _ format: NumberFormat) throws(TensorError) -> PackedLinear {
      try numbers.withUnsafeBufferPointer { (numbers) throws(TensorError) in
        try PackedLinear(weight: numbers, bias: [Float](repeating: 0, count: outputs), format: format)
      }
    }
    var layers: [(format: NumberFormat, up: PackedLinear, down: PackedLinear)] = []
    for format in formats {
      layers.append((format, try layer(outputs: hidden, format), try layer(outputs: width, format)))
    }
    self.layers = layers
  }

  /// Computes the net in each format in turn, on all threads at once: about 16 ms for each format.
  ///
  /// - Parameter threads: the number of threads; only as many as there are cores measure.
  /// - Returns: operations per second of a thread's time in each format, in the mean of the threads.
  /// - Throws: `TensorError` if there is not enough memory or the library fails.
  package func measure(threads: Int) throws(TensorError) -> [NumberFormat: Double] {
    // The threads are its own: a thread keeps the library's setting, and the caller may still load a model on all cores.
    let results = Mutex<[Result<[Double], TensorError>]>([])
    let measurement = Measurement {
      let result = Result { () throws(TensorError) in try self.measureOnThisThread() }
      results.withLock { $0.append(result) }
    }
    let started = (0..<min(threads, ThreadCount.available)).compactMap { _ in measurement.start() }
    if started.isEmpty { measurement.body() }
    for thread in started { pthread_join(thread, nil) }
    let measured = results.withLock(\.self)
    var rates: [NumberFormat: Double] = [:]
    for result in measured {
      for (layer, rate) in zip(layers, try result.get()) {
        rates[layer.format, default: 0] += rate / Double(measured.count)
      }
    }
    return rates
  }

  /// What each thread does.
  private final class Measurement: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Starts a thread; nil if the system cannot.
    func start() -> pthread_t? {
      let raw = Unmanaged.passRetained(self)
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { raw in
          guard let raw else { return nil }
          Unmanaged<Measurement>.fromOpaque(raw).takeRetainedValue().body()
          return nil
        }, raw.toOpaque())
      guard code == 0 else {
        raw.release()
        return nil
      }
      return thread
    }
  }

  private func measureOnThisThread() throws(TensorError) -> [Double] {
    OneDNN.useOneThread()
    let workspace = Workspace()
    let x = try workspace.matrix(rows: Matrix.block, width: width)
    x.base.update(repeating: 0.5, count: x.capacity * width)
    func pass(_ up: PackedLinear, _ down: PackedLinear) throws(TensorError) {
      try workspace.temporarily { () throws(TensorError) in
        _ = try down(up(x.view, using: workspace).view, using: workspace)
      }
    }
    // Plans are made and memory is taken before anything is timed.
    for layer in layers { try pass(layer.up, layer.down) }
    var best = [Double](repeating: 0, count: layers.count)
    for _ in 0..<Self.rounds {
      for (index, layer) in layers.enumerated() {
        workspace.operations = 0
        let start = ThreadTime.now
        var seconds = 0.0
        repeat {
          try pass(layer.up, layer.down)
          seconds = ThreadTime.now - start
        } while seconds < Self.roundSeconds
        best[index] = max(best[index], Double(workspace.operations) / seconds)
      }
    }
    return best
  }
}
