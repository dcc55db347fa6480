import ArgumentParser
import Bytes
import Foundation
import Queries

/// An unknown command or flag. It is reported before anything else that is missing from the command line, since other
/// errors follow from it.
struct UsageError {
  /// The message, with similar names.
  let words: String
  /// The intended command, as written on a command line.
  let command: String
  /// The command's usage, in lines; empty if there is no such command.
  let usage: [String]

  /// All commands and flags, as the parser describes them.
  static var tree: CommandNode? {
    (try? JSONParser.parse(Array(CLFA._dumpHelp().utf8)))?["command"].flatMap(CommandNode.init)
  }

  /// Looks for a mistake in arguments that the parser rejected; `nil` if all commands and flags are known.
  init?(_ arguments: [String]) {
    guard let tree = Self.tree else { return nil }
    let found = tree.command(of: arguments)
    command = found.path.joined(separator: " ")
    if let corrected = found.corrected {
      words = "the subcommand comes first: " + Shell.line(["clfa"] + corrected)
      usage = []
    } else if let word = found.unknownCommand {
      let near = Self.commands(near: word, below: found.path, in: tree)
      words =
        "there is no command '\(word.printable(upTo: 60))'"
        + (near.isEmpty ? "" : "; near: \(near.joined(separator: ", "))") + "; \(command) --help lists them"
      usage = []
    } else if let flag = found.unknownFlag {
      words = "\(command) has no flag '\(flag.printable(upTo: 60))'" + Self.hint(for: flag, found, in: tree)
      usage = Self.usage(found.path)
    } else {
      return nil
    }
  }

  // MARK: - What is near

  private static func commands(near word: String, below path: [String], in tree: CommandNode) -> [String] {
    let all = tree.paths
    if let meant = NameAliases.commands[word.lowercased()] {
      return meant.map { "clfa " + $0 }.filter { all.contains($0.split(separator: " ").map(String.init)) }
    }
    // First commands of the same group, then those of other groups.
    let beside = all.filter { $0.count == path.count + 1 && $0.starts(with: path) }
    for group in [beside, all.filter { $0.count > 1 }] {
      let near = DidYouMean.closest(to: word, in: group.compactMap(\.last))
      if let near { return group.filter { $0.last == near }.map { $0.joined(separator: " ") } }
    }
    return []
  }

  private static func hint(for flag: String, _ found: CommandNode.Found, in tree: CommandNode) -> String {
    let name = String(flag.drop { $0 == "-" }), own = found.node.flags
    let meant = NameAliases.flags[name.lowercased().replacingOccurrences(of: "_", with: "-")] ?? []
    if let near = meant.first(where: own.contains) ?? DidYouMean.closest(to: name, in: own) {
      return " (did you mean \"--\(near)\"?)"
    }
    if let near = meant.first, near.contains(" ") { return "; " + near }
    // Other commands may have this flag, or one with the same meaning.
    for name in [name] + meant {
      let others = tree.nodes(withFlag: name).map { $0.joined(separator: " ") }
      if let last = others.last, others.count <= 3 {
        let list = others.count == 1 ? last : "\(others.dropLast().joined(separator: ", ")) and \(last)"
        return "; --\(name) is a flag of \(list)"
      }
    }
    return ""
  }

  private static func usage(_ path: [String]) -> [String] {
    var type: any ParsableCommand.Type = CLFA.self
    for name in path.dropFirst() {
      type = type.configuration.subcommands.first { $0._commandName == name } ?? type
    }
    let usage = type == CLFA.self ? CLFA.usageString() : CLFA.usageString(for: type)
    return usage.split(separator: "\n").enumerated().map { ($0 == 0 ? "Usage: " : "       ") + $1 }
  }
}

/// A command of the tree, with its flags.
struct CommandNode {
  /// A flag, an option or a positional argument.
  struct Argument {
    struct Name {
      var kind: String
      var name: String
    }
    var kind: String
    var names: [Name]?
    var shouldDisplay: Bool?
  }

  var commandName: String
  var defaultSubcommand: String?
  var arguments: [Argument]?
  var subcommands: [CommandNode]?

  /// The result of following the arguments.
  struct Found {
    var node: CommandNode
    /// The command's words, from `clfa` on.
    var path: [String]
    var unknownCommand: String?
    var unknownFlag: String?
    /// The arguments with the subcommand moved before the values in front of it.
    var corrected: [String]?
  }

