import Queries
import Store

/// The vectors of one space in numpy's format, with the row of the export for each.
///
/// `NAME.npy` is a matrix [n, D] of little-endian float32 in the order of the corpus, written row by row;
/// `NAME-rows.csv` has a line for each of its rows.
final class NumPyVectorWriter {
  /// How many vectors were written.
  private(set) var count = 0
  /// Vectors that were left out: empty, or of another width than the first.
  private(set) var damaged = 0

  private let source: VectorSource
  private let matrix: ExportFile
  private let index: ExportFile
  private var width: Int?
  private var format = CSVFormat()

  /// The size of the header; its numbers are known only at the end.
  private static let headerBytes = 128

  init(_ source: VectorSource, matrix: String, index: String) throws {
    self.source = source
    self.matrix = try ExportFile(matrix)
    self.index = try ExportFile(index)
    try self.matrix.write { $0 += [UInt8](repeating: 0, count: Self.headerBytes) }
    let columns = ["row", "export_row", "key", "post_id"]
    try self.index.write { format.begin(columns, into: &$0) }
  }

  /// Writes a post's vector, if it has one. `row`: the post's row of the export, from 0.
  func add(_ post: Int64, key: String?, row: Int) throws {
    guard let bytes = try source.bytes(of: post) else { return }
    guard !bytes.isEmpty, bytes.count.isMultiple(of: 4), bytes.count == width ?? bytes.count else {
      damaged += 1
      return
    }
    width = bytes.count
    try matrix.write { $0 += bytes }
    let values: [QueryValue] = [
      .integer(Int64(count)), .integer(Int64(row)), key.map { .text($0) } ?? .null, .integer(post),
    ]
    try index.write { format.row(values, into: &$0) }
    count += 1
  }

  /// Ends both files.
  func finish() throws {
    try matrix.overwrite(Self.header(rows: count, width: (width ?? 0) / 4), at: 0)
    try matrix.finish()
    try index.finish()
  }

  /// The header of format 1.0: a magic, the length of what follows, and a dictionary filled up with blanks.
  static func header(rows: Int, width: Int) -> [UInt8] {
    let length = headerBytes - 10
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(width)), }"
    let filled = text + String(repeating: " ", count: length - 1 - text.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(filled.utf8)
  }
}
