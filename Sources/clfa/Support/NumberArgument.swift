import ArgumentParser

/// Reads the number of a flag; the error says which numbers the flag takes.
enum NumberArgument {
  /// Reads a whole number in a range.
  static func whole(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
    { argument in
      if let number = Int(argument), range.contains(number) { return number }
      let end = range.upperBound == .max ? "" : " to \(range.upperBound)"
      throw ValidationError("give a whole number from \(range.lowerBound)\(end).")
    }
  }

  /// Reads a random seed.
  @Sendable static func seed(_ argument: String) throws -> UInt64 {
    if let seed = UInt64(argument) { return seed }
    throw ValidationError("give a whole number from 0 to \(UInt64.max).")
  }

  /// Reads a number of any kind; the command checks its range.
  ///
  /// - Parameter allowed: the range in words, such as `from 0 to 1`.
  /// - Returns: the function that reads a value.
  static func decimal(_ allowed: String) -> @Sendable (String) throws -> Double {
    { argument in
      if let number = Double(argument) { return number }
      throw ValidationError("give a number \(allowed).")
    }
  }
}
