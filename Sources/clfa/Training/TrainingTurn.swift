import ArgumentParser
import Scoring
import Synchronization
import Training

/// One process' part of training: a signal ends it in peace, and whoever reads objects gets one for every end.
enum TrainingTurn {
  /// Does the work.
  ///
  /// - Parameters:
  ///   - progress: how it is shown.
  ///   - goOn: what goes on with a run that was interrupted, in words.
  ///   - body: the work, and who shows it.
  /// - Throws: what the work throws, or 130 where a signal was the cause.
  static func run(
    _ progress: ProgressStyle, goOn: String, _ body: (inout TrainingReport) throws -> Void
  ) throws {
    Interrupt.install()
    Interruptible.ending.withLock { $0 = { sayNothingChanged(TrainingReport(style: progress)) } }
    var report = TrainingReport(style: progress)
    do {
      try body(&report)
    } catch TrainingError.interrupted(let step, let steps, let checkpoint) {
      report.close()
      report.say(
        "\(TrainingError.interrupted(step: step, steps: steps, checkpoint: checkpoint)); \(goOn) goes on",
        ["event": "interrupted", "step": step, "steps": steps])
      throw ExitStatus.interrupted
    } catch let code as ExitCode {
      throw code
    } catch {
      report.close()
      if Interrupt.isRequested {
        sayNothingChanged(report)
        throw ExitStatus.interrupted
      }
      if progress == .json { ProgressReport.error("\(error)") }
      throw error
    }
  }

  private static func sayNothingChanged(_ report: consuming TrainingReport) {
    report.say("interrupted; nothing was changed, so give the command again", ["event": "interrupted"])
  }
}
