import Inputs
import Reporting
import Results
import ResultsFixtures
import Testing

@Suite struct FigureTests {
  private func data(_ rows: [TestRow] = mixedRows) throws -> ReportData {
    let store = try TestStore(rows: rows)
    return try ReportData.load(from: try store.reader())
  }

  private func figure(_ name: String, _ data: ReportData, millimetres: Double = 84) throws -> Figure {
    Figure(data: data, section: try ReportSection(named: name), width: millimetres * Figure.millimetre)
  }

  @Test(arguments: [60.0, 84, 174, 400]) func everyChartFitsEveryWidth(millimetres: Double) throws {
    let data = try data(pairedRows(60, labels: ["no", "yes"]))
    var drawn = 0
    for block in ReportBlock.allCases where block.isChart {
      guard block != .confused else { continue }
      do {
        let bytes = try figure(block.rawValue, data, millimetres: millimetres).draw(as: .pdf, dpi: 72)
        #expect(bytes.starts(with: Array("%PDF-1.5".utf8)))
        drawn += 1
      } catch ReportingError.figureTooNarrow(_, _, let needed) {
        // The message names the width that it needs, and that width is enough.
        #expect(millimetres < 84)
        #expect(try !figure(block.rawValue, data, millimetres: Double(needed)).draw(as: .pdf, dpi: 72).isEmpty)
        drawn += 1
      } catch ReportingError.noChart {
        // These posts have no probabilities to rank by, so some charts have nothing to show, and say so.
      }
    }
    #expect(drawn >= 7)
  }

  @Test func aFigureHasTheRequestedWidth() throws {
    let png = try figure("confusion", try data(), millimetres: 254).draw(as: .png, dpi: 100)
    #expect(png.starts(with: [0x89] + Array("PNG\r\n".utf8)))
    // The width in the file's header: 254 mm are ten inches.
    #expect(Array(png[16..<20]) == [0, 0, 3, 232])
    let height = png[20..<24].reduce(0) { $0 << 8 | Int($1) }
    #expect((100...600).contains(height))
  }

  @Test func theSameFigureIsTheSameBytes() throws {
    let figure = try figure("confusion", try data())
    for format in ReportFormat.allCases {
      #expect(try figure.draw(as: format, dpi: 72) == figure.draw(as: format, dpi: 72), "\(format)")
    }
    #expect(String(decoding: try figure.draw(as: .svg, dpi: 72).prefix(200), as: UTF8.self).contains("<svg"))
  }

  @Test func aPDFHoldsPicturesAsTheirOwnFiles() throws {
    let picture = Picture(width: 40, height: 30, pixels: (0..<3 * 1200).map { UInt8(truncatingIfNeeded: $0) })
    let jpeg = try #require(picture.jpeg())
    let canvas = try PageCanvas(title: "", created: "")
    canvas.draw(jpeg: jpeg, width: 40, height: 30, in: Rect(x: 50, y: 50, width: 80, height: 80))
    canvas.endPage()
    let pdf = try canvas.finish()
    #expect(String(decoding: pdf, as: UTF8.self).contains("/DCTDecode"))
    #expect(pdf.firstRange(of: jpeg.dropFirst(100)) != nil)
    // In pixels, the picture is centred in its box, on white.
    let png = try PageCanvas(png: PageSize(width: 80, height: 80), dpi: 72)
    png.draw(jpeg: jpeg, width: 40, height: 30, in: Rect(x: 0, y: 0, width: 80, height: 80))
    png.endPage()
    let drawn = try PictureDecoder.decode(try png.finish())
    #expect(Array(drawn.pixels[0..<3]) == [255, 255, 255])
    #expect(drawn.pixels[3 * (40 * 80 + 40)..<3 * (40 * 80 + 41)] != [255, 255, 255])
  }

  @Test func sectionsWithoutAChartAreErrors() throws {
    #expect {
      try figure("metrics", try data()).draw(as: .pdf, dpi: 72)
    } throws: { error in
      guard case ReportingError.noChart("metrics", nil, let known) = error else { return false }
      return known.contains("confusion") && !known.contains("metrics")
    }
    let unlabelled = mixedRows.map { row in
      var row = row
      row.truth = nil
      return row
    }
    #expect {
      try figure("confusion", try data(unlabelled)).draw(as: .pdf, dpi: 72)
    } throws: { error in
      guard case ReportingError.noChart("confusion", let reason?, _) = error else { return false }
      return reason.contains("no scored post") || reason.contains("No scored post")
    }
    #expect(throws: ReportingError.noSuchSection("confusoin", known: ReportBlock.allCases.map(\.rawValue))) {
      try figure("confusoin", try data())
    }
  }
}
