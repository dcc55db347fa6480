import ArgumentParser

/// The ways a command can end, as the shell sees them; 0, 1 and 64 are ArgumentParser's own.
enum ExitStatus {
  /// Finished with faults, under `--strict`.
  static let faults = ExitCode(2)
  /// Something that `--require` asks for is not reached.
  static let requirement = ExitCode(3)
  /// Interrupted by a signal or by `--stop-after`; the same command goes on.
  static let interrupted = ExitCode(130)
}
