import Bytes
private import Files

/// The places to which the picture paths of a corpus are relative: a folder, or several folders, zips and tars. Nothing
/// outside them is read: see `RootFolder`.
package struct PictureFolder: Sendable {
  /// The folder's path as given; the first of several.
  package let root: String
  /// Limits on the files; `bytes` applies here, `pixels` when decoding.
  package let limits: PictureLimits
  private let places: [any PicturePlace]
  /// How files may differ from their references; nil for files of another kind, which have no rules and no hints.
  private let match: PictureMatch?
  private let finder: PictureFinder

  /// Opens places, which stay open as long as this value.
  ///
  /// - Parameters:
  ///   - roots: folders, zips and uncompressed tars, at least one.
  ///   - match: how files may differ from their references; nil for files that are no pictures.
  ///   - limits: the maximum size of a picture.
  /// - Throws: if one does not exist or can't be opened.
  package init(
    roots: [String], match: PictureMatch? = .written, limits: PictureLimits = PictureLimits()
  ) throws(PictureFolderError) {
    var places: [any PicturePlace] = []
    for root in roots { places.append(try Self.open(root)) }
    (root, self.limits, self.match, self.places) = (roots.first ?? ".", limits, match, places)
    finder = PictureFinder(
      places, limit: match == .near || match == .name ? PictureFinder.limit : PictureFinder.hintLimit)
  }

  /// Opens one folder, zip or tar.
  package init(root: String, limits: PictureLimits = PictureLimits()) throws(PictureFolderError) {
    try self.init(roots: [root], limits: limits)
  }

  private static func open(_ root: String) throws(PictureFolderError) -> any PicturePlace {
    do throws(RootFolder.Failure) {
      return try FolderPlace(root: root)
    } catch {
      switch error {
      case .missing: throw .missing(path: root)
      case .notAFolder: return try ArchivePlace(root: root)
      case .refused(let problem): throw .unreadable(path: root, reason: problem.description.lowercased())
      }
    }
  }

  /// Reads a picture file, whole.
  ///
  /// - Parameter path: relative to the folder, or absolute and inside it; or a `data:` address, which is the file.
  /// - Returns: the file's bytes and their hash.
  /// - Throws: a fault of every code up to `file_too_large`; the file is not decoded here.
  package func load(_ path: String) throws(PictureFileError) -> PictureFile {
    do throws(PictureError) {
      if match != nil, let address = DataAddress(path) {
        return PictureFile(path: address.name, bytes: try contents(of: address))
      }
      try checkForm(path)
      let found = try locate(path)
      var file = PictureFile(path: path, bytes: try read(found))
      if !found.rules.isEmpty { file.found = found }
      return file
    } catch {
      var fault = PictureFileError(path: DataAddress(path)?.name ?? path, problem: error)
      if case .bareBase64 = error { fault.path = String(path.prefix(24)) + "…" }
      if error.isAbsence { fault.hint = hint(for: path) }
      throw fault
    }
  }

  /// The error that ``load(_:)`` would throw for a file, without reading it; `nil` if none is expected.
  package func find(_ path: String) -> PictureError? { look(path).problem }

  /// What was changed in a reference to find its file, and the error that ``load(_:)`` would throw for it, without
  /// reading the file; the rules are nil if there is no file.
  package func look(_ path: String) -> (rules: [PictureRule]?, problem: PictureError?) {
    var rules: [PictureRule]?
    do throws(PictureError) {
      if match != nil, let address = DataAddress(path) {
        _ = try contents(of: address)
        return ([], nil)
      }
      try checkForm(path)
      let found = try locate(path), size = try places[found.place].size(found.path)
      rules = found.rules
      guard size > 0 else { return (rules, .emptyFile) }
      return (rules, size > limits.bytes ? .fileTooLarge(bytes: size, limit: limits.bytes) : nil)
    } catch {
      return (rules, error)
    }
  }

  /// The file that would be found by a rule that was not chosen; nil if there is none.
  package func hint(for path: String) -> PictureHint? {
    for match in PictureMatch.allCases.drop(while: { $0 != self.match }).dropFirst() {
      switch finder.find(path, by: match) {
      case .found(let found): return .found(found.path, by: match)
      case .several(let paths): return .several(paths)
      case .nothing: continue
      }
    }
    return nil
  }

  /// The place and path of the file that a reference means.
  private func locate(_ path: String) throws(PictureError) -> FoundPicture {
    // One place needs no comparison, and its file is opened once.
    if places.count == 1, match != .near, match != .name { return FoundPicture(path: path, place: 0, rules: []) }
    var holders: [Int] = [], problem: PictureError?
    for (number, place) in places.enumerated() {
      do throws(PictureError) {
        _ = try place.size(path)
        holders.append(number)
      } catch {
        // What is wrong with a file that is there says more than that others do not have it.
        if problem == nil || problem == .missing || !error.isAbsence { problem = error }
      }
    }
    guard holders.count < 2 else { throw .ambiguous(paths: holders.map { "\(path) in \(finder.name(of: $0))" }) }
    if let place = holders.first { return FoundPicture(path: path, place: place, rules: []) }
    guard let problem, problem.isAbsence, let match else { throw problem ?? .missing }
    switch finder.find(path, by: match) {
    case .found(let found): return found
    case .several(let paths): throw .ambiguous(paths: paths)
    case .nothing: throw problem
    }
  }

  private func read(_ found: FoundPicture) throws(PictureError) -> [UInt8] {
    let bytes = try places[found.place].read(found.path, limit: limits.bytes)
    guard !bytes.isEmpty else { throw .emptyFile }
    return bytes
  }

  /// Throws if a path is a picture in base 64.
  private func checkForm(_ path: String) throws(PictureError) {
    if match != nil, let type = DataAddress.bareType(of: path) { throw .bareBase64(type: type) }
  }

  private func contents(of address: DataAddress) throws(PictureError) -> [UInt8] {
    guard !address.isName else {
      throw .inArchive(reason: "the picture was in the corpus itself, and only its hash was kept")
    }
    guard address.isBase64 else {
      throw .unsupportedVariant(format: "data address", reason: "it is not in base 64")
    }
    guard address.size <= limits.bytes + 2 else { throw .fileTooLarge(bytes: address.size, limit: limits.bytes) }
    guard let bytes = address.bytes else {
      throw .corrupt(format: "data address", reason: "its base 64 is not valid")
    }
    guard !bytes.isEmpty else { throw .emptyFile }
    return bytes
  }
}

