internal import Bytes

extension FinishedRunError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .model(let error): "\(error)"
    case .noHistory(let path):
      "\(path.printable) does not exist, so nothing is known of this model's training; clfa train writes it into the models it makes"
    case .badHistory(let path):
      "\(path.printable) is not the history of a training run, one epoch a line; take the file that clfa train wrote"
    }
  }
}
