import ArgumentParser

/// Ends the process with an error's words and exit code.
enum CommandEnd {
  /// Ends a command that ran.
  static func leave(_ arguments: [String], _ error: any Error) -> Never {
    if error is ExitCode || CLFA.exitCode(for: error) == .success { CLFA.exit(withError: error) }
    // What the parser would say of the error, without a usage line: to it, all commands are `clfa` by now.
    Console.line("Error: " + CLFA.message(for: error))
    let code = ExitStatus.code(of: error)
    if code == .validationFailure, let command = UsageMistake.tree?.command(of: arguments) {
      Console.line("See '\(command.path.joined(separator: " ")) --help'.")
    }
    CLFA.exit(withError: code)
  }

  /// Ends where the arguments are no command; help, the version and completions are such ends, too.
  static func leave(parsing arguments: [String], _ error: any Error) -> Never {
    let code = CLFA.exitCode(for: error)
    guard code == .validationFailure, let mistake = UsageMistake(arguments) else {
      if code == .success { CLFA.exit(withError: error) }
      let message = "Error: " + CLFA.message(for: error)
      Console.block(message)
      // What follows are lines of ours: help and usage.
      let whole = CLFA.fullMessage(for: error)
      let rest =
        whole.utf8.count < message.utf8.count
        ? "" : whole[whole.utf8.index(whole.startIndex, offsetBy: message.utf8.count)...]
      for line in rest.split(separator: "\n") { Console.line(String(line)) }
      CLFA.exit(withError: code)
    }
    Console.line("Error: " + mistake.words)
    for line in mistake.usage { Console.line(line) }
    if !mistake.usage.isEmpty { Console.line("  See '\(mistake.command) --help' for more information.") }
    CLFA.exit(withError: code)
  }
}
