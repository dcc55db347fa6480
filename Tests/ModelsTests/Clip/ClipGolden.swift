import Archives
import Foundation
import Models

/// A small CLIP with random weights, and the results of transformers for some texts and pictures; `make_clip.py` makes
/// it.
struct ClipGolden: Decodable {
  var texts: [String]
  var ids: [[Int32]]
  var pictures: [String]

  static let layouts = ["b32", "b16", "l14", "siglip"]

  /// The folder of a layout.
  static func folder(_ layout: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "Data/clip/\(layout)"
    ).path
  }

  static func load(_ layout: String) throws -> ClipGolden {
    try JSONDecoder().decode(
      ClipGolden.self, from: Data(contentsOf: URL(filePath: folder(layout) + "/golden.json")))
  }

  /// One or more matrices of the layout, one array for each row.
  static func rows(_ name: String, of layout: String) throws -> [[Float]] {
    let file = try Safetensors(path: folder(layout) + "/golden.safetensors")
    guard let tensor = file[name] else { return [] }
    let numbers = file.floats(tensor), width = numbers.count / tensor.shape[0]
    return (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }

  /// The largest difference between two lists of rows; infinite if their shapes differ.
  static func difference(_ a: [[Float]], _ b: [[Float]]) -> Float {
    guard a.map(\.count) == b.map(\.count), !a.isEmpty else { return .infinity }
    return zip(a.joined(), b.joined()).map { abs($0 - $1) }.reduce(0) { $0 >= $1 ? $0 : $1.isNaN ? .infinity : $1 }
  }
}
