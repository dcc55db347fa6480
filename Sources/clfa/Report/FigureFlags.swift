import ArgumentParser
import Reporting

/// One section instead of a layout, and one chart instead of pages.
struct FigureFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Draw this section alone.", valueName: "name"))
  var section: String?

  @Flag(help: "Draw the section's chart without a page around it, as a paper wants it.")
  var figure = false

  @Option(
    help: ArgumentHelp(
      "The figure's width with its unit, such as 84mm, 3.3in or 240pt. Default: 84mm, for wide charts 170mm.",
      valueName: "length"))
  var width: Length?

  /// Whether any of it is asked for.
  var isAsked: Bool { section != nil || figure || width != nil }

  /// The figure's width in points.
  var points: Double { (width ?? (isWide ? .page : .column)).points }

  private var isWide: Bool { section.flatMap(ReportBlock.init(rawValue:))?.isWide ?? false }

  func check(with layout: String?) throws {
    if section != nil, layout != nil { throw ValidationError("--section stands in place of --layout; leave one out.") }
    if figure, section == nil { throw ValidationError("--figure draws one chart; say which with --section NAME.") }
    if width != nil, !figure { throw ValidationError("--width is a figure's; add --figure.") }
    guard Figure.widths.contains(points) else { throw ValidationError("--width takes 60mm to 400mm.") }
  }
}

/// A length such as `84mm`, `8.4cm`, `3.3in` or `240pt`.
struct Length: ExpressibleByArgument {
  /// In points of 1/72 inch.
  let points: Double

  /// A paper's column.
  static let column = Length(points: 84 * Figure.millimetre)
  /// A paper's page between its margins.
  static let page = Length(points: 170 * Figure.millimetre)

  private init(points: Double) { self.points = points }

  init?(argument: String) {
    let units = [("mm", Figure.millimetre), ("cm", 10 * Figure.millimetre), ("in", 72.0), ("pt", 1.0)]
    guard let (unit, size) = units.first(where: { argument.hasSuffix($0.0) }),
      let number = Double(argument.dropLast(unit.count)), number > 0, number.isFinite
    else { return nil }
    points = number * size
  }
}
