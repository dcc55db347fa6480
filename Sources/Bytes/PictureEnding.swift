/// The endings of picture files, without the dot, in lower case.
package enum PictureEnding {
  package static let all = [
    "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "avif", "heic", "heif", "bmp", "tif", "tiff", "jxl",
  ]

  /// The ending of a name, in lower case; nil if it has none of these.
  package static func of(_ name: String) -> String? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return nil }
    let ending = name[name.utf8.index(after: dot)...].lowercased()
    return all.contains(ending) ? ending : nil
  }
}
