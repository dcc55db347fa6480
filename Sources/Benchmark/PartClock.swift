internal import Tensors

/// The time of its thread that each part of the model took.
struct PartClock: Sendable {
  /// The parts in the order of the forward pass, and their seconds.
  private(set) var parts: [(name: String, seconds: Double)] = [
    "text encoder", "text projection", "image encoder", "image projection", "fusion", "head",
  ].map { ($0, 0) }

  /// Adds another clock's times.
  mutating func add(_ other: PartClock) {
    for index in parts.indices { parts[index].seconds += other.parts[index].seconds }
  }

  fileprivate mutating func add(_ seconds: Double, to part: Int) { parts[part].seconds += seconds }

  /// Times one forward pass by the stages that its workspace is told of.
  final class Listener {
    private var clock = PartClock()
    private var last = ThreadTime.now
    private let workspace: Workspace

    init(_ workspace: Workspace) {
      self.workspace = workspace
      workspace.onStage = { [unowned self] name, _, _ in self.lap(Self.part(of: name)) }
    }

    /// What the pass took; what followed the last stage is the head's.
    func finish() -> PartClock {
      lap(5)
      workspace.onStage = nil
      return clock
    }

    private func lap(_ part: Int) {
      let now = ThreadTime.now
      clock.add(now - last, to: part)
      last = now
    }

    /// A stage ends the part it is the result of.
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
