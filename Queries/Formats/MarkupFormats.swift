import Bytes

/// A table of GitHub's Markdown, in which no value acts as markup.
///
/// Columns that hold a number in the first row are aligned right.
package struct MarkdownFormat: RowFormat {
  private var columns: [String]?

  /// Creates a writer.
  package init() {}

  /// Keeps the names until the first row says how to align them.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    self.columns = columns
  }

  /// Writes a line, the header before the first.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    header(values, into: &output)
    Self.line(values.map { Self.escape($0.shortText) }, into: &output)
  }

  /// Writes the header if there was no row.
  package mutating func end(into output: inout [UInt8]) {
    header([], into: &output)
  }

  private mutating func header(_ first: [QueryValue], into output: inout [UInt8]) {
    guard let columns else { return }
    Self.line(columns.map(Self.escape), into: &output)
    let rules = columns.indices.map { $0 < first.count && first[$0].isNumber ? "--:" : "---" }
    Self.line(rules, into: &output)
    self.columns = nil
  }

  private static func line(_ cells: [String], into output: inout [UInt8]) {
    output.append("| " + cells.joined(separator: " | ") + " |\n")
  }

  /// Escapes what Markdown would read as markup; an underscore inside a word is not markup.
  private static func escape(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\n": result += "<br>"
      case "\t": result += " "
      case "\r": if index + 1 == scalars.count || scalars[index + 1] != "\n" { result += "<br>" }
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "_" where isInsideWord(scalars, index): result += "_"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$", "!", "#": result += "\\" + String(scalar)
      default:
        if scalar.isTerminalControl {
          result += "\\" + scalar.escapedForm
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  private static func isInsideWord(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
    let isLetter = { (index: Int) in
      scalars.indices.contains(index)
        && (scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil)
    }
    return isLetter(index - 1) && isLetter(index + 1)
  }
}

/// A LaTeX `tabular` that needs no package: `\hline` for rules, every special character escaped.
///
/// Columns that hold a number in the first row are aligned right. Text beyond ASCII stays as it is, which
/// LuaLaTeX and XeLaTeX set as they find it in their fonts.
package struct LaTeXFormat: RowFormat {
  private var columns: [String]?

  /// Creates a writer.
  package init() {}

  /// Keeps the names until the first row says how to align them.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    self.columns = columns
  }

  /// Writes a line, the head of the table before the first.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    head(values, into: &output)
    Self.line(values.map { Self.escape($0.shortText) }, into: &output)
  }

  /// Closes the table.
  package mutating func end(into output: inout [UInt8]) {
    head([], into: &output)
    output.append("\\hline\n\\end{tabular}\n")
  }

  private mutating func head(_ first: [QueryValue], into output: inout [UInt8]) {
    guard let columns else { return }
    let letters = columns.indices.map { $0 < first.count && first[$0].isNumber ? "r" : "l" }
    output.append("\\begin{tabular}{\(letters.joined())}\n\\hline\n")
    Self.line(columns.map(Self.escape), into: &output)
    output.append("\\hline\n")
    self.columns = nil
  }

  private static func line(_ cells: [String], into output: inout [UInt8]) {
    output.append(cells.joined(separator: " & ") + " \\\\\n")
  }

  private static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "|": result += "\\textbar{}"
      // After the end of a line, a bracket or a star would be read as an argument of the line break.
      case "[", "]", "*": result += "{" + String(scalar) + "}"
      // Two of these in a row would become another character.
      case "-", "'", "`", "\"": result += ligature(scalar, after: result)
      case "{", "}", "$", "&", "#", "_", "%": result += "\\" + String(scalar)
      case "\n", "\r", "\t": result += " "
      default:
        if scalar.isTerminalControl {
          result += "\\textbackslash{}" + String(scalar.escapedForm.dropFirst())
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  private static func ligature(_ scalar: Unicode.Scalar, after text: String) -> String {
    text.unicodeScalars.last == scalar ? "{}" + String(scalar) : String(scalar)
  }
}