  /// Reads a command from the parser's dump; nil if it has no name.
  fileprivate init?(_ json: JSON) {
    guard let name = json["commandName"]?.asString else { return nil }
    commandName = name
    defaultSubcommand = json["defaultSubcommand"]?.asString
    arguments = json["arguments"]?.asList?.map { argument in
      Argument(
        kind: argument["kind"]?.asString ?? "",
        names: argument["names"]?.asList?.map {
          Argument.Name(kind: $0["kind"]?.asString ?? "", name: $0["name"]?.asString ?? "")
        }, shouldDisplay: argument["shouldDisplay"]?.asBool)
    }
    subcommands = json["subcommands"]?.asList?.compactMap(CommandNode.init)
  }

  /// The long names of flags that help shows, without hyphens.
  var flags: [String] {
    (arguments ?? []).filter { $0.shouldDisplay != false }.flatMap { $0.names ?? [] }
      .filter { $0.kind == "long" }.map(\.name)
  }

  /// The paths of this command and of all below it.
  var paths: [[String]] {
    [[commandName]] + (subcommands ?? []).flatMap { $0.paths.map { [commandName] + $0 } }
  }

  /// The paths of all commands that have a flag.
  func nodes(withFlag flag: String) -> [[String]] {
    (flags.contains(flag) ? [[commandName]] : [])
      + (subcommands ?? []).flatMap { $0.nodes(withFlag: flag).map { [commandName] + $0 } }
  }

  /// Follows the arguments to their command, and records the first unknown command or long flag.
  func command(of arguments: [String]) -> Found {
    var found = Found(node: self, path: [commandName]), skips = false
    var strays: [String] = []
    var group: (start: Int, commands: [CommandNode])?
    for (place, argument) in arguments.enumerated() {
      if argument == "--" { break }
      if skips {
        skips = false
        continue
      }
      if argument.utf8.starts(with: "--".utf8) {
        let name = argument.dropFirst(2).prefix { $0 != "=" }
        if Self.parserFlags.contains(String(name)) {
          continue
        } else if let option = found.node.option(String(name)) {
          skips = option.kind == "option" && !argument.utf8.contains(UInt8(ascii: "="))
        } else if found.unknownFlag == nil {
          found.unknownFlag = "--" + name
        }
      } else if argument.utf8.starts(with: "-".utf8), argument.utf8.count > 1 {
        skips = found.node.option(String(argument.dropFirst()))?.kind == "option"
      } else if found.unknownCommand == nil, let commands = found.node.subcommands, !commands.isEmpty {
        if let next = commands.first(where: { $0.commandName == argument }) {
          found.node = next
          found.path.append(next.commandName)
        } else if let fallback = commands.first(where: { $0.commandName == found.node.defaultSubcommand }) {
          // This is a store, or a misspelt command.
          let isNear = DidYouMean.closest(to: argument, in: commands.map(\.commandName)) != nil
          if isNear, access(argument, F_OK) != 0 { strays.append(argument) }
          group = (place, commands)
          found.node = fallback
          found.path.append(fallback.commandName)
        } else {
          found.unknownCommand = argument
        }
      } else if let start = group?.start, found.corrected == nil,
        group?.commands.contains(where: { $0.commandName == argument }) ?? false
      {
        var corrected = arguments
        corrected.remove(at: place)
        corrected.insert(argument, at: start)
        found.corrected = corrected
      }
    }
    // `runs --format csv`: a flag of the default subcommand.
    if let fallback = found.node.subcommands?.first(where: { $0.commandName == found.node.defaultSubcommand }) {
      found.node = fallback
      found.path.append(fallback.commandName)
      if let flag = found.unknownFlag, fallback.option(String(flag.dropFirst(2))) != nil { found.unknownFlag = nil }
    }
    if found.unknownFlag == nil, let stray = strays.first {
      found.path.removeLast()
      found.unknownCommand = stray
    }
    return found
  }

  /// Flags of the argument parser that its dump does not list.
  private static let parserFlags = ["help-hidden", "generate-completion-script", "experimental-dump-help"]

  private func option(_ name: String) -> Argument? {
    (arguments ?? []).first { ($0.names ?? []).contains { $0.name == name } }
  }
}

