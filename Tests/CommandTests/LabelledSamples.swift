import Foundation

/// The labelled samples, with the five columns that these tests need.
enum LabelledSamples {
  /// The lines of a CSV file, the header first: `id,text,image,label,picture`. No description of a picture has a comma.
  static func lines() throws -> [String] {
    let rows = cells(of: try String(contentsOfFile: Workdir.samples + "/posts.csv", encoding: .utf8))
    let places = ["id", "text", "image", "label", "picture"].compactMap { rows.first?.firstIndex(of: $0) }
    return rows.map { row in places.map { row[$0] } }.filter { !$0[3].isEmpty }.map { row in
      (row.dropLast().map(quoted) + [row[4].replacing(",", with: "")]).joined(separator: ",")
    }
  }

  /// Writes them; they are scored with `--images Samples`.
  static func write(_ workdir: borrowing Workdir, _ name: String = "posts.csv") throws -> String {
    try workdir.write(name, try lines().joined(separator: "\n") + "\n")
  }

  /// The cells of a CSV file, row by row.
  static func cells(of text: String) -> [[String]] {
    var rows: [[String]] = [[]], cell = "", isQuoted = false
    var rest = Substring(text).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"" where isQuoted && rest.first == "\"":
        rest.removeFirst()
        cell.unicodeScalars.append(scalar)
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        rows[rows.count - 1].append(cell)
        cell = ""
      case "\n" where !isQuoted:
        rows[rows.count - 1].append(cell)
        cell = ""
        rows.append([])
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return rows.dropLast()
  }

  private static func quoted(_ cell: String) -> String {
    cell.contains(",") || cell.contains("\"") ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
  }
}