extension PictureError {
  /// Whether there is no file where the reference says, so that another spelling may be meant.
  package var isAbsence: Bool {
    switch self {
    case .missing, .outsideFolder, .directory: true
    default: false
    }
  }
}

/// Why a folder of pictures cannot be used; it ends the run.
package enum PictureFolderError: Error, Equatable, Sendable {
  /// It does not exist.
  case missing(path: String)
  /// It is neither a folder nor a zip or a tar.
  case notAFolder(path: String)
  /// It is compressed as a whole, so nothing in it can be read in place.
  case compressed(path: String, by: String)
  /// It is a damaged zip or tar.
  case badArchive(path: String, reason: String)
  /// The system does not allow reading it.
  case unreadable(path: String, reason: String)
}

extension PictureFolderError: CustomStringConvertible {
  /// The message: the problem and how to fix it, in one line.
  package var description: String {
    switch self {
    case .missing(let path):
      "there is no folder \(path.printable) for pictures"
    case .notAFolder(let path):
      "\(path.printable) is not a folder, so it cannot hold the pictures; nor is it a zip or an uncompressed tar"
    case .compressed(let path, let name):
      "\(path.printable) is compressed by \(name), so pictures cannot be read in place; decompress it to a tar first"
    case .badArchive(let path, let reason):
      "the archive of pictures \(path.printable) cannot be read: \(reason)"
    case .unreadable(let path, let reason):
      "the folder of pictures \(path.printable) cannot be opened: \(reason.printable); check its permissions"
    }
  }
}

/// A picture file as read: its path, its bytes and their hash. Nothing is decoded yet.
package struct PictureFile: Equatable, Sendable {
  /// The path as the corpus wrote it.
  package let path: String
  /// The whole file.
  package let bytes: [UInt8]
  /// SHA-256 of `bytes`, 32 bytes: the `picture_hash` of a post.
  package let sha256: [UInt8]
  /// Where it was found by a rule; nil for a file that is where the corpus says.
  package var found: FoundPicture?

  /// Wraps the bytes of a file and hashes them.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    self.sha256 = Array(SHA256.hash(data: bytes))
  }

  /// The picture.
  ///
  /// - Parameters:
  ///   - limits: the largest files and pictures accepted.
  ///   - least: see ``PictureDecoder/decode(_:limits:least:)``.
  /// - Returns: its pixels.
  /// - Throws: a fault with this file's path and one of the problems of ``PictureDecoder``.
  package func decoded(
    limits: PictureLimits = PictureLimits(), least: Int? = nil
  ) throws(PictureFileError) -> Picture {
    do {
      return try PictureDecoder.decode(bytes, limits: limits, least: least)
    } catch {
      throw PictureFileError(path: path, problem: error)
    }
  }
}
