/// Which column of a corpus plays which part.
public struct ColumnMap: Sendable {
  /// A column's name and who chose it.
  public struct Column: Sendable {
    /// The name as the header spells it, compared byte by byte.
    public var name: String
    /// Whether the user named it: then its absence is an error, otherwise it is just absent.
    public var isGiven: Bool

    /// Creates a column from its name.
    public init(name: String, isGiven: Bool) {
      self.name = name
      self.isGiven = isGiven
    }

    fileprivate init(_ given: String?, default name: String) {
      self.init(name: given ?? name, isGiven: given != nil)
    }
  }

  /// The post's key.
  public var id: Column
  /// The post's text.
  public var text: Column
  /// The picture's path.
  public var image: Column
  /// The third stream's text.
  public var knowledge: Column
  /// The true label.
  public var label: Column
  /// The time of posting; there is no default, since dumps disagree on what a date is.
  public var date: Column?

  /// Creates a map; whatever is `nil` has its default name and may be absent.
  public init(
    id: String? = nil, text: String? = nil, image: String? = nil, knowledge: String? = nil,
    label: String? = nil, date: String? = nil
  ) {
    self.id = Column(id, default: "id")
    self.text = Column(text, default: "text")
    self.image = Column(image, default: "image")
    self.knowledge = Column(knowledge, default: "knowledge")
    self.label = Column(label, default: "label")
    self.date = date.map { Column(name: $0, isGiven: true) }
  }

  /// The column that plays a part, where there is one.
  subscript(role: ColumnRole) -> Column? {
    switch role {
    case .id: id
    case .text: text
    case .image: image
    case .knowledge: knowledge
    case .label: label
    case .date: date
    }
  }
}

/// The parts that a column can play; the raw value is also the flag's name after `--`.
public enum ColumnRole: String, Sendable, CaseIterable {
  /// The post's key.
  case id
  /// The post's text.
  case text
  /// The picture's path.
  case image
  /// The third stream's text.
  case knowledge
  /// The true label.
  case label
  /// The time of posting.
  case date
}
