package import Bytes
package import Corpus
package import Inputs
package import Models

/// A model's stream of features and the corpus' column that names its files.
package struct FeatureColumn: Sendable, Equatable {
  package var stream: FeatureStream
  /// The column's name as the header spells it.
  package var column: ByteText

  /// Creates a column for a stream; by default it has the stream's name.
  package init(_ stream: FeatureStream, column: ByteText? = nil) {
    (self.stream, self.column) = (stream, column ?? ByteText(stream.name))
  }
}

/// The feature files of a corpus' posts: a column for each of the model's streams, and a folder for each corpus file.
package struct FeatureFiles: Sendable {
  /// The maximum size of a feature file in bytes.
  package static let byteLimit = 64 << 20

  /// A post's rows in a stream, with the hash of their file.
  package struct LoadedFeatures: Sendable {
    /// The stream's name.
    package var stream: String
    /// The numbers.
    package var rows: FeatureRows
    /// SHA-256 of the file, 32 bytes.
    package var hash: [UInt8]
  }

  /// The streams in the model's order.
  package let columns: [FeatureColumn]
  private let folders: PictureFolders

  /// Creates feature files from columns and folders.
  ///
  /// - Parameters:
  ///   - columns: a column for each of the model's streams, in its order.
  ///   - folder: the folder of all files; nil for the folder of each corpus file.
  ///   - paths: the corpus' files as given.
  ///   - names: the same files as the ledger names them.
  /// - Throws: if a path is not a folder.
  package init(_ columns: [FeatureColumn], folder: String?, paths: [String], names: [String]) throws {
    self.columns = columns
    folders = try PictureFolders(
      files: folder, paths: paths, names: names, limits: PictureLimits(bytes: Self.byteLimit))
  }

  /// A post's rows in each stream, in the model's order; nil if its cell is empty, there is no such column, or the
  /// matrix has no rows.
  package func load(_ post: Post) throws(FeatureFault) -> [LoadedFeatures?] {
    var parts: [LoadedFeatures?] = []
    for column in columns { parts.append(try load(post, column)) }
    return parts
  }

  /// The files that a post names, before any is opened.
  package struct LocatedFeatures {
    /// The path of each stream for which the post has a file.
    package var paths: [(stream: String, path: String)] = []
    /// The first file's expected fault; nil if none is expected.
    package var fault: FaultCode?
  }

  /// Looks up the files that a post names.
  package func found(_ post: Post) -> LocatedFeatures {
    var found = LocatedFeatures()
    for column in columns {
      guard let path = path(of: post, in: column.column) else { continue }
      found.paths.append((column.stream.name, path))
      found.fault = found.fault ?? folders[post.position.file].find(path)?.code
    }
    return found
  }

  private func load(_ post: Post, _ column: FeatureColumn) throws(FeatureFault) -> LoadedFeatures? {
    let read = try read(post, column) { file throws(FeatureFileError) in
      try FeatureRows(file: file.bytes, for: column.stream).map { (rows: $0, hash: file.sha256) }
    }
    return (read ?? nil).map { LoadedFeatures(stream: column.stream.name, rows: $0.rows, hash: $0.hash) }
  }

  /// Processes the file that a post names for a stream; nil if it names none.
  package func read<Value>(
    _ post: Post, _ column: FeatureColumn, _ make: (PictureFile) throws(FeatureFileError) -> Value
  ) throws(FeatureFault) -> Value? {
    guard let path = path(of: post, in: column.column) else { return nil }
    let file: PictureFile
    do throws(PictureFileError) {
      file = try folders[post.position.file].load(path)
    } catch {
      throw FeatureFault(stream: column.stream.name, path: path, problem: FeatureFault.Reason(error.problem))
    }
    do throws(FeatureFileError) {
      return try make(file)
    } catch {
      throw FeatureFault(stream: column.stream.name, path: path, problem: .content(error))
    }
  }

  /// The width of a post's rows in a column, not compared with the stream's; nil if the post has none there.
  package func width(of post: Post, _ column: FeatureColumn) throws(FeatureFault) -> Int? {
    let width = try read(post, column) { file throws(FeatureFileError) -> Int? in
      let (rows, width, _) = try FeatureRows.read(file.bytes, stream: column.stream.name) { _, _ in false }
      return rows > 0 ? width : nil
    }
    return width ?? nil
  }

  private func path(of post: Post, in column: ByteText) -> String? {
    let cell = post.extra.first { $0.name == column }?.value
    return cell.flatMap { $0.isBlank ? nil : $0 }
  }
}

/// A feature file that cannot be used, with its stream and the reason.
package struct FeatureFault: Error, Equatable, Sendable {
  /// The reason.
  package enum Reason: Equatable, Sendable {
    /// The file does not exist, or a part of its path is not a folder.
    case missing
    /// The path leads out of the features' folder.
    case outsideFolder(folder: String)
    /// The system does not allow reading the file.
    case unreadable(reason: String)
    /// The path leads to something that is not a file.
    case notAFile(FaultCode, kind: String)
    /// The file has no bytes.
    case emptyFile
    /// The file has more bytes than allowed.
    case fileTooLarge(bytes: Int, limit: Int)
    /// The file does not contain a matrix for the stream.
    case content(FeatureFileError)
  }

  /// The stream's name.
  package var stream: String
  /// The file's path as the corpus wrote it.
  package var path: String
  package var problem: Reason

  /// A fault of a stream's file.
  package init(stream: String, path: String, problem: Reason) {
    (self.stream, self.path, self.problem) = (stream, path, problem)
  }

  /// Its code in the store.
  package var code: FaultCode {
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

  /// The fault in the form of a row's fault, for the ledger.
  package func rowFault(at position: RowPosition, key: ByteText?) -> RowFault {
    RowFault(position: position, key: key, stage: .features, code: code, path: path, detail: description)
  }
}

extension FeatureFault: CustomStringConvertible {
  /// The stream, the problem, and how to fix it, in one line.
  package var description: String {
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

extension FeatureFault.Reason {
  /// Converts a picture's error: the reasons that a file cannot be read are the same for all files.
  init(_ problem: PictureError) {
    switch problem {
    case .missing, .ambiguous, .impossiblePath, .bareBase64: self = .missing
    case .outsideFolder(let folder): self = .outsideFolder(folder: folder)
    case .directory: self = .notAFile(.directory, kind: "folder")
    case .notAFile(let kind): self = .notAFile(.notAFile, kind: kind)
    case .emptyFile: self = .emptyFile
    case .fileTooLarge(let bytes, let limit): self = .fileTooLarge(bytes: bytes, limit: limit)
    case .unreadable(let reason), .inArchive(let reason): self = .unreadable(reason: reason)
    case .tooManyPixels, .unsupportedFormat, .unsupportedVariant, .truncated, .corrupt, .outOfMemory:
      self = .unreadable(reason: problem.description)
    }
  }
}
