import Foundation
import Inputs
import Testing

/// The pictures of `Data/pictures` and Pillow 12.0.0's results; `make_pictures.py` there wrote both.
struct PictureGoldens: Decodable {
  struct Entry: Decodable {
    let file: String
    let width: Int
    let height: Int
    /// SHA-256 of the RGB bytes.
    let rgb: String
    /// SHA-256 of the bytes at some sizes, side by side.
    let squares: [String: String]
  }
  struct Resized: Decodable, CustomTestStringConvertible {
    let width: Int
    let height: Int
    let size: Int
    let rgb: String
    var testDescription: String { "\(width) × \(height) to \(size)" }
  }
  struct Preprocessed: Decodable {
    let file: String
    let size: Int
    let planes: String
  }

  let pictures: [Entry]
  let resized: [Resized]
  let preprocessed: [Preprocessed]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Data/pictures")

  static let all: PictureGoldens = {
    do {
      let json = try Data(contentsOf: folder.appending(path: "golden.json"))
      return try JSONDecoder().decode(PictureGoldens.self, from: json)
    } catch {
      preconditionFailure("golden.json cannot be read: \(error)")
    }
  }()

  /// The bytes of one of the pictures.
  static func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: file)))
  }

  /// SHA-256 in hexadecimal.
  static func digest(_ bytes: [UInt8]) -> String {
    PictureFile(path: "", bytes: bytes).sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension PictureGoldens.Entry: CustomTestStringConvertible {
  var testDescription: String { file }
}
