import Bytes

/// A number that a layout may set for a section, such as how many posts it shows.
public struct SectionOption: Equatable, Sendable {
  /// What the layout calls it.
  public var name: String
  /// The values it takes.
  public var range: ClosedRange<Int>
  /// The value where the layout does not say.
  public var standard: Int

  /// An option.
  package init(_ name: String, _ range: ClosedRange<Int>, standard: Int) {
    (self.name, self.range, self.standard) = (name, range, standard)
  }
}

/// What a layout set of a section's options.
public struct SectionOptions: Equatable, Sendable {
  private var values: [String: Int] = [:]

  /// No option set.
  package init() {}

  /// The value of an option, its standard where the layout does not say.
  package subscript(option: SectionOption) -> Int {
    get { values[option.name] ?? option.standard }
    set { values[option.name] = newValue }
  }
}

/// A part of a page: a block, and what the layout asks of it.
public struct ReportSection: Equatable, Sendable {
  /// The block.
  public var block: ReportBlock
  /// What the layout set.
  public var options = SectionOptions()

  /// A section with no option set.
  package init(_ block: ReportBlock) { self.block = block }

  /// A section by its name, with no option set.
  public init(named name: String) throws(ReportingError) {
    guard let block = ReportBlock.allCases.first(where: { $0.rawValue.hasSameBytes(as: name) }) else {
      throw .noSuchSection(name, known: ReportBlock.allCases.map(\.rawValue))
    }
    self.block = block
  }
}
