import Bytes

extension PictureProblem: CustomStringConvertible {
  /// What is wrong and what mends it, in one line.
  public var description: String {
    switch self {
    case .missing:
      "no such file; --images names the folder that picture paths start from"
    case .impossiblePath:
      "an empty path or one with a NUL character names no file"
    case .unreadable(let reason):
      "\(reason); check the file's permissions and its disk"
    case .outsideFolder(let folder):
      "the path leads out of \(folder.printable); --images names the folder that holds all pictures"
    case .directory:
      "a folder where a picture file is wanted"
    case .notAFile(let kind):
      "a \(kind) where a picture file is wanted"
    case .emptyFile:
      "the file is empty; fetch it again"
    case .fileTooLarge(let bytes, let limit):
      "\(bytes) bytes, \(limit) allowed; --max-picture-bytes raises the limit"
    case .tooManyPixels(let width, let height, _) where max(width, height) > PictureLimits.side:
      "\(width) × \(height) pixels; a side may have \(PictureLimits.side), so scale it down"
    case .tooManyPixels(let width, let height, let limit):
      "\(width) × \(height) pixels, \(limit) allowed; --max-pixels raises the limit"
    case .unsupportedFormat(let looksLike):
      "looks like \(looksLike); convert it to JPEG, PNG, WebP or GIF"
    case .unsupportedVariant(let format, let reason):
      "a \(format) of a kind that is not read (\(reason)); save it again as a plain one"
    case .truncated(let format, let reason):
      "the \(format) is cut off (\(reason)); fetch it again"
    case .corrupt(let format, let reason):
      "the \(format) is damaged (\(reason)); fetch it again"
    case .outOfMemory:
      "not enough memory for the picture; lower --max-pixels or --threads"
    }
  }
}
