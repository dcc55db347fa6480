import ArgumentParser
import Bytes
import Queries
import Scoring
import Store

/// `clfa query`: runs queries on a store, by name or in SQL.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Query a store: with a named query, a file of SQL, or SQL on the command line.",
    usage: """
      clfa query STORE NAME [name=value ...] [--format FORMAT]
      clfa query STORE FILE.sql [name=value ...] [--format FORMAT]
      clfa query STORE --sql SQL [name=value ...] [--format FORMAT]
      clfa query STORE NAME --explain
      clfa query --list
      """,
    discussion: """
      A query only reads; it cannot change the store. Named queries use the latest run unless run=NAME names \
      another. In your own SQL, :name is replaced by the value of name=value, the view scored contains the rows of \
      the latest run, and the view distinct_post one post of each of its groups of reposts. SQL also has the functions \
      cosine(a,b), vector_length(v), probability(probabilities,label), day(t), week(t) and fold(text).

      EXAMPLE
        clfa query posts.sqlite least-certain limit=10
        clfa query posts.sqlite least-certain limit=10 --format json
        clfa query posts.sqlite post key=1280 --format lines
        clfa query posts.sqlite disagreements against=posts-2
        clfa query posts.sqlite triage budget=30
        clfa query posts.sqlite labels --distinct
        clfa query posts.sqlite label-issues limit=50
        clfa query posts.sqlite search words='"so happy" OR delight*'
        clfa query posts.sqlite --sql "select key from scored where label=:l" l=ironic
      """)

  @Argument(help: "The store, as clfa score wrote it.", completion: .file(extensions: ["sqlite"]))
  var store: String?

  @Argument(
    help: ArgumentHelp(
      "The name of a query or a file ending in .sql, then name=value for each parameter.", valueName: "query"),
    completion: .list(QueryListing.names))
  var words: [String] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("One SELECT statement, instead of a name or a file.", valueName: "SQL"))
  var sql: String?

  @OptionGroup var distinct: DistinctOption

  @OptionGroup var calibrated: CalibratedOption

  @OptionGroup var format: FormatOption

  @Flag(help: "List the named queries with their parameters.")
  var list = false

  @Flag(help: "Print the query's SQL instead of running it.")
  var explain = false

  func validate() throws {
    if store == nil, !list { throw ValidationError("name a store: clfa query STORE NAME") }
    if calibrated.calibrated != nil, list || explain {
      throw ValidationError("--calibrated changes answers, not queries; leave it out with --list and --explain.")
    }
  }

  func run() throws {
    if let store, !list, sql == nil, words.first == LabelIssuesQuery.name {
      if explain { throw ValidationError("\(LabelIssuesQuery.name) is computed by clfa, so there is no SQL to print.") }
      return try LabelIssuesQuery(arguments()).print(store, isDistinct: distinct.isOn, format)
    }
    let output = StandardOutput()
    do {
      if list {
        try QueryListing.write(to: output)
      } else if explain {
        let sql = try query().sql
        try output.write(sql.utf8.last == UInt8(ascii: "\n") ? sql : sql + "\n")
      } else {
        try answer(to: output)
      }
      try output.flush()
    } catch StandardOutput.WriteError.closed {
      // The reader closed the pipe, which is not an error.
    } catch StandardOutput.WriteError.interrupted {
      throw ExitStatus.interrupted
    } catch QueryError.interrupted {
      Console.line("\(QueryError.interrupted)")
      throw ExitStatus.interrupted
    }
  }

  /// The name of a query on the command line, for messages.
  static let sqlFlag = "--sql"

  private func answer(to output: StandardOutput) throws {
    guard let store else { return }
    let query = try query()
    let arguments = try arguments()
    Interrupt.install()
    Interrupt.watch()
    let calibration = try calibrated.load(store: store)
    let runner = try QueryRunner(path: store, calibration: calibration?.predictions) { Interrupt.isRequested }
    if let calibration, let effect = try runner.calibrationEffect(for: arguments) {
      let run = arguments.first { $0.name == "run" }.map(\.value) ?? "latest"
      try calibration.check(run: run, fingerprint: effect.fingerprint)
      CalibratedOption.say(effect.words)
    }
    var format: any RowFormat = CSVFormat()
    var failure: StandardOutput.WriteError?
    var rows = 0
    try runner.run(query, arguments: arguments) { columns in
      format = self.format.writer(to: output, columns: columns.count)
      format.begin(columns, into: &output.buffer)
    } row: { values in
      rows += 1
      format.row(values, into: &output.buffer)
      do throws(StandardOutput.WriteError) {
        try output.drain()
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    if distinct.isOn { DistinctOption.say(try runner.reposts(for: arguments)) }
    format.end(into: &output.buffer)
    try output.flush()
    if rows == 0, output.isTerminal { Console.line("no rows") }
  }

  /// The arguments after the store that are parameters.
  private func arguments() throws -> [QueryArgument] {
    let words = sql == nil ? words.dropFirst() : words[...]
    return try words.map { word throws(QueryArgumentError) in try QueryArgument(parsing: word) }
  }

  private func query() throws -> NamedQuery {
    let query = try written()
    return distinct.isOn ? try query.distinct() : query
  }

  private func written() throws -> NamedQuery {
    if let sql { return try NamedQuery.own(name: Self.sqlFlag, file: Self.sqlFlag, sql: sql) }
    let all = try NamedQuery.all
    guard let word = words.first else { throw QueryArgumentError.noQuery(known: QueryListing.names) }
    if word.utf8.suffix(4).elementsEqual(".sql".utf8) { return try SQLFile.read(word) }
    guard let query = all.first(where: { $0.name == word }) else {
      throw QueryArgumentError.unknownQuery(word, known: QueryListing.names)
    }
    return query
  }
}

/// The output of `clfa query --list`: the name, summary and parameters of each query.
enum QueryListing {
  private typealias Entry = (name: String, summary: String, parameters: [QueryParameter])

  /// Only the names, for shell completion and messages.
  static var names: [String] { ((try? entries()) ?? []).map(\.name) }

  private static func entries() throws -> [Entry] {
    let computed = LabelIssuesQuery.self
    return
      (try NamedQuery.all.map { ($0.name, $0.summary, $0.parameters ?? []) }
      + [(computed.name, computed.summary, computed.parameters)]).sorted { $0.name < $1.name }
  }

  static func write(to output: StandardOutput) throws {
    for query in try entries() {
      try output.write("\(query.name)\n    \(query.summary)\n")
      let width = query.parameters.map(\.signature.displayWidth).max() ?? 0
      for parameter in query.parameters {
        let blanks = String(repeating: " ", count: width - parameter.signature.displayWidth)
        try output.write("      \(parameter.signature)\(blanks)  \(parameter.help)\n")
      }
    }
  }
}
