import Archives
package import Bytes
import Foundation
internal import Models
internal import Tensors

/// The state of a run between two steps, other than its tensors.
package struct TrainingState: Sendable, Equatable {
  /// The current epoch, from 0.
  var epoch = 0
  /// The number of steps done in it.
  var step = 0
  /// Sums of the epoch's losses so far.
  var losses = [0.0, 0.0, 0.0, 0.0, 0.0]
  /// The best epoch's score.
  var bestScore: Double?
  /// Epochs since the best one.
  var sinceBest = 0
  /// Seconds of training so far, over all commands.
  var seconds = 0.0
  /// Whether any training post had no picture.
  var sawNoPicture = false
  var history = TrainingHistory()

  /// Whether a run of this length can have this state.
  func isPossible(steps: Int, perEpoch: Int, epochs: Int) -> Bool {
    (0...epochs).contains(epoch) && (0...perEpoch).contains(step) && steps == epoch * perEpoch + step
      && losses.count == 5 && sinceBest >= 0 && history.epochs.map(\.epoch) == Array(0..<history.epochs.count)
      && (history.epochs.count == epoch + 1 || steps == 0)
  }
}

extension TrainingState {
  package var json: JSON {
    .members([
      ("epoch", .integer(epoch)), ("step", .integer(step)), ("losses", .array(losses.map { .real($0) })),
      ("bestScore", bestScore.map { .real($0) }), ("sinceBest", .integer(sinceBest)), ("seconds", .real(seconds)),
      ("sawNoPicture", .bool(sawNoPicture)), ("history", history.json),
    ])
  }

  package init?(_ json: JSON) {
    guard let epoch = json["epoch"]?.asInteger, let step = json["step"]?.asInteger,
      let losses = json["losses"]?.asList?.map(\.asNumber), let sinceBest = json["sinceBest"]?.asInteger,
      let seconds = json["seconds"]?.asNumber, let sawNoPicture = json["sawNoPicture"]?.asBool,
      let history = json["history"].flatMap(TrainingHistory.init)
    else { return nil }
    self.init(
      epoch: epoch, step: step, losses: losses.compactMap(\.self), bestScore: json["bestScore"]?.asNumber,
      sinceBest: sinceBest, seconds: seconds, sawNoPicture: sawNoPicture, history: history)
  }
}

/// A run's tensors and state on disk; the file appears completely or not at all.
struct TrainingCheckpoint {
  let path: String

  private static let parts = ["weights", "means", "squares"]

  /// Whether the file exists.
  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// Writes everything needed to continue. `identity` identifies the run.
  func write(
    _ state: TrainingState, _ identity: [RunFact], _ trainableModel: TrainableModel, _ adam: BertAdam
  ) throws(TrainingError) {
    let buffers = [trainableModel.parameters.weights, adam.means, adam.squares]
    let texts = (state: try text(state.json), identity: try text(.array(identity.map(\.json))))
    do throws(ModelError) {
      let writer = try SafetensorsWriter(
        path: path,
        entries: zip(Self.parts, buffers).map {
          SafetensorsWriter.Entry(name: $0, type: .f32, shape: [$1.count])
        },
        metadata: [
          ("state", texts.state), ("identity", texts.identity), ("steps", "\(adam.steps)"),
        ])
      for buffer in buffers {
        try writer.append(UnsafeBufferPointer(start: buffer.base, count: buffer.count))
      }
      try writer.finish()
    } catch {
      throw .model(error)
    }
  }

  /// Reads it into a trainable model and an optimiser of the same run.
  func read(
    _ identity: [RunFact], into trainableModel: TrainableModel, _ adam: BertAdam, folder: String
  ) throws(TrainingError) -> TrainingState {
    let file: Safetensors
    do {
      file = try Safetensors(path: path, headerLimit: 64 * 1_048_576)
    } catch {
      throw .badCheckpoint(path: path, reason: "\(error)")
    }
    func json(_ part: ByteText) -> JSON? { file.metadata(part).flatMap { try? JSONParser.parse(Array($0.utf8)) } }
    guard let then = json("identity").flatMap(RunFact.list), let state = json("state").flatMap(TrainingState.init),
      let steps = file.metadata("steps").flatMap({ Int($0) })
    else { throw .badCheckpoint(path: path, reason: "it does not say what run it is of") }
    for now in identity {
      let before = then.first { ByteText($0.name) == ByteText(now.name) }?.value ?? "nothing"
      guard ByteText(before) == ByteText(now.value) else { throw Self.difference(now.name, before, now.value, folder) }
    }
    for (part, buffer) in zip(Self.parts, [trainableModel.parameters.weights, adam.means, adam.squares]) {
      guard let tensor = file[part], tensor.count == buffer.count, tensor.type == .f32 else {
        throw .badCheckpoint(path: path, reason: "it lacks the numbers of \(part)")
      }
      file.withBytes(of: tensor) {
        tensor.type.read($0, into: UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count))
      }
    }
    adam.steps = steps
    return state
  }

  /// The error that names the difference; for two objects, the first member that differs.
  private static func difference(_ name: String, _ then: String, _ now: String, _ folder: String) -> TrainingError {
    func members(_ text: String) -> [ByteText: ByteText]? {
      guard case .object(let members)? = try? JSONParser.parse(Array(text.utf8)) else { return nil }
      return Dictionary(
        members.map { ($0.key, ByteText($0.value.text(.canonical))) }, uniquingKeysWith: { first, _ in first })
    }
    if let before = members(then), let after = members(now) {
      for key in Set(before.keys).union(after.keys).sorted() where before[key] != after[key] {
        return .otherRun(
          folder: folder, what: key.text, then: before[key]?.text ?? "none", now: after[key]?.text ?? "none")
      }
    }
    return .otherRun(folder: folder, what: name, then: then, now: now)
  }

  /// As JSON, which has no numbers that are not finite.
  private func text(_ value: JSON) throws(TrainingError) -> String {
    do {
      return try value.finiteText(.canonical)
    } catch {
      throw .unwritable(path: path, reason: "the run's state cannot be written as JSON: \(error)")
    }
  }
}

/// A fact that identifies a run: it continues only if all facts are the same.
struct RunFact: Sendable, Equatable {
  let name: String
  let value: String
}

extension RunFact {
  var json: JSON { .members([("name", .string(name)), ("value", .string(value))]) }

  /// The facts of a list; nil if it contains anything else.
  static func list(_ json: JSON) -> [RunFact]? {
    guard let list = json.asList else { return nil }
    let facts = list.compactMap { fact -> RunFact? in
      guard let name = fact["name"]?.asString, let value = fact["value"]?.asString else { return nil }
      return RunFact(name: name, value: value)
    }
    return facts.count == list.count ? facts : nil
  }
}

/// The interval between checkpoints.
package struct CheckpointInterval: Sendable {
  /// Seconds between two states.
  package var seconds: Double
  /// Steps between two checkpoints, in addition; nil for time alone.
  package var steps: Int?

  /// A pace.
  package init(seconds: Double, steps: Int? = nil) { (self.seconds, self.steps) = (seconds, steps) }
}

/// The total time of a run over all commands, and the time of its next checkpoint.
struct RunClock {
  private let before: Double
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  /// `spent`: the seconds of earlier commands.
  init(spent: Double) { before = spent }

  /// The total seconds.
  var spent: Double { before + (ContinuousClock.now - start).seconds }

  /// Whether this many seconds have passed since this was last true.
  mutating func isDue(every seconds: Double) -> Bool {
    guard (ContinuousClock.now - last).seconds >= seconds else { return false }
    last = .now
    return true
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
