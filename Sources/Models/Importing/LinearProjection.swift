internal import Tensors

/// y = W·x + b: what brings an encoder's vectors into a space that others share.
package struct LinearProjection: Sendable, Equatable {
  /// The numbers of x and of y.
  package let inputs: Int
  package let outputs: Int
  /// W, outputs × inputs, row by row.
  package let weight: [Float]
  /// b, one number for each output.
  package let bias: [Float]

  package init(inputs: Int, outputs: Int, weight: [Float], bias: [Float]) {
    precondition(weight.count == inputs * outputs && bias.count == outputs, "a row of numbers for each output")
    (self.inputs, self.outputs, self.weight, self.bias) = (inputs, outputs, weight, bias)
  }

  /// The vector of `inputs` numbers in the other space.
  package func callAsFunction(_ vector: [Float]) -> [Float] {
    precondition(vector.count == inputs, "a vector of the projection's width")
    return vector.withUnsafeBufferPointer { x in
      weight.withUnsafeBufferPointer { rows in
        guard let x = x.baseAddress, let rows = rows.baseAddress else { return bias }
        return (0..<outputs).map { VectorMath.dot(rows + $0 * inputs, x, count: inputs) + bias[$0] }
      }
    }
  }
}
