import Foundation

/// What `docs/design.md` lists, read out of its tables and blocks.
enum DesignDocument {
  static let text: String =
    (try? String(contentsOfFile: Workdir.repository + "/docs/design.md", encoding: .utf8)) ?? ""

  /// The commands of the command line's table.
  static var commands: [String] {
    text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("| `clfa ") else { return nil }
      return line.dropFirst("| `clfa ".count).split(separator: "`").first.map(String.init)
    }
  }

  /// The targets of the table of what each owns.
  static var targets: Set<String> {
    let section = text.components(separatedBy: "| target | owns |").last?.components(separatedBy: "\n\n").first ?? ""
    let cells = section.split(separator: "\n").compactMap { $0.split(separator: "|").first }
    return Set(
      cells.flatMap { $0.split(separator: "`").map(String.init) }.filter { $0.wholeMatch(of: /[A-Za-z]+/) != nil })
  }

  /// The store's tables with their columns, in order: `name column, column …`.
  static var tables: [String: [String]] {
    let section = text.components(separatedBy: "## Store\n").last?.components(separatedBy: "```") ?? []
    guard section.count > 1 else { return [:] }
    var tables: [String: [String]] = [:]
    for line in section[1].split(separator: "\n") {
      guard let name = line.split(separator: " ").first else { continue }
      tables[String(name)] = line.dropFirst(name.count).split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    return tables
  }

  /// The fault codes of the table.
  static var faultCodes: Set<String> {
    let section = text.components(separatedBy: "### Faults\n").last?.components(separatedBy: "\n## ").first ?? ""
    let cells = section.split(separator: "\n").compactMap { line in
      line.split(separator: "|").count == 3 ? line.split(separator: "|")[1] : nil
    }
    return Set(
      cells.flatMap { $0.split(separator: "`").map(String.init) }.filter { $0.wholeMatch(of: /[a-z_]+/) != nil })
  }
}
