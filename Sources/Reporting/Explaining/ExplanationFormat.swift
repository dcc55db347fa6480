/// The kinds of files that an explanation is drawn as.
public enum ExplanationFormat: String, Sendable, CaseIterable {
  /// Pages of A4.
  case pdf
  /// One page, as long as it must be, of pixels.
  case png
  /// One page, as long as it must be, of lines.
  case svg

  /// The format that a file's name ends in; nil for any other ending.
  public init?(ending path: String) {
    guard let ending = path.split(separator: ".", omittingEmptySubsequences: false).last else { return nil }
    self.init(rawValue: ending.lowercased())
  }

  /// How a file of this kind begins.
  public var signature: [UInt8] {
    switch self {
    case .pdf: Array("%PDF-".utf8)
    case .png: [0x89] + Array("PNG\r".utf8)
    case .svg: Array("<?xml".utf8)
    }
  }
}
