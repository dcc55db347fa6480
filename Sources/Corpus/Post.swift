/// One post of a corpus, as its row gave it: nothing trimmed, nothing guessed.
public struct Post: Equatable, Sendable {
  /// Where the row stands.
  public var position: RowPosition
  /// The post's id as text; `FILE#LINE` where the corpus has no id column.
  public var key: String
  /// The post's text, blanks included; empty where the cell or the column is.
  public var text: String
  /// The third stream's text (words read off the picture, a caption); empty where there is none.
  public var knowledge: String
  /// The picture's path as written; `nil` where the cell is empty or there is no column.
  public var image: String?
  /// The true label as written; `nil` where the cell is empty or there is no column.
  public var label: String?
  /// The cell of the column that `--date` names; `nil` where it is empty.
  public var date: String?
  /// Every other column, in the header's order.
  public var extra: [ExtraField]

  /// Creates a post from its cells.
  public init(
    position: RowPosition, key: String, text: String, knowledge: String = "", image: String? = nil,
    label: String? = nil, date: String? = nil, extra: [ExtraField] = []
  ) {
    self.position = position
    self.key = key
    self.text = text
    self.knowledge = knowledge
    self.image = image
    self.label = label
    self.date = date
    self.extra = extra
  }
}

/// A cell of a column that the model does not read.
public struct ExtraField: Equatable, Sendable {
  /// The column's name.
  public var name: String
  /// The cell, to the byte.
  public var value: String

  /// Creates a field.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}
