package import Archives
import Bytes
package import Corpus
package import Models

/// Another teacher's vectors, by post id, in one of these formats:
///
/// - safetensors and SQLite: the layouts that training reads;
/// - `.npy`: two matrices, first the texts' and then the pictures', with a text file of one id per line;
/// - `.csv`, `.tsv`: columns `id`, `text` and `image`; a cell holds a vector's numbers.
package enum ExternalVectors {
  /// The maximum size of a file of ids in bytes.
  private static let idLimit = 1 << 30

  /// Reads whole files. Every vector must be finite and nonzero, and all of the same width; ids must be unique.
  ///
  /// - Throws: `ExternalVectorsError`, `TeacherError`; the corpus' error for a CSV file.
  package static func load(_ paths: [String], ids: String?, shouldStop: @escaping @Sendable () -> Bool) throws
    -> TeacherCache
  {
    let areMatrices = paths.allSatisfy { $0.hasEnding(".npy") }
    guard areMatrices ? paths.count == 2 && ids != nil : paths.count == 1 && ids == nil, let path = paths.first else {
      throw ExternalVectorsError.numpyFiles(paths, hasIDs: ids != nil)
    }
    if areMatrices, let ids { return try matrices(paths, ids: ids) }
    if path.hasEnding(".csv") || path.hasEnding(".tsv") { return try table(path, shouldStop) }
    return try TeacherCache.load(path)
  }

  private static func matrices(_ paths: [String], ids path: String) throws -> TeacherCache {
    let text = try NumpyMatrix(path: paths[0]), image = try NumpyMatrix(path: paths[1])
    guard (text.rows, text.width) == (image.rows, image.width) else {
      throw ExternalVectorsError.unequalShapes(
        paths: paths, shapes: [[text.rows, text.width], [image.rows, image.width]])
    }
    let bytes: [UInt8]
    do throws(ModelError) {
      bytes = try MappedFile(path: path, limit: idLimit).copy()
    } catch {
      throw ExternalVectorsError(error)
    }
    guard let all = String(validating: bytes, as: UTF8.self), !all.utf8.contains(0) else {
      throw ExternalVectorsError.notText(path: path)
    }
    var lines = all.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let ids = lines.map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
    guard ids.count == text.rows else {
      throw ExternalVectorsError.idCount(path: path, ids: ids.count, rows: text.rows)
    }
    return try TeacherCache(path: paths[0], ids: ids, text: text.numbers, image: image.numbers, width: text.width)
  }

  private static func table(_ path: String, _ shouldStop: @escaping @Sendable () -> Bool) throws -> TeacherCache {
    // The vectors are in the columns that hold texts and pictures in a corpus.
    let columns = ColumnMap(id: "id", text: "text", image: "image")
    var reader = try CorpusReader(paths: [path], options: CorpusOptions(columns: columns, shouldStop: shouldStop))
    var ids: [String] = [], text: [Float] = [], image: [Float] = [], width: Int?
    func add(_ cell: String, _ column: String, _ position: RowPosition, to numbers: inout [Float]) throws {
      guard let vector = vector(cell) else { throw ExternalVectorsError.cell(position, column: column) }
      guard vector.count == width ?? vector.count else {
        throw ExternalVectorsError.width(position, column: column, found: vector.count, expected: width ?? 0)
      }
      width = vector.count
      numbers += vector
    }
    while let row = try reader.next() {
      switch row {
      case .fault(let fault): throw ExternalVectorsError.row(fault)
      case .post(let post):
        try add(post.text, "text", post.position, to: &text)
        try add(post.image ?? "", "image", post.position, to: &image)
        ids.append(post.key.text)
      }
    }
    return try TeacherCache(path: path, ids: ids, text: text, image: image, width: width ?? 0)
  }

  /// The numbers of a cell, separated by blanks, commas or semicolons, with or without brackets; nil if one is not a
  /// number.
  static func vector(_ cell: String) -> [Float]? {
    var cell = cell.utf8[...]
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    while let first = cell.first, isBlank(first) { cell.removeFirst() }
    while let last = cell.last, isBlank(last) { cell.removeLast() }
    if cell.first == UInt8(ascii: "["), cell.last == UInt8(ascii: "]"), cell.count >= 2 {
      cell = cell.dropFirst().dropLast()
    }
    var numbers: [Float] = []
    let parts = cell.split { isBlank($0) || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }
    for part in parts {
      guard let number = Float(Substring(part)) else { return nil }
      numbers.append(number)
    }
    return numbers.isEmpty ? nil : numbers
  }
}

