import ArgumentParser
import Bytes
import Scoring
import Synchronization
import Training

/// One process' part of a training: a signal ends it cleanly, and with JSON progress every end is an object.
enum TrainingSession {
  /// Runs the work.
  ///
  /// - Parameters:
  ///   - progress: the style of progress.
  ///   - resumeHint: how to continue an interrupted run, in words.
  ///   - body: the work; it gets the progress report.
  /// - Throws: errors of the work, or exit code 130 if a signal was the cause.
  static func run(
    _ progress: ProgressStyle, resumeHint: String, _ body: (inout TrainingProgressReport) throws -> Void
  ) throws {
    Interrupt.install()
    Interrupt.ending.withLock { $0 = { sayNothingChanged(TrainingProgressReport(style: progress)) } }
    var report = TrainingProgressReport(style: progress)
    do {
      try body(&report)
    } catch TrainingError.interrupted(let step, let steps, let checkpoint) {
      report.close()
      report.say(
        "\(TrainingError.interrupted(step: step, steps: steps, checkpoint: checkpoint)); \(resumeHint) goes on",
        TrainingProgressReport.event("interrupted", [("step", .integer(step)), ("steps", .integer(steps))]))
      throw ExitStatus.interrupted
    } catch let code as ExitCode {
      throw code
    } catch ScoringError.interrupted {
      throw ExitStatus.interrupted
    } catch {
      report.close()
      if Interrupt.isRequested {
        sayNothingChanged(report)
        throw ExitStatus.interrupted
      }
      if progress == .json { ScoringProgressReport.error(Advice.message(of: error)) }
      throw error
    }
  }

  private static func sayNothingChanged(_ report: consuming TrainingProgressReport) {
    report.say(
      "interrupted; nothing was changed, so run the command again", TrainingProgressReport.event("interrupted"))
  }
}
