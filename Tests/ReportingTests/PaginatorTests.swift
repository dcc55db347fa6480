import Reporting
import Results
import Testing

@Suite struct PaginatorTests {
  private let body = Rect(x: 10, y: 10, width: 100, height: 100)

  private func piece(_ height: Double, gap: Double = 0, stays: Bool = false) -> Piece {
    Piece(height: height, gap: gap, staysWithNext: stays) { _, _ in }
  }

  private func heights(_ pieces: [Piece]) -> [[Double]] {
    var paginator = Paginator(body: body)
    paginator.add(pieces)
    return paginator.finish().map { $0.map(\.rect.height) }
  }

  @Test func piecesFillPagesInOrder() {
    #expect(heights([piece(60), piece(40), piece(10)]) == [[60, 40], [10]])
  }

  @Test func aGapIsDroppedAtTheTop() {
    var paginator = Paginator(body: body)
    paginator.add([piece(50, gap: 9), piece(45, gap: 9)])
    #expect(paginator.finish().map { $0.map(\.rect.y) } == [[10], [10]])
  }

  @Test func aHeadingIsNeverLast() {
    #expect(heights([piece(70), piece(20, stays: true), piece(20)]) == [[70], [20, 20]])
  }

  @Test func aGroupTallerThanAPageIsSplit() {
    let group = (0..<5).map { piece(30, stays: $0 < 4) }
    #expect(heights([piece(10)] + group) == [[10], [30, 30, 30], [30, 30]])
  }

  @Test func aPieceTallerThanAPageIsCut() {
    #expect(heights([piece(250), piece(20)]) == [[100], [20]])
  }

  @Test func aTablesHeaderIsRepeated() {
    var row = piece(40)
    row.repeated = [piece(15)]
    #expect(heights([row, row, row]) == [[15, 40, 40], [15, 40]])
  }
}
