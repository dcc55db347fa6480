import Bytes
public import Corpus
import Inputs
public import Models

/// A file of features that cannot be used: which, for what, and why.
public struct FeatureFault: Error, Equatable, Sendable {
  /// Why.
  public enum Problem: Equatable, Sendable {
    /// No such file, or a part of its path is no folder.
    case missing
    /// The path leads out of the folder of features.
    case outsideFolder(folder: String)
    /// The system refuses the file.
    case unreadable(reason: String)
    /// The path leads to something that is no file.
    case notAFile(FaultCode, kind: String)
    /// The file has no bytes.
    case emptyFile
    /// The file has more bytes than allowed.
    case fileTooLarge(bytes: Int, limit: Int)
    /// The file holds no matrix that the stream can take.
    case content(FeatureFileFault)
  }

  /// The stream's name.
  public var stream: String
  /// The file's path as the corpus wrote it.
  public var path: String
  /// What is wrong with it.
  public var problem: Problem

  /// A fault of a stream's file.
  package init(stream: String, path: String, problem: Problem) {
    (self.stream, self.path, self.problem) = (stream, path, problem)
  }

  /// The code under which the store keeps it.
  public var code: FaultCode {
    switch problem {
    case .missing: .missing
    case .outsideFolder: .outsideFolder
    case .unreadable: .unreadable
    case .notAFile(let code, _): code
    case .emptyFile: .emptyFile
    case .fileTooLarge: .fileTooLarge
    case .content(.unknownFormat): .unsupportedFormat
    case .content(.numpy), .content(.safetensors), .content(.noTensor): .corrupt
    case .content(.notAMatrix), .content(.width), .content(.tooWide): .wrongShape
    case .content(.tooManyRows): .tooManyRows
    case .content(.notFinite): .notFinite
    }
  }

  /// The fault as the row's own, for the ledger.
  public func rowFault(at position: RowPosition, key: String?) -> RowFault {
    RowFault(position: position, key: key, stage: .features, code: code, path: path, detail: description)
  }
}

extension FeatureFault: CustomStringConvertible {
  /// The stream, what is wrong, and what mends it, in one line.
  public var description: String {
    switch problem {
    case .missing: "\(stream): no such file; --features names the folder that the paths start from"
    case .outsideFolder(let folder):
      "\(stream): the path leads out of \(folder.printable); --features names the folder that holds all of them"
    case .unreadable(let reason): "\(stream): \(reason); check the file's permissions and its disk"
    case .notAFile(_, let kind): "\(stream): a \(kind) where a .npy or .safetensors file is wanted"
    case .emptyFile: "\(stream): the file is empty; make it anew"
    case .fileTooLarge(let bytes, let limit): "\(stream): \(bytes) bytes, \(limit) allowed; shorten the matrix"
    case .content(let fault): "\(stream): \(fault)"
    }
  }
}

extension FeatureFault.Problem {
  /// What keeps a file from being read is the same for every kind of file.
  init(_ problem: PictureProblem) {
    switch problem {
    case .missing, .impossiblePath: self = .missing
    case .outsideFolder(let folder): self = .outsideFolder(folder: folder)
    case .directory: self = .notAFile(.directory, kind: "folder")
    case .notAFile(let kind): self = .notAFile(.notAFile, kind: kind)
    case .emptyFile: self = .emptyFile
    case .fileTooLarge(let bytes, let limit): self = .fileTooLarge(bytes: bytes, limit: limit)
    case .unreadable(let reason): self = .unreadable(reason: reason)
    case .tooManyPixels, .unsupportedFormat, .unsupportedVariant, .truncated, .corrupt, .outOfMemory:
      self = .unreadable(reason: problem.description)
    }
  }
}
