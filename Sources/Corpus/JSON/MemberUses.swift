import Bytes

/// What the members of JSON records are for, by their dotted names.
struct MemberUses {
  /// The names that a role or an expression reads, which may reach into lists.
  let wanted: [ByteText]
  /// The roles whose cell is a member's value, which must then be one value, not an object or a list of objects. Not that
  /// of the date: a date that cannot be read is no fault.
  private(set) var roles: [ByteText: ColumnRole] = [:]
  private var uses: [ByteText: FieldUse] = [:]

  init(_ columns: ColumnMap) {
    var wanted: [ByteText] = []
    for role in ColumnRole.allCases {
      guard let column = columns[role] else { continue }
      wanted += [column.name] + (column.expression?.columns ?? [])
      if role == .image, columns.imageTemplate != nil { continue }
      if role != .date { roles[column.name] = role }
      for name in [column.name] + (column.expression?.possibleColumns ?? []) where uses[name] != .picture {
        uses[name] = role == .image ? .picture : .read
      }
    }
    self.wanted = wanted
  }

  /// What a member is for.
  func use(of name: ByteText) -> FieldUse { uses[name] ?? .unread }
}
