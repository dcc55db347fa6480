/// The trainable numbers of a model in one block of memory, and their gradients in a second one.
///
/// The trainer writes them between steps; the pool's threads read them, and write separate gradients.
package final class Parameters: @unchecked Sendable {
  /// The position of a tensor's numbers.
  package struct Place: Sendable {
    package let name: String
    package let shape: [Int]
    /// The offset of its first number, a multiple of 16.
    package let offset: Int
    /// How many numbers it has.
    package var count: Int { shape.reduce(1, *) }
    /// The range of its numbers.
    package var range: Range<Int> { offset..<offset + count }
  }

  /// The tensors in the order of the forward pass.
  package let places: [Place]
  package let weights: AlignedBuffer
  package let gradients: AlignedBuffer
  private let byName: [String: Int]

  /// Allocates zeros for tensors of these names and shapes.
  package init(_ tensors: [(name: String, shape: [Int])]) throws(TensorError) {
    var places: [Place] = [], offset = 0
    for tensor in tensors {
      let place = Place(name: tensor.name, shape: tensor.shape, offset: offset)
      places.append(place)
      offset += (place.count + 15) / 16 * 16
    }
    self.places = places
    byName = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1.name, $0) })
    weights = try AlignedBuffer(count: offset)
    gradients = try AlignedBuffer(count: offset)
  }

  /// The number of all floats, including gaps between tensors.
  package var count: Int { weights.count }

  /// The tensor of this name, which must exist: layers are made from the same configuration.
  package subscript(name: String) -> Place {
    guard let index = byName[name] else { preconditionFailure("the model has a tensor \(name)") }
    return places[index]
  }

  /// The tensor's numbers.
  package func values(_ place: Place) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: weights.base + place.offset, count: place.count)
  }

  /// The gradient by the tensor's numbers.
  package func gradient(_ place: Place) -> UnsafeMutablePointer<Float> { gradients.base + place.offset }

  /// Sets all gradients to zero.
  package func clearGradients() { gradients.base.update(repeating: 0, count: gradients.count) }
}
