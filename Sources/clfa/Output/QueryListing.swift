import Queries

/// What `clfa query --list` prints: each query's name, what it answers, and its parameters.
enum QueryListing {
  /// The names alone, for shells to complete.
  static var names: [String] { ((try? NamedQuery.all) ?? []).map(\.name) }

  static func write(_ queries: [NamedQuery], to output: StandardOutput) throws(StandardOutput.Trouble) {
    for query in queries {
      try output.write("\(query.name)\n    \(query.summary)\n")
      let parameters = query.parameters ?? []
      let width = parameters.map(\.signature.displayWidth).max() ?? 0
      for parameter in parameters {
        let blanks = String(repeating: " ", count: width - parameter.signature.displayWidth)
        try output.write("      \(parameter.signature)\(blanks)  \(parameter.help)\n")
      }
    }
  }
}
