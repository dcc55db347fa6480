import Foundation

/// The lists in `docs/design.md`, read from its tables and blocks.
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

  /// The events of a section's table, each with its keys.
  static func events(_ heading: String) -> [String: Set<String>] {
    let section = text.components(separatedBy: heading + "\n").last?.components(separatedBy: "\n#").first ?? ""
    var events: [String: Set<String>] = [:]
    for line in section.split(separator: "\n") {
      let cells = line.split(separator: "|")
      guard cells.count == 2, let name = words(cells[0]).first else { continue }
      events[name] = words(cells[1])
    }
    return events
  }

  /// The words in backquotes on the lines that begin with this text, up to the next item.
  static func words(ofLine beginning: String) -> Set<String> {
    let rest = text.components(separatedBy: "\n" + beginning).dropFirst().first ?? ""
    return words(
      Substring(beginning + (rest.components(separatedBy: "\n- ").first ?? "").components(separatedBy: "\n\n")[0]))
  }

  private static func words(_ text: Substring) -> Set<String> {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return Set(parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) })
  }
}
