internal import Training

/// Options of version 0.1 that were renamed or removed. They work, with a notice, until the release after 0.2.
enum RenamedOptions {
  /// The new name of each old one, by command.
  static let names: [String: [String: String]] = {
    // Keys of a plan are these options without their dashes.
    let training = Dictionary(uniqueKeysWithValues: AblationPlan.renamed.map { ("--\($0)", "--\($1)") })
    return ["train": training, "ablate": training, "score": ["--redo": "--rescore", "--no-reuse": "--no-cache"]]
  }()

  /// Options that never changed anything, by command.
  private static let gone: [String: Set<String>] = ["train": ["--deterministic"], "ablate": ["--deterministic"]]

  /// The arguments with new names for old ones, and without removed options.
  ///
  /// - Parameters:
  ///   - arguments: the command and its arguments; after `--` nothing is an option.
  ///   - notice: called once with a sentence for each old name.
  /// - Returns: the same arguments, apart from options that were renamed or removed.
  static func current(_ arguments: [String], notice: (String) -> Void) -> [String] {
    guard let command = arguments.first, let renamed = names[command] else { return arguments }
    let gone = gone[command] ?? []
    var isOption = true, told: Set<String> = []
    return arguments.compactMap { argument in
      if argument == "--" { isOption = false }
      let name = String(argument.prefix { $0 != "=" })
      if isOption, gone.contains(argument) {
        if told.insert(argument).inserted {
          notice(
            "\(argument) is no longer needed: training gives the same result on any number of threads; the option will "
              + "go in the release after this one")
        }
        return nil
      }
      guard isOption, let new = renamed[name] else { return argument }
      if told.insert(name).inserted {
        notice("\(name) is now \(new); the old name will be removed in the release after this one")
      }
      return new + argument.dropFirst(name.count)
    }
  }
}
