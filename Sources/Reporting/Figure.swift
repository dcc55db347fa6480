import Bytes
package import Results

/// One chart of a report for a paper, on a page as large as the chart.
package struct Figure: Sendable {
  package var data: ReportData
  package var section: ReportSection
  /// The page's width in points.
  package var width: Double
  /// The parts of texts to hide.
  package var redaction: Redaction = []

  /// The widths a figure may have, in points: 60 to 400 mm.
  package static let widths = 60 * millimetre...400 * millimetre
  /// A millimetre in points.
  package static let millimetre = 72 / 25.4
  /// The margin around the chart in points, so that no line is cut.
  private static let margin = 1.5

  package init(data: ReportData, section: ReportSection, width: Double) {
    (self.data, self.section, self.width) = (data, section, width)
  }

  /// Draws the first chart of the section.
  ///
  /// - Parameters:
  ///   - format: The file format.
  ///   - dpi: The resolution of a PNG in pixels per inch.
  /// - Returns: The file's bytes.
  /// - Throws: `ReportingError.noChart` if the section has no chart or the store lacks the data for it,
  ///   `.figureTooNarrow` if the chart needs more width.
  package func draw(as format: ReportFormat, dpi: Int) throws(ReportingError) -> [UInt8] {
    let chart = try pieces(try Typesetter())
    let size = size(of: chart)
    let canvas =
      switch format {
      case .pdf:
        try PageCanvas(
          title: "\(DisplayText.line(data.run.name.text)): \(section.block.rawValue)"
            + (data.calibration.map { ", calibrated (\($0.rule))" } ?? ""),
          created: data.run.finishedAt ?? data.run.startedAt, size: size)
      case .png: try PageCanvas(png: size, dpi: dpi)
      case .svg: try PageCanvas(svg: size)
      }
    draw(chart, on: canvas)
    return SVGIdentifiers.settled(try canvas.finish())
  }

  /// The pieces of the chart, from top to bottom.
  ///
  /// - Throws: As `draw`.
  package func pieces(_ typesetter: Typesetter) throws(ReportingError) -> [Piece] {
    let name = section.block.rawValue
    guard section.block.isChart else {
      throw .noChart(section: name, reason: nil, known: ReportBlock.allCases.filter(\.isChart).map(\.rawValue))
    }
    typesetter.redaction = redaction
    var context = BlockContext(
      data: data, typesetter: typesetter, width: width - 2 * Self.margin, conclusions: Conclusions(data))
    (context.options, context.redaction, context.isFigure) = (section.options, redaction, true)
    let pieces = section.block == .comparison ? ComparisonBlock.figure(context) : section.block.pieces(context)
    // The next heading begins another chart.
    let first = pieces.first?.heading == nil ? pieces[...] : pieces.dropFirst()
    let chart = first.prefix { $0.heading == nil }.filter { $0.words == nil }
    guard !chart.isEmpty else {
      let lack = data.capabilities.firstMissing(of: section.block.needs).map(data.capabilities.reason)
      let reasons =
        [lack].compactMap(\.self) + pieces.compactMap { if case .remark(let text) = $0.words { text } else { nil } }
      throw .noChart(section: name, reason: reasons.first ?? "there is nothing to draw", known: [])
    }
    let needed = (chart.map(\.neededWidth).max() ?? 0) + 2 * Self.margin
    guard needed <= width + 1e-6 else {
      throw .figureTooNarrow(
        section: name, millimetres: Int((width / Self.millimetre).rounded()),
        needed: Int((needed / Self.millimetre).rounded(.up)))
    }
    return chart
  }

  /// The size of a page for the pieces alone.
  package func size(of pieces: [Piece]) -> PageSize {
    let height = pieces.enumerated().reduce(0) { $0 + $1.element.height + ($1.offset == 0 ? 0 : $1.element.gap) }
    return PageSize(width: width, height: height + 2 * Self.margin)
  }

  /// Draws the pieces on the page.
  package func draw(_ pieces: [Piece], on canvas: PageCanvas) {
    var y = Self.margin
    for (index, piece) in pieces.enumerated() {
      if index > 0 { y += piece.gap }
      piece.draw(canvas, Rect(x: Self.margin, y: y, width: width - 2 * Self.margin, height: piece.height))
      y += piece.height
    }
    canvas.endPage()
  }
}

extension ReportBlock {
  /// Whether the chart and the text next to it are wider than a column of a paper.
  package var isWide: Bool {
    switch self {
    case .headline, .retrieval, .shares, .overTime, .sample, .map, .slices, .comparison: true
    default: false
    }
  }

  /// Whether the section has a chart, so that a figure can be made of it.
  package var isChart: Bool {
    switch self {
    case .run, .model, .card, .ledger, .faults, .metrics, .labels, .confused, .triage, .labelIssues, .attention:
      false
    default: true
    }
  }
}
