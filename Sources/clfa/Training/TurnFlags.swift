import ArgumentParser
import Scoring
import Training

/// How one turn of training runs, whatever is trained; none of it changes a bit of what comes out.
struct TurnFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How often the run's state is written, such as 90s or 1h; a kill loses the work since then. Default: 10m.",
      valueName: "time"))
  var checkpointEvery: Span?
  @Option(help: ArgumentHelp("Write it after so many steps, too.", valueName: "n")) var checkpointSteps: Int?
  @Option(help: ArgumentHelp("Threads; they change no bit. Default: the cores this process may use.", valueName: "n"))
  var threads: Int?
  @Flag(help: "The same bits on any number of threads. It is always so; the flag says it for the record.")
  var deterministic = false
  @Option(help: ArgumentHelp("auto, json (one object a line, on standard error) or none.", valueName: "style"))
  var progress: ProgressStyle = .auto

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
    if let checkpointSteps, checkpointSteps < 1 { throw ValidationError("--checkpoint-steps takes a number from 1.") }
  }

  /// How often the state goes to disk.
  var pace: CheckpointPace {
    CheckpointPace(seconds: (checkpointEvery ?? .tenMinutes).seconds, steps: checkpointSteps)
  }

  /// The threads asked for, or the cores.
  var crew: Int { threads ?? ThreadCount.available }
}
