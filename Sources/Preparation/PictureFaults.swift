package import Bytes
package import Corpus
package import Inputs

extension PictureError {
  /// The code under which the store keeps it.
  package var code: FaultCode {
    switch self {
    case .missing, .impossiblePath: .missing
    case .unreadable, .outOfMemory: .unreadable
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
  /// The code under which the store keeps it.
  package var code: FaultCode { problem.code }

  /// The fault as the row's own, for the ledger.
  package func rowFault(at position: RowPosition, key: ByteText?) -> RowFault {
    RowFault(position: position, key: key, stage: .image, code: code, path: path, detail: detail)
  }
}

extension PictureFileError: CustomStringConvertible {
  /// `code: path: detail`.
  package var description: String { "\(code.rawValue): \(path.printable): \(detail)" }
}

/// What becomes of a post whose picture is named and cannot be used.
///
/// A post that names no picture is no such case: it is scored without one. Nothing ever stands in for a picture.
package enum MissingPicturePolicy: String, CaseIterable, Sendable {
  /// The row is a fault.
  case fault
  /// The row is scored by its text alone, as if it named no picture.
  case textOnly = "text-only"

  /// What becomes of a post with this text: one without any can only be a fault, for nothing of it is left.
  package func of(text: String) -> MissingPicturePolicy {
    text.isBlank ? .fault : self
  }

  /// The value of `read`, or `nil` where the picture cannot be used and the post is to be scored without it.
  ///
  /// - Throws: the picture's fault, if that is the row's fate.
  package func value<Value>(_ read: () throws(PictureFileError) -> Value) throws(PictureFileError) -> Value? {
    do {
      return try read()
    } catch {
      if self == .textOnly { return nil }
      throw error
    }
  }
}