/// Names from other programs, with clfa's names.
enum NameAliases {
  /// Commands by the names that other programs use.
  static let commands: [String: [String]] = [
    "label": ["score", "import"], "labels": ["score", "import"], "annotate": ["score", "import"],
    "predict": ["score"], "run": ["score"], "infer": ["score"], "classify": ["score"], "inference": ["score"],
    "eval": ["evaluate"], "test": ["evaluate"], "metrics": ["evaluate"], "compare": ["evaluate", "report"],
    "plot": ["report"], "figure": ["report"], "pdf": ["report"], "draw": ["report"], "print": ["report"],
    "sql": ["query"], "ask": ["query"], "select": ["query"], "search": ["query", "similar"],
    "find": ["similar", "query"],
    "near": ["similar"], "nearest": ["similar"], "neighbours": ["similar"], "neighbors": ["similar"],
    "validate": ["check"], "lint": ["check"], "inspect": ["check"], "audit": ["check"],
    "fit": ["train"], "learn": ["train"], "finetune": ["train"], "sweep": ["ablate"], "grid": ["ablate"],
    "ablation": ["ablate"], "delete": ["forget", "runs drop"], "remove": ["forget", "runs drop"], "rm": ["forget"],
    "join": ["merge"], "combine": ["merge"], "list": ["runs"], "ls": ["runs"], "history": ["runs"],
    "convert": ["model import"], "quantise": ["model quantize"], "int8": ["model quantize"],
    "benchmark": ["bench"], "speed": ["bench"], "save": ["export"], "dump": ["export"], "csv": ["export"],
    "embed": ["teach"], "distill": ["teach"],
  ]

  /// Flags by the names that other programs use, with `_` as `-`; the first one that the command has is suggested. A
  /// sentence is used if clfa has no such flag.
  static let flags: [String: [String]] = [
    "lr": ["learning-rate"], "batch-size": ["batch"], "bs": ["batch"],
    "num-epochs": ["epochs"], "n-epochs": ["epochs"], "epoch": ["epochs"], "max-epochs": ["epochs"],
    "wd": ["weight-decay"], "warmup-steps": ["warmup"], "warmup-ratio": ["warmup"],
    "max-grad-norm": ["gradient-clip"], "grad-clip": ["gradient-clip"], "tau": ["temperature"],
    "output-dir": ["output", "store"], "output-file": ["output", "store"], "out": ["output", "store"],
    "o": ["output", "store"], "output": ["output", "store"], "save": ["output", "store"],
    "db": ["store"], "database": ["store"], "sqlite": ["store"],
    "input": [noFlagForCorpus], "in": [noFlagForCorpus], "input-file": [noFlagForCorpus], "data": [noFlagForCorpus],
    "file": [noFlagForCorpus], "csv": [noFlagForCorpus], "dataset": [noFlagForCorpus],
    "verbose": ["progress"], "v": ["progress"], "debug": ["progress"], "quiet": ["progress"], "silent": ["progress"],
    "n": ["limit", "rows"], "num": ["limit", "rows"], "max-rows": ["limit", "rows"], "head": ["limit"],
    "top": ["limit"], "top-k": ["limit"], "k": ["limit"],
    "num-workers": ["threads"], "workers": ["threads"], "jobs": ["threads"], "n-jobs": ["threads"],
    "cpus": ["threads"], "cores": ["threads"], "num-threads": ["threads"],
    "device": [noDevice], "gpu": [noDevice], "cuda": [noDevice],
    "dtype": ["precision"], "fp16": ["precision"], "bf16": ["precision"], "int8": ["precision"], "half": ["precision"],
    "image-dir": ["images"], "images-dir": ["images"], "image-folder": ["images"], "pictures": ["images"],
    "sep": ["delimiter"], "separator": ["delimiter"], "delim": ["delimiter"],
    "val": ["validation"], "valid": ["validation"], "dev": ["validation"], "validation-file": ["validation"],
    "id-column": ["id"], "text-column": ["text"], "image-column": ["image"], "label-column": ["label"],
    "target": ["label"], "checkpoint": ["model", "from"], "weights": ["model", "from"],
    "model-path": ["model", "from"],
    "model-dir": ["model", "from"], "resume-from": ["resume"], "continue": ["resume"],
    "random-state": ["seed", "seeds"],
    "random-seed": ["seed", "seeds"], "name": ["run"], "run-name": ["run"], "pos-label": ["positive"],
    "positive-label": ["positive"], "output-format": ["format"], "group-by": ["by"], "dry-run": ["plan"],
    "timeout": ["stop-after"], "time-limit": ["stop-after"], "max-time": ["stop-after"], "vocab": ["vocabulary"],
    "lang": ["language"],
  ]

  private static let noFlagForCorpus = "files are named without a flag"
  private static let noDevice = "the processor alone computes; --threads says how many cores it may use"
}
