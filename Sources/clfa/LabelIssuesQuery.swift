import Bytes
import Queries
import Results
import Store

/// `clfa query STORE label-issues`: a named query that SQL cannot express. Its parameters are given as those of others.
struct LabelIssuesQuery {
  static let name = "label-issues"
  static let summary = "True labels that are probably wrong, the most doubtful first, by confident learning."
  static let parameters = [
    QueryParameter(name: "run", kind: .run, defaultValue: .text(QueryParameter.latest), help: "the run"),
    QueryParameter(
      name: "truth", kind: .text, defaultValue: .null,
      help: "the source of the labels; otherwise the latest label of each post"),
    QueryParameter(name: "limit", kind: .integer, defaultValue: .integer(20), help: "how many posts; -1 lists all"),
  ]
  static let columns = ["key", "given", "likely", "probability", "margin", "text"]

  private var run: String?
  private var truth: String?
  private var limit: Int?

  /// Reads the arguments after the query's name.
  init(_ arguments: [QueryArgument]) throws(QueryArgumentError) {
    for binding in try Self.parameters.bindings(for: arguments, of: Self.name) {
      switch (binding.parameter.name, binding.value) {
      case ("run", .text(let name)): run = name == QueryParameter.latest ? nil : name
      case ("truth", .text(let source)): truth = source
      case ("limit", .integer(let count)): limit = count < 0 ? nil : Int(count)
      default: break
      }
    }
  }

  /// Prints the posts, and what the reader must know.
  func print(_ path: String, isDistinct: Bool, _ format: FormatOption) throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let reader = try StoreReader(path: path, shouldStop: shouldStop)
      defer { reader.close() }
      let labels = try DoubtfulLabels.load(from: reader, run: run, truth: truth, isDistinct: isDistinct, limit: limit)
      DistinctOption.say(labels.reposts)
      Console.line(
        "\(labels.found) of \(labels.labelled.counted("label", "labels")) of run \(labels.run.printable) "
          + "\(labels.found == 1 ? "is" : "are") probably wrong")
      Console.line(
        "notice: this holds only if the model was not trained on these posts; otherwise it has learnt their labels")
      try format.print(
        Self.columns,
        labels.rows.map { row in
          [
            .text(row.key), .text(row.given.text), .text(row.likely.text), .real(row.probability), .real(row.margin),
            .text(row.text),
          ]
        })
    }
  }
}