extension String {
  fileprivate func hasEnding(_ ending: String) -> Bool {
    lowercased().utf8.reversed().starts(with: ending.utf8.reversed())
  }
}

/// A matrix saved by numpy (`.npy`): rows of f16, f32 or f64, little-endian, in C order. Nothing else is read, in
/// particular nothing that would have to be unpickled.
struct NumpyMatrix {
  let rows: Int
  let width: Int
  /// The numbers, rows × width, row by row.
  let numbers: [Float]

  /// Reads a file whole.
  init(path: String) throws(ExternalVectorsError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw ExternalVectorsError(error)
    }
    let array: StoredTensor
    do throws(ArchiveError) {
      array = try file.withBytes { (bytes) throws(ArchiveError) in try NumpyFile.array(bytes, file: path) }
    } catch {
      throw .numpy(error)
    }
    guard array.format.isFloating, array.isContiguous else { throw .numpyForm(path: path) }
    guard array.shape.count == 2 else { throw .numpyShape(path: path, shape: array.shape) }
    (rows, width, numbers) = (array.shape[0], array.shape[1], array.floats(in: file))
  }
}

/// Why another teacher's vectors cannot be used.
package enum ExternalVectorsError: Error, Equatable, Sendable {
  /// A file that is missing or cannot be read.
  case file(ModelError)
  /// A file that is not a numpy array, or is truncated.
  case numpy(ArchiveError)
  /// A numpy array of integers, or in Fortran order.
  case numpyForm(path: String)
  /// A numpy array that is not a matrix.
  case numpyShape(path: String, shape: [Int])
  /// Matrices without ids, or ids for a file that has them.
  case numpyFiles([String], hasIDs: Bool)
  /// Matrices of different shapes.
  case unequalShapes(paths: [String], shapes: [[Int]])
  /// The number of ids differs from the number of rows.
  case idCount(path: String, ids: Int, rows: Int)
  /// A file of ids that is not text.
  case notText(path: String)
  /// A row of a CSV file that cannot be read.
  case row(RowFault)
  /// A cell that is not a list of numbers.
  case cell(RowPosition, column: String)
  /// A vector of another width than those before it.
  case width(RowPosition, column: String, found: Int, expected: Int)
  /// No vector belongs to a post of the corpus.
  case noMatch(path: String, theirs: String, ours: String)

  /// The error for a file.
  init(_ error: ModelError) { self = .file(error) }
}

extension ExternalVectorsError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .file(.missingFile(let path)): "\(path.printable) does not exist; check the path"
    case .file(let error): "\(error)"
    case .numpy(.noArray(let path)): "\(path.printable) is not a .npy file; write it with numpy.save"
    case .numpy(let fault): "\(fault)"
    case .numpyForm(let path):
      "\(path.printable) holds integers, or is in Fortran order; save a matrix of floats in C order: "
        + "numpy.save(path, numpy.ascontiguousarray(vectors, 'float32'))"
    case .numpyShape(let path, let shape):
      "\(path.printable) has shape \(shape); give it a row for each id, such as [posts, 512]"
    case .numpyFiles(let paths, let hasIDs):
      hasIDs
        ? "a file of ids belongs to two .npy files, first the texts' and then the pictures'; given: "
          + paths.listed(most: 5)
        : "\(paths.listed(most: 5)): .npy files come in pairs, first the texts' and then the pictures', with a file of ids; "
          + "of any other kind give one file"
    case .unequalShapes(let paths, let shapes):
      "\(paths[0].printable) has shape \(shapes[0]) and \(paths[1].printable) \(shapes[1]); both need a row for each id, and the "
        + "same width"
    case .idCount(let path, let ids, let rows):
      "\(path.printable) has \(ids) \(ids == 1 ? "line" : "lines"), but the matrices have \(rows) "
        + "\(rows == 1 ? "row" : "rows"); write one id per line, one for each row"
    case .notText(let path): "\(path.printable) is not UTF-8 text; write one id per line"
    case .row(let fault):
      "\(fault.position.file.text.printable):\(fault.position.line): \(fault.code.rawValue): \(fault.detail); fix the row, or leave it out"
    case .cell(let position, let column):
      "\(position.file.text.printable):\(position.line): the cell of \(column.printable) is not a list of numbers; separate them by "
        + "blanks or commas, with or without brackets"
    case .width(let position, let column, let found, let expected):
      "\(position.file.text.printable):\(position.line): \(column.printable) has \(found) numbers, but earlier rows have \(expected); "
        + "all vectors need the same width"
    case .noMatch(let path, let theirs, let ours):
      "\(path.printable): none of its ids is in the corpus (there \"\(theirs.printable)\", here \"\(ours.printable)\")"
    }
  }
}
