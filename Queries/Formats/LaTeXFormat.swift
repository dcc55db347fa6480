import Bytes

/// A LaTeX `tabular` that needs no package: `\hline` for rules, every special character escaped.
///
/// Columns that hold a number in the first row are aligned right. Text beyond ASCII stays as it is, which
/// LuaLaTeX and XeLaTeX set as they find it in their fonts.
public struct LaTeXFormat: RowFormat {
  private var columns: [String]?

  /// Creates a writer.
  public init() {}

  /// Keeps the names until the first row says how to align them.
  public mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    self.columns = columns
  }

  /// Writes a line, the head of the table before the first.
  public mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    head(values, into: &output)
    Self.line(values.map { Self.escape($0.shortText) }, into: &output)
  }

  /// Closes the table.
  public mutating func end(into output: inout [UInt8]) {
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
      // Behind a line's end, a bracket or a star would be read as the line end's own argument.
      case "[", "]", "*": result += "{" + String(scalar) + "}"
      // Two of these would become another mark.
      case "-", "'", "`", "\"": result += ligature(scalar, after: result)
      case "{", "}", "$", "&", "#", "_", "%": result += "\\" + String(scalar)
      case "\n", "\r", "\t": result += " "
      default:
        if scalar.isTerminalControl {
          result += "\\textbackslash{}" + String(scalar.writtenOut.dropFirst())
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
