internal import Archives
internal import Models

/// A matrix as numpy saves it (`.npy`): rows of f16, f32 or f64, little-endian, row after row. Nothing else is read; in
/// particular nothing that would have to be unpickled.
struct NumpyMatrix {
  let rows: Int
  let width: Int
  /// The numbers, rows × width, row by row.
  let numbers: [Float]

  /// Reads a file whole.
  init(path: String) throws(VectorFileError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw VectorFileError(error)
    }
    let array: StoredTensor
    do throws(ArchiveFault) {
      array = try file.withBytes { (bytes) throws(ArchiveFault) in try NumpyFile.array(bytes, file: path) }
    } catch {
      throw .numpy(error)
    }
    guard array.format.isFloating, array.isContiguous else { throw .numpyForm(path: path) }
    guard array.shape.count == 2 else { throw .numpyShape(path: path, shape: array.shape) }
    (rows, width, numbers) = (array.shape[0], array.shape[1], array.floats(in: file))
  }
}
