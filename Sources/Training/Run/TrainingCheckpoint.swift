import Archives
import Foundation
internal import Models
internal import Tensors

/// Where a run stands between two steps, beside the numbers.
struct TrainingState: Sendable, Equatable, Codable {
  /// The epoch that is under way, from 0.
  var epoch = 0
  /// Steps done in it.
  var step = 0
  /// Sums of the epoch's losses so far.
  var losses = [0.0, 0.0, 0.0, 0.0, 0.0]
  /// The best epoch's score.
  var bestScore: Double?
  /// Epochs since the best one.
  var sinceBest = 0
  /// Seconds of training so far, over all turns.
  var seconds = 0.0
  /// Whether a post without a picture was ever learnt from.
  var sawNoPicture = false
  var history = TrainingHistory()

  /// Whether a run of such a length can be there after so many steps.
  func isPossible(steps: Int, perEpoch: Int, epochs: Int) -> Bool {
    (0...epochs).contains(epoch) && (0...perEpoch).contains(step) && steps == epoch * perEpoch + step
      && losses.count == 5 && sinceBest >= 0 && history.epochs.map(\.epoch) == Array(0..<history.epochs.count)
      && (history.epochs.count == epoch + 1 || steps == 0)
  }
}

/// A run's numbers and state on disk; the file appears whole or not at all.
struct TrainingCheckpoint {
  let path: String

  private static let parts = ["weights", "means", "squares"]

  /// Whether there is one.
  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// Writes all that going on needs. `identity` says what run it is.
  func write(
    _ state: TrainingState, _ identity: [RunFact], _ trainableModel: TrainableModel, _ adam: BertAdam
  ) throws(TrainingError) {
    let buffers = [trainableModel.parameters.weights, adam.means, adam.squares]
    let texts = (state: try text(state), identity: try text(identity))
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
    let decoder = JSONDecoder()
    guard let then = file.metadata("identity").flatMap({ try? decoder.decode([RunFact].self, from: Data($0.utf8)) }),
      let state = file.metadata("state").flatMap({ try? decoder.decode(TrainingState.self, from: Data($0.utf8)) }),
      let steps = file.metadata("steps").flatMap({ Int($0) })
    else { throw .badCheckpoint(path: path, reason: "it does not say what run it is of") }
    for now in identity {
      let before = then.first { $0.name == now.name }?.value ?? "nothing"
      guard before == now.value else { throw Self.difference(now.name, before, now.value, folder) }
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

  /// What differs, by the first of its members that does where both are objects.
  private static func difference(_ name: String, _ then: String, _ now: String, _ folder: String) -> TrainingError {
    func members(_ text: String) -> [String: Any]? {
      try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    }
    func words(_ value: Any?) -> String {
      let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes]
      let data = value.flatMap { try? JSONSerialization.data(withJSONObject: $0, options: options) }
      return data.map { String(decoding: $0, as: UTF8.self) } ?? "none"
    }
    if let before = members(then), let after = members(now) {
      for key in Set(before.keys).union(after.keys).sorted() where words(before[key]) != words(after[key]) {
        return .otherRun(folder: folder, what: key, then: words(before[key]), now: words(after[key]))
      }
    }
    return .otherRun(folder: folder, what: name, then: then, now: now)
  }

  /// As JSON, which has no word for a number that is not finite.
  private func text(_ value: some Encodable) throws(TrainingError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .unwritable(path: path, reason: "the run's state cannot be written as JSON: \(error)")
    }
  }
}

/// One of the facts that make a run what it is: it goes on only where all are the same.
struct RunFact: Sendable, Equatable, Codable {
  let name: String
  let value: String
}

/// How often a run's state goes to disk.
package struct CheckpointInterval: Sendable {
  /// Seconds between two states.
  package var seconds: Double
  /// Steps between two states, too; nil for time alone.
  package var steps: Int?

  /// A pace.
  package init(seconds: Double, steps: Int? = nil) { (self.seconds, self.steps) = (seconds, steps) }
}

/// The seconds of a run over all its turns, and when its state is due on disk.
struct RunClock {
  private let before: Double
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  /// `spent`: the seconds of the turns before this one.
  init(spent: Double) { before = spent }

  /// Seconds in all.
  var spent: Double { before + (ContinuousClock.now - start).seconds }

  /// Whether so many seconds have passed since this was last true.
  mutating func isDue(every seconds: Double) -> Bool {
    guard (ContinuousClock.now - last).seconds >= seconds else { return false }
    last = .now
    return true
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
