import Bytes

/// A stream of precomputed features that the text attends to: audio, video frames, object tags — for each post a matrix
/// of any number of rows, each of the stream's width.
public struct FeatureStream: Sendable, Equatable {
  /// The stream's name: of its weights, of its vectors' space, and, unless another is said, of its column.
  public var name: String
  /// The numbers of a row.
  public var width: Int
  /// The most rows of a post.
  public var maxRows: Int

  /// A stream of this name and size.
  public init(name: String, width: Int, maxRows: Int = 512) {
    (self.name, self.width, self.maxRows) = (name, width, maxRows)
  }

  /// The widths that a stream can have.
  public static let widths = 1...16_384
  /// The rows that a post can have in a stream.
  public static let rows = 1...4096
  /// The most streams of a model.
  public static let limit = 16
  /// Names that mean something else among a model's tensors, spaces and columns.
  public static let reservedNames = [
    "text", "image", "knowledge", "fused", "id", "label", "date", "norm", "fc1", "fc2", "attention", "output",
  ]

  /// Whether a text can be a stream's name: a small letter, then small letters, digits and `_`, 32 at most.
  public static func isName(_ text: String) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z"), digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = text.utf8.first, letters.contains(first), text.utf8.count <= 32 else { return false }
    guard !reservedNames.contains(where: { $0.hasSameBytes(as: text) }) else { return false }
    return text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// The scope of the stream's projection among a model's tensors.
  var projection: String { name + "_projection" }
}

/// A post's rows in a feature stream.
public struct FeatureRows: Sendable, Equatable {
  /// The numbers, row by row.
  public var values: [Float]
  /// How many rows there are; 1 at least.
  public var rows: Int

  /// Rows of equal width, one after the other.
  public init(_ values: [Float], rows: Int) { (self.values, self.rows) = (values, rows) }
}
