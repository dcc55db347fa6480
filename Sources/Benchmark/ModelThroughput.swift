import Bytes
internal import Dispatch
internal import Models
internal import Scoring
internal import Synchronization
internal import Tensors

/// The model alone, with inputs already prepared: how close it comes to the rate of its matrix products alone.
struct ModelThroughput: Sendable {
  /// The throughput of a given number of workers.
  struct Result: Sendable {
    /// Rows per second, of all workers.
    var rate = 0.0
    /// Floating-point operations in matrix products per row.
    var operations = 0.0
    /// Operations per second of thread time that the workers reached.
    var speed = 0.0
    /// Operations per second of the same threads' time that the library alone reached in between.
    var peak = 0.0
    /// Seconds per row in each part, on one worker.
    var parts: [(name: String, seconds: Double)] = []
    /// The library's names for the kernels used.
    var kernels: Set<String> = []
    /// SHA-256 of the logits of all posts in their order.
    var hash = ""

    /// The share of the peak that the model reached.
    var share: Double { peak > 0 ? speed / peak : 0 }
  }

  let classifier: PostClassifier
  let inputs: [PostInputs]
  /// Rows that pass through the model together.
  let batch: Int

  /// Scores every post once. After every `stretch` seconds each worker runs the library alone for a while, so that both
  /// rates are measured in the same minutes; both use the threads' processor time, so other work on the machine does
  /// not matter.
  func run(workers: Int, stretch: Double = 0.5, probe: Double = 0.12) throws -> Result {
    let results = Mutex<[Int: Swift.Result<Share, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let share = Swift.Result { try self.share(of: worker, among: workers, stretch, probe) }
      results.withLock { $0[worker] = share }
    }
    let shares = try results.withLock { results in try (0..<workers).compactMap { try results[$0]?.get() } }
    return combined(shares)
  }

  /// One worker's part.
  private struct Share: Sendable {
    var rows = 0
    var seconds = 0.0
    var threadSeconds = 0.0
    var operations = 0
    var peaks: [Double] = []
    var clock = StageTimer()
    var kernels: Set<String> = []
    var logits: [(post: Int, values: [Float])] = []
  }

  private func share(of worker: Int, among workers: Int, _ stretch: Double, _ probe: Double) throws -> Share {
    OneDNN.useOneThread()
    let workspace = classifier.makeWorkspace(), peak = try MatmulPeak(format: classifier.precision.format)
    // Plans are created and memory is allocated before anything is timed.
    for _ in 0..<2 { _ = try classifier(Array(inputs.prefix(batch)), using: workspace) }
    var share = Share(), sinceProbe = stretch
    for start in stride(from: worker * batch, to: inputs.count, by: workers * batch) {
      if Interrupt.isRequested { throw BenchmarkError.interrupted }
      if sinceProbe >= stretch {
        share.peaks.append(try peak.measure(seconds: probe))
        sinceProbe = 0
      }
      let posts = Array(inputs[start..<min(start + batch, inputs.count)])
      workspace.operations = 0
      let begun = ContinuousClock.now, threadBegun = ThreadTime.now
      let parts = StageTimer.Listener(workspace)
      let scores = try classifier(posts, using: workspace)
      let seconds = (ContinuousClock.now - begun) / .seconds(1)
      share.clock.add(parts.finish())
      share.rows += posts.count
      share.seconds += seconds
      share.threadSeconds += ThreadTime.now - threadBegun
      share.operations += workspace.operations
      sinceProbe += seconds
      for (offset, score) in scores.enumerated() { share.logits.append((start + offset, score.logits)) }
    }
    share.kernels = workspace.implementations
    return share
  }

  private func combined(_ shares: [Share]) -> Result {
    var result = Result()
    let rows = shares.reduce(0) { $0 + $1.rows }
    result.operations = Double(shares.reduce(0) { $0 + $1.operations }) / Double(max(rows, 1))
    for share in shares where share.rows > 0 {
      result.rate += Double(share.rows) / share.seconds
      result.speed += Double(share.operations) / share.threadSeconds
      result.peak += share.peaks.reduce(0, +) / Double(share.peaks.count)
    }
    var clock = StageTimer()
    for share in shares {
      clock.add(share.clock)
      result.kernels.formUnion(share.kernels)
    }
    result.parts = clock.parts.map { ($0.name, $0.seconds / Double(max(rows, 1))) }
    var hash = SHA256()
    for (_, values) in shares.flatMap(\.logits).sorted(by: { $0.post < $1.post }) {
      for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { hash.update(bufferPointer: $0) } }
    }
    result.hash = hash.finalize().hexadecimal
    return result
  }
}

/// The thread time of each part of the model.
struct StageTimer: Sendable {
  /// The parts in the order of the forward pass, and their seconds.
  private(set) var parts: [(name: String, seconds: Double)] = [
    "text encoder", "text projection", "image encoder", "image projection", "fusion", "head",
  ].map { ($0, 0) }

  /// Adds another clock's times.
  mutating func add(_ other: StageTimer) {
    for index in parts.indices { parts[index].seconds += other.parts[index].seconds }
  }

  fileprivate mutating func add(_ seconds: Double, to part: Int) { parts[part].seconds += seconds }

  /// Times one forward pass by the stages that are reported to its workspace.
  final class Listener {
    private var clock = StageTimer()
    private var last = ThreadTime.now
    private let workspace: Workspace

    init(_ workspace: Workspace) {
      self.workspace = workspace
      workspace.onStage = { [unowned self] name, _, _ in self.lap(Self.part(of: name)) }
    }

    /// The times of the pass; the time after the last stage counts for the head.
    func finish() -> StageTimer {
      lap(5)
      workspace.onStage = nil
      return clock
    }

    private func lap(_ part: Int) {
      let now = ThreadTime.now
      clock.add(now - last, to: part)
      last = now
    }

    /// A stage ends the part whose result it is.
    private static func part(of stage: String) -> Int {
      switch stage {
      case "text_hidden", "knowledge_hidden": 0
      case "text_tokens", "knowledge_tokens": 1
      case "image_hidden": 2
      case "image_tokens": 3
      default: 4
      }
    }
  }
}
