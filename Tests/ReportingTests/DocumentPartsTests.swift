import Reporting
import Results
import Testing

/// Where parts of a document begin: the next part can begin on a half empty page.
@Suite struct DocumentPartsTests {
  private let body = Rect(x: 10, y: 10, width: 100, height: 100)

  private func piece(_ height: Double, stays: Bool = false) -> Piece {
    Piece(height: height, gap: 0, staysWithNext: stays) { _, _ in }
  }

  /// Pages of parts that have a title of 10 points and one section each.
  private func pages(_ sections: [[Piece]], joins: Bool = true) -> [Document.Page] {
    var parts = DocumentBuilder(body: body, joins: joins)
    for (place, section) in sections.enumerated() {
      parts.add("part \(place)", opening: [piece(10)], sections: [section])
    }
    return parts.finish()
  }

  @Test func aHalfEmptyPageIsJoined() {
    let joined = pages([[piece(40)], [piece(30)]])
    #expect(joined.count == 1 && joined[0].title == "part 0" && joined[0].isFirst)
    #expect(joined[0].begins == ["part 0", "part 1"])
    #expect(joined[0].pieces.map(\.rect.y) == [10, 20, 60, 70])
    #expect(pages([[piece(40)], [piece(30)]], joins: false).map(\.begins) == [["part 0"], ["part 1"]])
  }

  @Test func aPartDoesNotBeginWhereTooLittleIsFree() {
    // Less than a third of the page is free, although the part would fit.
    #expect(pages([[piece(60)], [piece(5)]]).map(\.begins) == [["part 0"], ["part 1"]])
    // Half of it is free, but the part's title and its first piece do not fit together.
    #expect(pages([[piece(40)], [piece(60)]]).map(\.begins) == [["part 0"], ["part 1"]])
    #expect(pages([[piece(40)], [piece(20, stays: true), piece(30)]]).count == 2)
  }

  @Test func aContinuedPartGivesThePageItsTitle() {
    let pages = pages([[piece(40)], [piece(30), piece(50)]])
    #expect(pages.map(\.title) == ["part 0", "part 1"])
    #expect(pages.map(\.isFirst) == [true, false] && pages[1].begins.isEmpty)
  }
}
