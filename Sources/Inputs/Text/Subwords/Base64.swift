import Foundation

/// Bytes written in the letters of RFC 4648.
enum Base64 {
  /// The bytes that a text writes; `nil` where it is no such text.
  static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }
}
