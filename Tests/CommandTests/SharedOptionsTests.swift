import Testing

/// Flags that several commands share have the same help; only their defaults differ.
@Suite struct SharedOptionsTests {
  /// A flag's help in a command's `--help`, in one line.
  private func help(of flag: String, in command: [String]) async throws -> String {
    let outcome = try await Workdir().run(command + ["--help"])
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.hasPrefix("  \(flag) ") }, "\(command) \(flag)")
    let rest = lines[(first + 1)...].prefix { $0.hasPrefix("      ") }
    return (lines[first...first] + rest).joined(separator: " ").split(separator: " ").joined(separator: " ")
  }

  @Test(arguments: ["--temperature", "--learning-rate", "--batch", "--epochs", "--seed", "--dim"])
  func theOptionsOfATrainingAreTheSame(flag: String) async throws {
    let train = try await help(of: flag, in: ["train"]), teach = try await help(of: flag, in: ["teach"])
    #expect(try await help(of: flag, in: ["ablate"]) == train)
    #expect(train.contains("Default: ") && teach.contains("Default: "))
    #expect(train.split(separator: "Default: ").first == teach.split(separator: "Default: ").first)
  }

  @Test(arguments: ["--pooling", "--fusion-heads", "--max-text", "--max-knowledge"])
  func theSettingsOfAModelAreTheSame(flag: String) async throws {
    let train = try await help(of: flag, in: ["train"])
    #expect(try await help(of: flag, in: ["model", "import"]) == train)
    #expect(train.contains("Default: "))
  }
}
