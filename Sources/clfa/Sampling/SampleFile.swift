import Bytes
import Files
import Queries
import Results
import Store

/// The CSV file of `clfa sample`: the posts to label, with an empty column for their labels. It appears when the store
/// has the sample.
final class SampleFile {
  /// The columns, under the names that other commands expect.
  static let columns = ["id", "text", "image", "label"]

  private let path: String
  private let writer: AtomicWriter
  private var format: any RowFormat
  private static let piece = 1000

  /// Begins a file, which must not exist yet.
  ///
  /// - Throws: `SampleFileError`.
  init(_ path: String, format: any RowFormat) throws(SampleFileError) {
    (self.path, self.format) = (path, format)
    do throws(FileError) {
      writer = try AtomicWriter(path, .new)
    } catch {
      throw SampleFileError(path: path, error: error)
    }
  }

  /// Writes the posts of a sample.
  func write(_ draw: SampleDraw, from store: StoreReader) throws {
    do {
      try writer.append { format.begin(Self.columns, into: &$0) }
      for start in stride(from: 0, to: draw.posts.count, by: Self.piece) {
        let posts = try draw.shown(start..<min(start + Self.piece, draw.posts.count), from: store)
        try writer.append { buffer in
          for post in posts {
            format.row(
              [.text(post.key), .text(post.text), post.image.map { .text($0) } ?? .null, .null], into: &buffer)
          }
        }
      }
      try writer.append { format.end(into: &$0) }
    } catch let error as FileError {
      throw SampleFileError(path: path, error: error)
    }
  }

  /// Completes the file.
  func finish() throws(SampleFileError) {
    do throws(FileError) {
      try writer.finish()
    } catch {
      throw SampleFileError(path: path, error: error)
    }
  }
}

/// The file of a sample cannot be written.
struct SampleFileError: Error, CustomStringConvertible {
  let path: String
  let error: FileError

  var description: String {
    switch error {
    case .alreadyThere: "\(path.printable) already exists and was left as it is; name another file with -o"
    default: "cannot write \(path.printable): \(error); check its folder and the disk"
    }
  }
}
