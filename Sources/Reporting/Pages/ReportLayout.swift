import Bytes
import Glibc
import Reports
package import Results

/// The sections on each page of a report, and their titles.
package struct ReportLayout: Equatable, Sendable {
  /// One page; it continues on further pages if its sections need more room.
  package struct Page: Equatable, Sendable {
    package var title: String
    /// The sections from top to bottom.
    package var sections: [ReportSection]

    package var blocks: [ReportBlock] { sections.map(\.block) }
  }

  package var title: String
  package var pages: [Page]
  /// Whether a page may begin on the same sheet as the one before it if at least a third is free.
  package var joinsPages = false

  /// The names of the built-in layouts.
  package static var names: [String] { LayoutFiles.names }

  /// All sections, page by page.
  package var sections: [ReportSection] { pages.flatMap(\.sections) }

  /// The largest value of an option over all sections of a block; nil if the layout has no such section.
  package func most(_ option: SectionOption, of block: ReportBlock) -> Int? {
    sections.filter { $0.block == block }.map { $0.options[option] }.max()
  }

  /// How many posts are computed again for attention maps; nil if no section shows any.
  package var lookedAtPosts: Int? { most(AttentionBlock.posts, of: .attention) }

  package var limits: ReportLimits {
    var limits = ReportLimits()
    if let posts = most(SampleBlock.posts, of: .sample) { limits.sample = posts }
    limits.confusedCells = most(ConfusedBlock.cells, of: .confused) ?? 0
    limits.confusedPosts = most(ConfusedBlock.posts, of: .confused) ?? 0
    limits.pictured = most(TriageBlock.posts, of: .triage) ?? 0
    limits.doubtful = most(LabelIssuesBlock.posts, of: .labelIssues) ?? 0
    limits.months = sections.contains { $0.block == .overTime }
    limits.notable = max(limits.pictured, (lookedAtPosts ?? 0) * AttentionBlock.candidates)
    return limits
  }

  /// A layout of one section.
  package init(of section: ReportSection) {
    let name = section.block.rawValue.replacing("-", with: " ")
    title = name.prefix(1).uppercased() + name.dropFirst()
    pages = [Page(title: title, sections: [section])]
  }

  /// A built-in layout by its name.
  package static func named(_ name: String) throws(ReportingError) -> ReportLayout {
    guard let bytes = LayoutFiles.bytes(named: name) else {
      // The layout `training` is drawn from a model's folder and has no file.
      throw .noSuchLayout(name, known: LayoutFiles.names + ["training"])
    }
    return try ReportLayout(json: bytes)
  }
}

/// The limits on the size of a layout.
package enum LayoutLimits {
  package static let bytes = 65_536
  package static let pages = 50
  package static let blocks = 50
}

extension ReportLayout {
  /// A layout given on the command line: a file if the name ends in `.json`, else a built-in layout.
  package static func find(_ name: String) throws(ReportingError) -> ReportLayout {
    guard name.hasSuffix(".json") || name.utf8.contains(UInt8(ascii: "/")) else { return try named(name) }
    let json = try read(name)
    do {
      return try ReportLayout(json: json)
    } catch {
      guard case .badLayout(let reason) = error else { throw error }
      throw .badLayoutFile(path: name, reason: reason)
    }
  }

  private static func read(_ path: String) throws(ReportingError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .unreadableLayout(path: path, reason: String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadableLayout(path: path, reason: "it is not a regular file")
    }
    // Read one byte more than the limit, so that the parser rejects a longer file.
    var bytes = [UInt8](repeating: 0, count: LayoutLimits.bytes + 1)
    var used = 0
    while used < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress?.advanced(by: used), $0.count - used)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadableLayout(path: path, reason: String(cString: strerror(errno))) }
      if count == 0 { break }
      used += count
    }
    return Array(bytes.prefix(used))
  }
}

/// A number that a layout may set for a section, such as how many posts it shows.
package struct SectionOption: Equatable, Sendable {
  /// The option's key in a layout.
  package var name: String
  package var range: ClosedRange<Int>
  /// The default value.
  package var standard: Int

  package init(_ name: String, _ range: ClosedRange<Int>, standard: Int) {
    (self.name, self.range, self.standard) = (name, range, standard)
  }
}

/// The values that a layout sets for a section's options.
package struct SectionOptions: Equatable, Sendable {
  private var values: [String: Int] = [:]

  package init() {}

  /// The value of an option, or its default.
  package subscript(option: SectionOption) -> Int {
    get { values[option.name] ?? option.standard }
    set { values[option.name] = newValue }
  }
}

/// A block of a page, with the options that the layout sets.
package struct ReportSection: Equatable, Sendable {
  package var block: ReportBlock
  package var options = SectionOptions()

  package init(_ block: ReportBlock) { self.block = block }

  /// A section by its name, without options; an unknown name throws `ReportingError.noSuchSection`.
  package init(named name: String) throws(ReportingError) {
    guard let block = ReportBlock(rawValue: name) else {
      throw .noSuchSection(name, known: ReportBlock.allCases.map(\.rawValue))
    }
    self.block = block
  }
}
