/// Why a corpus gives no teacher's vectors.
public enum TeachingError: Error, Equatable, Sendable {
  /// No row has words for both sides.
  case noPosts(files: [String], oneSided: Int, faulted: Int)
  /// More directions than the teacher's vectors have numbers.
  case tooManyDirections(asked: Int, width: Int)
  /// All vectors of a side lie at one point, so none points anywhere once that is taken off.
  case oneVector
  /// Somebody asked for an early end.
  case interrupted
}

extension TeachingError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .noPosts(let files, let oneSided, let faulted):
      "\(files.joined(separator: ", ")): no row has words for the text and for the picture (\(oneSided) rows lack one, "
        + "\(faulted) are faulty); name the columns with --text-column and --image-column"
    case .tooManyDirections(let asked, let width):
      "--whiten \(asked): the teacher's vectors have \(width) numbers, so there are no more directions to keep; ask for "
        + "at most \(width)"
    case .oneVector:
      "every post has the same text, or every picture the same words, so that nothing is left once it is centred; check "
        + "--text-column and --image-column"
    case .interrupted: "interrupted"
    }
  }
}
