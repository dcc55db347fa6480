import Reports

/// Which sections stand on which page of a report, under which titles.
public struct ReportLayout: Equatable, Sendable {
  /// One page, which goes on on the next where its sections need more room.
  public struct Page: Equatable, Sendable {
    /// The page's title.
    public var title: String
    /// Its sections from top to bottom.
    public var sections: [ReportSection]

    /// Their blocks.
    public var blocks: [ReportBlock] { sections.map(\.block) }
  }

  /// The report's title.
  public var title: String
  /// The pages in order.
  public var pages: [Page]
  /// Whether a page may begin where the one before it left a third of the paper or more free.
  public var joinsPages = false

  /// The names of the built-in layouts.
  public static var names: [String] { LayoutFiles.names }

  /// All sections, page by page.
  public var sections: [ReportSection] { pages.flatMap(\.sections) }

  /// The largest value of an option over all sections of a block; `nil` where there is none of them.
  package func most(_ option: SectionOption, of block: ReportBlock) -> Int? {
    sections.filter { $0.block == block }.map { $0.options[option] }.max()
  }

  /// How many posts worth a look are to be computed again; `nil` where no section shows any.
  public var lookedAtPosts: Int? { most(AttentionBlock.posts, of: .attention) }

  /// A layout of one section.
  public init(of section: ReportSection) {
    title = section.block.rawValue.prefix(1).uppercased() + section.block.rawValue.dropFirst()
    pages = [Page(title: title, sections: [section])]
  }

  /// A built-in layout by its name.
  public static func named(_ name: String) throws(ReportingError) -> ReportLayout {
    guard let bytes = LayoutFiles.bytes(named: name) else {
      throw .noSuchLayout(name, known: LayoutFiles.names)
    }
    return try ReportLayout(json: bytes)
  }
}

/// How large a layout may be.
package enum LayoutLimits {
  package static let bytes = 65_536
  package static let pages = 50
  package static let blocks = 50
}
