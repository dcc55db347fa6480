internal import Models
internal import Tensors

/// What a model has learnt, in one piece of memory, and in a second the gradient by it.
///
/// Written by the one who trains, between the steps; the crew's threads read it, and write gradients apart.
final class Parameters: @unchecked Sendable {
  /// Where a tensor's numbers stand.
  struct Place: Sendable {
    let name: String
    let shape: [Int]
    /// Its first number's place, a multiple of 16.
    let offset: Int
    /// How many numbers it has.
    var count: Int { shape.reduce(1, *) }
    /// The places of its numbers.
    var range: Range<Int> { offset..<offset + count }
  }

  /// The tensors in the order of the forward pass.
  let places: [Place]
  let weights: AlignedBuffer
  let gradients: AlignedBuffer
  private let byName: [String: Int]

  /// Takes memory for such a model: zeros.
  init(_ tensors: [ModelConfiguration.TensorShape]) throws(TensorError) {
    var places: [Place] = [], offset = 0
    for tensor in tensors {
      places.append(Place(name: tensor.name, shape: tensor.shape, offset: offset))
      offset += (tensor.count + 15) / 16 * 16
    }
    self.places = places
    byName = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1.name, $0) })
    weights = try AlignedBuffer(count: offset)
    gradients = try AlignedBuffer(count: offset)
  }

  /// All numbers, those between tensors included.
  var count: Int { weights.count }

  /// The tensor of this name, which the model must have: layers are made from the configuration that named it.
  subscript(name: String) -> Place {
    guard let index = byName[name] else { preconditionFailure("the model has a tensor \(name)") }
    return places[index]
  }

  /// The tensor's numbers.
  func values(_ place: Place) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: weights.base + place.offset, count: place.count)
  }

  /// The gradient by the tensor's numbers.
  func gradient(_ place: Place) -> UnsafeMutablePointer<Float> { gradients.base + place.offset }

  /// Makes all gradients zeros.
  func clearGradients() { gradients.base.update(repeating: 0, count: gradients.count) }
}
