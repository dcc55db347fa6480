import ArgumentParser
import Bytes
import Corpus
import Files
import Store

/// `--preset`, and `--list-presets`, which ``CLFA`` answers before anything that a command lacks.
struct PresetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Set the columns, dates and form of the files of a program or platform, such as reddit or telegram, or of a JSON file "
        + "of your own. Other options win over it. --list-presets shows all.",
      valueName: "name|file.json"),
    completion: .list(Preset.builtIn.map(\.name)), transform: Preset.load)
  var preset: Preset?
  @Flag(help: "List the presets: whose files they read, what they set, and where the files' form is described.")
  var listPresets = false
}

extension PresetOptions {
  /// The commands that have these options.
  private static let commands = ["check", "score", "stream", "train", "ablate", "teach", "export", "label", "model"]

  /// Whether the arguments ask for the list.
  static func areListed(by arguments: [String]) -> Bool {
    guard let command = arguments.first, commands.contains(command) else { return false }
    return arguments.prefix { $0 != "--" }.contains {
      $0 == "--list-presets"
    }
  }

  /// All presets, in lines.
  static var list: [String] {
    Preset.builtIn.flatMap { preset in
      ["\(preset.name): \(preset.purpose)"] + preset.settings.map { "  --\($0.key.rawValue) \($0.shown)" }
        + ["  described at \(preset.source)", ""]
    } + ["A file of your own is a JSON object with the same keys: {\"text\": \"body\", \"date\": \"created\"}"]
  }

  /// Prints the list on standard output.
  static func printList() throws {
    let output = StandardOutput()
    do {
      for line in list { try output.write(line + "\n") }
      try output.flush()
    } catch StandardOutput.WriteError.closed {
      // The reader closed the pipe, which is not an error.
    }
  }
}

extension Preset {
  /// Finds a preset as typed by a user: by its name, or in a file, whose name ends in `.json` or has a `/`.
  static func load(_ argument: String) throws -> Preset {
    guard argument.lowercased().utf8.reversed().starts(with: ".json".utf8.reversed()) || argument.utf8.contains(0x2F)
    else { return try named(argument) }
    do {
      return try Preset(json: FileReader.read(argument, limit: fileLimit), file: argument)
    } catch let error as FileError {
      throw ValidationError("\(argument.printable): \(error).")
    }
  }

  /// The preset with which a run was scored, with everything that it recorded; nil if it had none.
  init?(recorded reading: [ReadingFlag]) {
    guard let name = reading.last(where: { $0.name == "preset" })?.value else { return nil }
    self.init(
      name: name, reading.compactMap { flag in Key(rawValue: flag.name).map { Setting($0, flag.value) } })
  }

  /// Its use with the flags that count in the end, its own or others.
  func use(in reading: [ReadingFlag], labels: LabelNames? = nil) -> PresetUse {
    let replaced = settings.filter { setting in
      if setting.key == .labels { return (try? LabelNames(parsing: setting.value)) != labels }
      return !reading.contains { $0.name == setting.key.rawValue && ByteText($0.value) == ByteText(setting.value) }
    }
    return PresetUse(self, replaced: replaced.map(\.key))
  }

  /// What it sets, as a run records it.
  var reading: [ReadingFlag] { settings.map { ReadingFlag(name: $0.key.rawValue, value: $0.value) } }
}

extension ReadingFlag {
  /// The flags that are given.
  static func given(_ flags: [(String, String?)]) -> [ReadingFlag] {
    flags.compactMap { name, value in value.map { ReadingFlag(name: name, value: $0) } }
  }
}
