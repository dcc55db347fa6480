internal import Training

/// Options that had another name in version 0.1. Until the release after 0.2 the old names work, with a line that says so.
enum RenamedOptions {
  /// The new name of each old one, by command.
  static let names: [String: [String: String]] = {
    // Keys of a plan are these options without their dashes.
    let training = Dictionary(uniqueKeysWithValues: AblationPlan.renamed.map { ("--\($0)", "--\($1)") })
    return ["train": training, "ablate": training, "score": ["--redo": "--rescore", "--no-reuse": "--no-cache"]]
  }()

  /// The arguments with new names in place of old ones.
  ///
  /// - Parameters:
  ///   - arguments: the command and what follows it; behind `--` nothing is an option.
  ///   - notice: gets a sentence for each old name, once.
  /// - Returns: the same arguments, other than renamed options.
  static func current(_ arguments: [String], notice: (String) -> Void) -> [String] {
    guard let command = arguments.first, let renamed = names[command] else { return arguments }
    var isOption = true, told: Set<String> = []
    return arguments.map { argument in
      if argument.utf8.elementsEqual("--".utf8) { isOption = false }
      let name = String(argument.prefix { $0 != "=" })
      guard isOption, let new = renamed[name] else { return argument }
      if told.insert(name).inserted {
        notice("\(name) is now \(new); the old name will be removed in the release after this one")
      }
      return new + argument.dropFirst(name.count)
    }
  }
}
