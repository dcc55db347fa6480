import Foundation
import Glibc
internal import Tensors

/// What a run was computed on: the bits of a result hold for one processor model and one library.
public struct Machine: Codable, Sendable, Equatable {
  /// The processor's name as the system gives it.
  public var processor: String
  /// The instruction set that the library uses, by its own name.
  public var instructionSet: String
  /// The instruction set that our own kernels use.
  public var kernels: String
  /// The matrix library and its version.
  public var library: String
  /// Workers at work.
  public var threads: Int

  enum CodingKeys: String, CodingKey {
    case processor, kernels, library, threads
    case instructionSet = "instruction_set"
  }

  /// Describes this machine as it computes now, with `threads` workers.
  public init(threads: Int) {
    processor = Self.processorName
    instructionSet = OneDNN.instructionSet
    kernels = InstructionSet.ofKernels
    library = "oneDNN \(OneDNN.version)"
    self.threads = threads
  }

  /// Canonical JSON, keys sorted.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  private static var processorName: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
    return name?.trimmingCharacters(in: .whitespaces) ?? "unknown"
  }
}

/// The most memory this process has held, in bytes.
public func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
