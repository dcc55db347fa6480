import Foundation
import Inputs
import Testing

/// The pictures of `Data/camera` and what Pillow 12.0.0 and pillow-heif make of them; `make_camera.py` there wrote both.
struct CameraGoldens: Decodable {
  struct Entry: Decodable {
    let file: String
    let width: Int
    let height: Int
    /// The samples.
    let rgb: Data
  }
  /// The beginning of a picture of `Data/pictures`.
  struct Cut: Decodable {
    let file: String
    let bytes: Int
    /// The beginning of SHA-256 of each row, in hexadecimal.
    let rows: [String]
  }

  let pictures: [Entry]
  let turned: [Entry]
  let cut: [Cut]

  private static let folder = PictureGoldens.folder.deletingLastPathComponent().appending(path: "camera")

  static let all: CameraGoldens = {
    do {
      let json = try Data(contentsOf: folder.appending(path: "camera.json"))
      return try JSONDecoder().decode(CameraGoldens.self, from: json)
    } catch {
      preconditionFailure("camera.json cannot be read: \(error)")
    }
  }()

  /// The names of the committed pictures.
  static func files() throws -> Set<String> {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return Set(files.filter { !$0.hasSuffix(".py") && !$0.hasSuffix(".json") })
  }

  /// The bytes of one of the pictures.
  static func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: file)))
  }
}

extension CameraGoldens.Entry: CustomTestStringConvertible {
  var testDescription: String { file }

  /// The largest difference of a sample from the picture's; `nil` for another size.
  func distance(from picture: Picture) -> Int? {
    guard picture.width == width, picture.height == height, picture.pixels.count == rgb.count else { return nil }
    return zip(picture.pixels, rgb).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
  }
}

extension CameraGoldens.Cut: CustomTestStringConvertible {
  var testDescription: String { "\(bytes) bytes of \(file)" }
}
