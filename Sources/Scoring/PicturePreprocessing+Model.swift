package import Inputs
package import Models

extension PicturePreprocessing {
  /// The way that a model's pictures go to a square of `size` pixels a side.
  ///
  /// - Throws: where the size, a mean or a deviation is none that pictures can have.
  package init(_ preprocessing: Preprocessing, size: Int) throws(PicturePreprocessingError) {
    let side = preprocessing.resizeTo ?? size
    try self.init(
      size: size, mean: preprocessing.mean, std: preprocessing.std,
      fit: PictureFit(
        sides: preprocessing.resize == .squash ? .squashed(side) : .shorter(side),
        filter: preprocessing.resample == .bilinear ? .bilinear : .bicubic))
  }
}
