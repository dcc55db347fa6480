import Bytes
import Archives
import Corpus
import Models

extension VectorFileError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .file(.missingFile(let path)): "\(path.printable) does not exist; --vectors and --ids name files"
    case .file(let error): "\(error)"
    case .numpy(.noArray(let path)): "\(path.printable) is no .npy file; write it with numpy.save"
    case .numpy(let fault): "\(fault)"
    case .numpyForm(let path):
      "\(path.printable) holds whole numbers, or columns one after the other; save a matrix of floats in C order: "
        + "numpy.save(path, numpy.ascontiguousarray(vectors, 'float32'))"
    case .numpyShape(let path, let shape):
      "\(path.printable) has shape \(shape); give it a row for each id, such as [posts, 512]"
    case .numpyFiles(let paths, let hasIDs):
      hasIDs
        ? "--ids belongs to two .npy files, first the texts' and then the pictures', each with its own --vectors; given: "
          + paths.listed(most: 5)
        : "\(paths.listed(most: 5)): .npy files come in twos, first the texts' and then the pictures', each with "
          + "its own --vectors, and with --ids; of other files give one"
    case .unequalShapes(let paths, let shapes):
      "\(paths[0].printable) has shape \(shapes[0]) and \(paths[1].printable) \(shapes[1]); both have a row for each id, of one width"
    case .idCount(let path, let ids, let rows):
      "\(path.printable) has \(ids) \(ids == 1 ? "line" : "lines"), and the matrices \(rows) \(rows == 1 ? "row" : "rows"); give "
        + "each row's id a line"
    case .notText(let path): "\(path.printable) is no text in UTF-8 of an id a line; save it as such"
    case .row(let fault):
      "\(fault.position.file.printable):\(fault.position.line): \(fault.code.rawValue): \(fault.detail); fix the row, or leave it out"
    case .cell(let position, let column):
      "\(position.file.printable):\(position.line): the cell of \(column.printable) is no list of numbers; write them with blanks or commas "
        + "between, in brackets or not"
    case .width(let position, let column, let found, let expected):
      "\(position.file.printable):\(position.line): \(column.printable) has \(found) numbers, and those before it \(expected); make all "
        + "vectors of one width"
    case .noMatch(let path, let theirs, let ours):
      "\(path.printable): none of its ids is one of the corpus' (there \"\(theirs.printable)\", here \"\(ours.printable)\"); name the corpus' column "
        + "with --id, or take the right file"
    }
  }
}
