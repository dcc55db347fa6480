import Bytes
public import Corpus

/// A picture that cannot be used: which, and why.
public struct PictureFault: Error, Equatable, Sendable {
  /// The picture's path as the corpus wrote it.
  public var path: String
  /// What is wrong with it.
  public var problem: PictureProblem

  /// Creates a fault.
  public init(path: String, problem: PictureProblem) {
    self.path = path
    self.problem = problem
  }

  /// The code under which the store keeps it.
  public var code: FaultCode { problem.code }
  /// What is wrong and what mends it, in one line.
  public var detail: String {
    switch problem {
    case .missing where path.utf8.starts(with: "http".utf8) && path.contains("://"):
      "an address on the web; download the pictures first and name the files"
    case .missing where path.utf8.first == 0x20 || path.utf8.last == 0x20:
      "no such file; the path '\(path.printable)' has blanks around it"
    default: problem.description
    }
  }

  /// The fault as the row's own, for the ledger.
  public func rowFault(at position: RowPosition, key: String?) -> RowFault {
    RowFault(position: position, key: key, stage: .image, code: code, path: path, detail: detail)
  }
}

extension PictureFault: CustomStringConvertible {
  /// `code: path: detail`.
  public var description: String { "\(code.rawValue): \(path.printable): \(detail)" }
}
