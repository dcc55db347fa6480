import Bytes
package import Corpus
package import Inputs
public import Models

/// A model's stream of features and the corpus' column that names its files.
public struct FeatureColumn: Sendable, Equatable {
  /// What the model reads.
  public var stream: FeatureStream
  /// The column's name as the header spells it.
  public var column: String

  /// A stream and its column; by default that of its own name.
  public init(_ stream: FeatureStream, column: String? = nil) {
    (self.stream, self.column) = (stream, column ?? stream.name)
  }
}

/// Where the posts of a corpus have their features: a column for each of the model's streams, a folder for each file.
public struct FeatureFiles: Sendable {
  /// The bytes that a file of features may have.
  public static let byteLimit = 64 << 20

  /// A post's rows in a stream, and what they were read from.
  package struct Part: Sendable {
    /// The stream's name.
    package var stream: String
    /// The numbers.
    package var rows: FeatureRows
    /// SHA-256 of the file, 32 bytes.
    package var hash: [UInt8]
  }

  /// The streams in the model's order.
  public let columns: [FeatureColumn]
  private let folders: PictureFolders

  /// Brings together columns and folders.
  ///
  /// - Parameters:
  ///   - columns: a column for each of the model's streams, in its order.
  ///   - folder: the folder that holds every file; nil for the folder that each file of the corpus lies in.
  ///   - paths: the corpus' files as given.
  ///   - names: the same files as the ledger names them.
  /// - Throws: a folder that is none.
  public init(_ columns: [FeatureColumn], folder: String?, paths: [String], names: [String]) throws {
    self.columns = columns
    folders = try PictureFolders(
      images: folder, paths: paths, names: names, limits: PictureLimits(bytes: Self.byteLimit))
  }

  /// A post's rows in each stream, in the model's order; nil where its cell is empty, it has no such column, or the
  /// matrix has no rows.
  package func load(_ post: Post) throws(FeatureFault) -> [Part?] {
    var parts: [Part?] = []
    for column in columns { parts.append(try load(post, column)) }
    return parts
  }

  /// What a post names, before any file is opened.
  struct Found {
    /// The path of each stream that the post has one for.
    var paths: [(stream: String, path: String)] = []
    /// What would keep the first file from being read; nil where nothing is known to.
    var fault: FaultCode?
  }

  /// Looks for the files that a post names.
  func found(_ post: Post) -> Found {
    var found = Found()
    for column in columns {
      guard let path = path(of: post, in: column.column) else { continue }
      found.paths.append((column.stream.name, path))
      found.fault = found.fault ?? folders[post.position.file].find(path)
    }
    return found
  }

  private func load(_ post: Post, _ column: FeatureColumn) throws(FeatureFault) -> Part? {
    let read = try read(post, column) { file throws(FeatureFileFault) in
      try FeatureRows(file: file.bytes, for: column.stream).map { (rows: $0, hash: file.sha256) }
    }
    return (read ?? nil).map { Part(stream: column.stream.name, rows: $0.rows, hash: $0.hash) }
  }

  /// Makes something of the file that a post names for a stream; nil where it names none.
  package func read<Value>(
    _ post: Post, _ column: FeatureColumn, _ make: (PictureFile) throws(FeatureFileFault) -> Value
  ) throws(FeatureFault) -> Value? {
    guard let path = path(of: post, in: column.column) else { return nil }
    let file: PictureFile
    do throws(PictureFault) {
      file = try folders[post.position.file].load(path)
    } catch {
      throw FeatureFault(stream: column.stream.name, path: path, problem: FeatureFault.Problem(error.problem))
    }
    do throws(FeatureFileFault) {
      return try make(file)
    } catch {
      throw FeatureFault(stream: column.stream.name, path: path, problem: .content(error))
    }
  }

  /// The width of a post's rows in a column, whatever it is; nil where the post has none there.
  package func width(of post: Post, _ column: FeatureColumn) throws(FeatureFault) -> Int? {
    let width = try read(post, column) { file throws(FeatureFileFault) -> Int? in
      let (rows, width, _) = try FeatureRows.read(file.bytes, stream: column.stream.name) { _, _ in false }
      return rows > 0 ? width : nil
    }
    return width ?? nil
  }

  private func path(of post: Post, in column: String) -> String? {
    let cell = post.extra.first { $0.name.hasSameBytes(as: column) }?.value
    return cell.flatMap { $0.isBlank ? nil : $0 }
  }
}
