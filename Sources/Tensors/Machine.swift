import Bytes
import Foundation
import Glibc

/// The hardware and library of a run. Results are reproducible to the bit only with the same combination.
package struct Machine: Sendable, Equatable {
  /// The processor's name as the system gives it.
  package var processor: String
  /// The instruction set that the library uses, by its own name.
  package var instructionSet: String
  /// The instruction set that our own kernels use.
  package var kernels: String
  /// The matrix library with its version.
  package var library: String
  /// The number of workers.
  package var threads: Int

  /// Describes this machine, with `threads` workers.
  package init(threads: Int) {
    processor = Self.processorName
    instructionSet = OneDNN.instructionSet
    kernels = InstructionSet.ofKernels
    library = "oneDNN \(OneDNN.version)"
    self.threads = threads
  }

  /// Canonical JSON, keys sorted.
  package var json: String {
    var json = JSONWriter()
    json.object([
      ("instruction_set", { $0.string(instructionSet) }),
      ("kernels", { $0.string(kernels) }),
      ("library", { $0.string(library) }),
      ("processor", { $0.string(processor) }),
      ("threads", { $0.number(threads) }),
    ])
    return json.text
  }

  private static var processorName: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
    return name?.trimmingCharacters(in: .whitespaces) ?? "unknown"
  }
}

/// The peak memory of this process in bytes.
package func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}

/// The number of workers that this process can usefully start.
package enum ThreadCount {
  /// The cores that affinity and the control group's quota allow, at least 1.
  package static var available: Int {
    min(affinity, quota(at: "/sys/fs/cgroup") ?? .max)
  }

  /// The cores that the scheduler lets this process run on.
  private static var affinity: Int {
    let lines = read("/proc/self/status")?.split(separator: "\n") ?? []
    let list = lines.first { $0.hasPrefix("Cpus_allowed_list:") }?.split(separator: ":").last
    return list.flatMap { cores(inList: $0.trimmingCharacters(in: .whitespaces)) }
      ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// The number of cores in a list such as `0-3,8`; `nil` if it is not such a list.
  package static func cores(inList list: String) -> Int? {
    var count = 0
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], last >= first else {
        return nil
      }
      count += last - first + 1
    }
    return count
  }

  /// The cores that a control group's quota allows, rounded up; `nil` if there is no quota.
  ///
  /// Version 2 has `cpu.max` = `QUOTA PERIOD` or `max PERIOD`; version 1 has two files under `cpu`.
  package static func quota(at root: String) -> Int? {
    if let line = read("\(root)/cpu.max") {
      let words = line.split(separator: " ")
      guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]) else { return nil }
      return cores(quota, period)
    }
    guard let quota = read("\(root)/cpu/cpu.cfs_quota_us").flatMap(Double.init),
      let period = read("\(root)/cpu/cpu.cfs_period_us").flatMap(Double.init)
    else { return nil }
    return cores(quota, period)
  }

  private static func cores(_ quota: Double, _ period: Double) -> Int? {
    guard quota > 0, period > 0 else { return nil }
    return max(1, Int((quota / period).rounded(.up)))
  }

  private static func read(_ path: String) -> String? {
    (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
