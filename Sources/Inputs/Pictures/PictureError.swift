import Bytes

/// Why a picture cannot be used; the words are in `description`.
package enum PictureError: Error, Equatable, Sendable {
  /// The file does not exist, or a part of its path is not a folder.
  case missing
  /// Several files fit the path equally well.
  case ambiguous(paths: [String])
  /// The path is a picture in base 64, which lacks its address, such as `data:image/jpeg;base64,`.
  case bareBase64(type: String)
  /// The path is empty or contains a NUL character, so no file can have it.
  case impossiblePath
  /// The file exists but the system does not allow reading it, for the given reason.
  case unreadable(reason: String)
  /// The archive that has the file does not give its bytes, for the given reason.
  case inArchive(reason: String)
  /// The path leads out of the folder of pictures.
  case outsideFolder(folder: String)
  /// The path leads to a folder.
  case directory
  /// The path leads to a pipe, a device or a socket.
  case notAFile(kind: String)
  /// The file has no bytes.
  case emptyFile
  /// The file has more bytes than allowed.
  case fileTooLarge(bytes: Int, limit: Int)
  /// The picture has more pixels than allowed.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// A format that is not supported; `looksLike` names the one that the first bytes resemble.
  case unsupportedFormat(looksLike: String)
  /// A variant of a format that its library does not read.
  case unsupportedVariant(format: String, reason: String)
  /// The file ends before the picture does; whether a part of the picture may be there.
  case truncated(format: String, reason: String, hasPart: Bool = false)
  /// The file is not valid in its format.
  case corrupt(format: String, reason: String)
  /// The machine has no memory left for the picture.
  case outOfMemory
}

extension PictureError: CustomStringConvertible {
  /// The message: the problem and how to fix it, in one line.
  package var description: String {
    switch self {
    case .missing:
      "no such file; --images names the folder that picture paths start from"
    case .ambiguous(let paths):
      "several files fit: \(paths.map { $0.printable(upTo: 100) }.listed(most: 4)); write the path of one, or leave "
        + "out the others' folders"
    case .bareBase64(let type):
      "a picture in base 64, not a path; write data:\(type);base64, before it"
    case .impossiblePath:
      "an empty path or one with a NUL character names no file"
    case .unreadable(let reason):
      "\(reason); check the file's permissions and its disk"
    case .inArchive(let reason):
      reason
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
      "looks like \(looksLike); "
        + (FileTypeGuess.noPictures.contains(looksLike)
          ? "fetch the picture itself" : "convert it to JPEG, PNG, WebP or GIF")
    case .unsupportedVariant(let format, let reason):
      "a \(format) of a kind that is not read (\(reason)); save it again as a plain one"
    case .truncated(let format, let reason, let hasPart):
      "the \(format) is cut off (\(reason)); fetch it again"
        + (hasPart ? ", or --truncated-images accept takes what is there" : "")
    case .corrupt(let format, let reason):
      "the \(format) is damaged (\(reason)); fetch it again"
    case .outOfMemory:
      "not enough memory for the picture; lower --max-pixels or --threads"
    }
  }
}

/// A picture that cannot be used, with the reason.
package struct PictureFileError: Error, Equatable, Sendable {
  /// The picture's path as the corpus wrote it.
  package var path: String
  package var problem: PictureError
  /// A file that another rule would find.
  package var hint: PictureHint?

  /// Creates a fault.
  package init(path: String, problem: PictureError) {
    self.path = path
    self.problem = problem
  }

  /// The message: the problem and how to fix it, in one line.
  package var detail: String {
    switch (problem, hint) {
    case (_, .found(let near, let match)):
      "\(isOutside ? "the path leads out of the folder" : "no such file"); there is \(near.printable(upTo: 200)): "
        + "--image-match \(match.rawValue)"
    case (.missing, .several(let paths)):
      "no such file; several are near: \(paths.map { $0.printable(upTo: 100) }.listed(most: 4))"
    case (.emptyFile, _) where DataAddress(path) != nil: "nothing is behind the comma, so there is no picture"
    case (.missing, nil), (.outsideFolder, nil): resemblance ?? problem.description
    default: problem.description
    }
  }

  /// What the path looks like, if that is no path.
  private var resemblance: String? {
    if path.webAddress != nil { return "an address on the web; download the pictures first and name the files" }
    if path.first == "[" && path.last == "]" || path.first == "{" && path.last == "}" {
      return "no such file, and no list of a form that is read; write the paths with ; between them, or, in JSON, name "
        + "the member that has them, such as --image 'image.*.url'"
    }
    if path.first == "<" && path.last == ">" || path.utf8.starts(with: "![".utf8) {
      return "no such file; it looks like \(path.first == "<" ? "an HTML tag" : "Markdown"): write only the path in it"
    }
    if (["0", "1", "true", "yes", "no"] as [ByteText]).contains(ByteText(path.lowercased())) {
      return "no such file; '\(path)' says whether there is a picture, not where: --image names the column of paths"
    }
    if path.utf8.first == 0x20 || path.utf8.last == 0x20 {
      return "no such file; the path '\(path.printable)' has blanks around it"
    }
    return nil
  }

  private var isOutside: Bool { if case .outsideFolder = problem { true } else { false } }
}
