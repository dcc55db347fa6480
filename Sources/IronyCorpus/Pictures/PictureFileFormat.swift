/// How a picture is kept.
package enum PictureFileFormat: String, CaseIterable, Sendable {
  case jpeg
  case png
  case webp

  /// What files end in.
  package var fileEnding: String { self == .jpeg ? "jpg" : rawValue }

  /// How often each occurs.
  static let mix: [PictureFileFormat] = [.jpeg, .jpeg, .png, .webp]
}
