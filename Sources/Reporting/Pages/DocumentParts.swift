/// Puts the parts of a document on pages: each begins on a page of its own, or, where parts may be joined, on the page
/// that the last one left free enough.
package struct DocumentParts {
  private var paginator: Paginator
  private let joins: Bool
  /// The parts' titles, and the page each begins on.
  private var starts: [(title: String, page: Int, isAtTop: Bool)] = []

  /// Starts with no part.
  package init(body: Rect, joins: Bool) {
    paginator = Paginator(body: body)
    self.joins = joins
  }

  /// Begins a part.
  ///
  /// - Parameters:
  ///   - title: what the page's head and the outline call it.
  ///   - opening: its title, and what stands below it; never parted from what comes next.
  ///   - sections: its sections' pieces.
  package mutating func add(_ title: String, opening: [Piece], sections: [[Piece]]) {
    let opening = opening.map { piece in
      var piece = piece
      piece.staysWithNext = !sections.isEmpty
      return piece
    }
    let first = opening + (sections.first ?? [])
    let isJoined = joins && !starts.isEmpty && paginator.hasRoom(for: first)
    if !starts.isEmpty, !isJoined { paginator.breakPage() }
    starts.append((title, paginator.count - 1, !isJoined))
    paginator.add(first)
    for section in sections.dropFirst() { paginator.add(section) }
  }

  /// The pages.
  package func finish() -> [Document.Page] {
    paginator.finish().enumerated().map { number, pieces in
      let here = starts.filter { $0.page == number }
      let isFirst = here.first?.isAtTop ?? false
      let title = isFirst ? here.first?.title : starts.last { $0.page < number }?.title
      return Document.Page(title: title ?? "", isFirst: isFirst, begins: here.map(\.title), pieces: pieces)
    }
  }
}
