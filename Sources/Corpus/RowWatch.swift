/// Looks for values that a file's rows should not have, and tells of the first of each kind.
struct RowWatch {
  private var sawRoundedID = false
  private var sawUnnamedLabel = false

  /// Looks at a row and adds what is new to the notices.
  mutating func look(at row: CorpusRow, _ labelNames: LabelNames, _ notices: inout [CorpusNotice]) {
    guard case .post(let post) = row else { return }
    if !sawRoundedID, Self.isScientific(post.key) {
      sawRoundedID = true
      notices.append(.roundedID(position: post.position, key: post.key))
    }
    if !sawUnnamedLabel, !labelNames.isEmpty, let label = post.label, !labelNames.hasName(label) {
      sawUnnamedLabel = true
      notices.append(.unnamedLabel(position: post.position, label: label))
    }
  }

  /// Whether a key is a number as spreadsheets write large ones: `1.29E+18`, `1,29E+18`.
  private static func isScientific(_ key: String) -> Bool {
    guard let letter = key.utf8.firstIndex(where: { !isDigit($0) && $0 != 0x2E && $0 != 0x2C }),
      key.utf8[letter] | 0x20 == UInt8(ascii: "e"), key.utf8.first.map(isDigit) == true
    else { return false }
    let exponent = key.utf8[key.utf8.index(after: letter)...]
    guard exponent.first == UInt8(ascii: "+") else { return false }
    return exponent.count > 1 && exponent.dropFirst().allSatisfy(isDigit)
  }
}
