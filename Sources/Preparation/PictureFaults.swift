package import Bytes
package import Corpus
package import Inputs

extension PictureError {
  /// Its code in the store.
  package var code: FaultCode {
    switch self {
    case .missing, .impossiblePath, .bareBase64: .missing
    case .ambiguous: .ambiguous
    case .unreadable, .inArchive, .outOfMemory: .unreadable
    case .outsideFolder: .outsideFolder
    case .directory: .directory
    case .notAFile: .notAFile
    case .emptyFile: .emptyFile
    case .fileTooLarge: .fileTooLarge
    case .tooManyPixels: .tooManyPixels
    case .unsupportedFormat, .unsupportedVariant: .unsupportedFormat
    case .truncated: .truncated
    case .corrupt: .corrupt
    }
  }
}

extension PictureFileError {
  /// Its code in the store.
  package var code: FaultCode { problem.code }

  /// The fault in the form of a row's fault, for the ledger.
  package func rowFault(at position: RowPosition, key: ByteText?) -> RowFault {
    RowFault(position: position, key: key, stage: .image, code: code, path: path, detail: detail)
  }
}

extension PictureFileError: CustomStringConvertible {
  /// `code: path: detail`.
  package var description: String { "\(code.rawValue): \(path.printable): \(detail)" }
}

/// How to treat a post with an unusable picture.
///
/// A post that names no picture is always scored without one. A missing picture is never replaced by another.
package enum MissingPicturePolicy: String, CaseIterable, Sendable {
  /// The row is a fault.
  case fault
  /// The row is scored by its text, as if it named no picture.
  case textOnly = "text-only"

  /// The policy for a post with this text: without text it is always a fault, since nothing would be left.
  package func of(text: String) -> MissingPicturePolicy {
    text.isBlank ? .fault : self
  }

  /// The value of `read`, or `nil` if the picture cannot be used and the post is scored without it.
  ///
  /// - Throws: the picture's fault, if the policy makes it the row's fault.
  package func value<Value>(_ read: () throws(PictureFileError) -> Value) throws(PictureFileError) -> Value? {
    do {
      return try read()
    } catch {
      if self == .textOnly { return nil }
      throw error
    }
  }
}
