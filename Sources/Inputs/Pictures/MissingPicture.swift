import Corpus

/// What becomes of a post whose picture is named and cannot be used.
///
/// A post that names no picture is no such case: it is scored without one. Nothing ever stands in for a picture.
public enum MissingPicture: String, CaseIterable, Sendable {
  /// The row is a fault.
  case fault
  /// The row is scored by its text alone, as if it named no picture.
  case textOnly = "text-only"

  /// What becomes of a post with this text: one without any can only be a fault, for nothing of it is left.
  public func of(text: String) -> MissingPicture {
    text.isBlank ? .fault : self
  }

  /// The value of `read`, or `nil` where the picture cannot be used and the post is to be scored without it.
  ///
  /// - Throws: the picture's fault, where that is the row's fate.
  public func value<Value>(_ read: () throws(PictureFault) -> Value) throws(PictureFault) -> Value? {
    do {
      return try read()
    } catch {
      if self == .textOnly { return nil }
      throw error
    }
  }
}
