import Bytes

extension ExportError: CustomStringConvertible {
  /// What is wrong and what mends it.
  public var description: String {
    switch self {
    case .exists(let path): "\(path.printable) is there already and was left as it is: name another with -o"
    case .cannotWrite(let path, let reason):
      "cannot write \(path.printable): \(reason.printable); check its folder and the disk"
    case .tooManyColumns(let limit):
      "the run's posts have over \(limit) other columns: give the corpus itself with --corpus"
    case .otherFiles(let run, let given, let wanted):
      """
      run \(run.printable) is of \(Self.list(wanted)), and --corpus gives \(Self.list(given)): give those files, in \
      any folder
      """
    case .corpusDiffers(let run, let file, let difference):
      "\(file.printable) is not what run \(run.printable) has read: \(Self.words(difference))"
    case .interrupted: "interrupted; nothing was written, so give the command again at any time"
    }
  }

  private static func list(_ files: [String]) -> String { files.listed(most: 5) }

  private static func words(_ difference: Difference) -> String {
    switch difference {
    case .otherKey(let record, let line):
      """
      record \(record), on line \(line), has another key. Give the file as it was scored, and the flags that it was \
      scored with (--id, --text and so on)
      """
    case .otherContent(let record, let line):
      """
      record \(record), on line \(line), has other content. Give the file as it was scored, and the flags that it was \
      scored with (--text, --knowledge and so on)
      """
    case .fewerRecords(let found):
      "it ends after \(found) \(found == 1 ? "record" : "records"), and the run has more. Give the file as it was scored"
    case .moreRecords(let read):
      """
      it goes on behind record \(read), where the run ends. Give the file as it was scored, or score what has been \
      added
      """
    }
  }
}
