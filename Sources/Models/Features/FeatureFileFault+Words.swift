internal import Bytes

extension FeatureFileFault: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .unknownFormat: "neither .npy nor .safetensors; save the matrix with numpy.save"
    case .numpy(let fault): "\(fault)"
    case .safetensors(let fault): "\(fault)"
    case .noTensor(let stream, let found) where found.isEmpty:
      "no matrix of floats in it; save one, called \(stream.printable)"
    case .noTensor(let stream, let found):
      // A store keeps these words, so no marks for the eye.
      "several matrices (\(found.listed(most: 4).withoutIsolates)); call "
        + "the one to read \(stream.printable)"
    case .notAMatrix(let shape): "shape \(shape); save rows × width, or one row"
    case .width(let found, let expected):
      "rows of \(found) numbers, the model reads \(expected); make them as for training"
    case .tooWide(let found, let limit): "rows of \(found) numbers; a stream takes \(limit) at most"
    case .tooManyRows(let found, let limit):
      "\(found) rows, the model reads \(limit) at most; shorten it, or train with a larger --max-feature-rows"
    case .notFinite(let row): "row \(row) holds a number that is not finite; compute it anew"
    }
  }
}
