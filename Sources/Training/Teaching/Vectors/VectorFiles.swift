internal import Corpus
internal import Models

/// Vectors that another teacher made elsewhere, by the posts' ids, in whatever file they come.
///
/// - safetensors and SQLite: as training reads them;
/// - `.npy`: two matrices, first the texts' and then the pictures', with a text file that has an id a line;
/// - `.csv`, `.tsv`: columns `id`, `text` and `image`; a cell holds a vector's numbers.
package enum VectorFiles {
  /// The bytes that a file of ids may have.
  private static let idLimit = 1 << 30

  /// Reads files whole. Every vector is finite, of one width, and points somewhere; an id stands once.
  ///
  /// - Throws: `VectorFileError`, `TeacherError`; what the corpus throws of a CSV file.
  package static func load(_ paths: [String], ids: String?, shouldStop: @escaping @Sendable () -> Bool) throws
    -> TeacherCache
  {
    let areMatrices = paths.allSatisfy { $0.hasEnding(".npy") }
    guard areMatrices ? paths.count == 2 && ids != nil : paths.count == 1 && ids == nil, let path = paths.first else {
      throw VectorFileError.numpyFiles(paths, hasIDs: ids != nil)
    }
    if areMatrices, let ids { return try matrices(paths, ids: ids) }
    if path.hasEnding(".csv") || path.hasEnding(".tsv") { return try table(path, shouldStop) }
    return try TeacherCache.load(path)
  }

  private static func matrices(_ paths: [String], ids path: String) throws -> TeacherCache {
    let text = try NumpyMatrix(path: paths[0]), image = try NumpyMatrix(path: paths[1])
    guard (text.rows, text.width) == (image.rows, image.width) else {
      throw VectorFileError.unequalShapes(
        paths: paths, shapes: [[text.rows, text.width], [image.rows, image.width]])
    }
    let bytes: [UInt8]
    do throws(ModelError) {
      bytes = try MappedFile(path: path, limit: idLimit).copy()
    } catch {
      throw VectorFileError(error)
    }
    guard let all = String(validating: bytes, as: UTF8.self), !all.utf8.contains(0) else {
      throw VectorFileError.notText(path: path)
    }
    var lines = all.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let ids = lines.map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
    guard ids.count == text.rows else {
      throw VectorFileError.idCount(path: path, ids: ids.count, rows: text.rows)
    }
    return try TeacherCache(path: paths[0], ids: ids, text: text.numbers, image: image.numbers, width: text.width)
  }

  private static func table(_ path: String, _ shouldStop: @escaping @Sendable () -> Bool) throws -> TeacherCache {
    // The vectors stand where a corpus has texts and pictures.
    let columns = ColumnMap(id: "id", text: "text", image: "image")
    var reader = try CorpusReader(paths: [path], options: CorpusOptions(columns: columns, shouldStop: shouldStop))
    var ids: [String] = [], text: [Float] = [], image: [Float] = [], width: Int?
    func add(_ cell: String, _ column: String, _ position: RowPosition, to numbers: inout [Float]) throws {
      guard let vector = vector(cell) else { throw VectorFileError.cell(position, column: column) }
      guard vector.count == width ?? vector.count else {
        throw VectorFileError.width(position, column: column, found: vector.count, expected: width ?? 0)
      }
      width = vector.count
      numbers += vector
    }
    while let row = try reader.next() {
      switch row {
      case .fault(let fault): throw VectorFileError.row(fault)
      case .post(let post):
        try add(post.text, "text", post.position, to: &text)
        try add(post.image ?? "", "image", post.position, to: &image)
        ids.append(post.key)
      }
    }
    return try TeacherCache(path: path, ids: ids, text: text, image: image, width: width ?? 0)
  }

  /// The numbers of a cell, parted by blanks, commas or semicolons, in brackets or not; nil where something is none.
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
