internal import Tensors

/// x + W₂ f(W₁ y), f being a kind of GELU: a net on every token by itself, its result added to x.
struct FeedForward: Sendable {
  private let widen: PackedLinear
  private let narrow: PackedLinear
  private let activation: Activation

  init(
    _ weights: ModelWeights, width: Int, hidden: Int, _ activation: EncoderActivation = .gelu
  ) throws(ModelError) {
    self.activation = activation.activation
    widen = try weights.linear("fc1", inputs: width, outputs: hidden)
    narrow = try weights.linear("fc2", inputs: hidden, outputs: width)
  }

  /// Adds to x; y is x itself or its norm.
  func add(of y: MatrixView, to x: Matrix, using workspace: Workspace) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      try narrow.add(widen.activated(y, activation, using: workspace), to: x, using: workspace)
    }
  }
}

extension EncoderActivation {
  /// What a product calls it.
  var activation: Activation {
    switch self {
    case .gelu: .gelu
    case .quickGELU: .quickGELU
    case .tanhGELU: .tanhGELU
    }
  }
}

/// W₂ ReLU(W₁ x) on every token: from an encoder's width to the shared space.
struct Projection: Sendable {
  private let hidden: PackedLinear
  private let shared: PackedLinear

  init(_ weights: ModelWeights, width: Int, hidden: Int, dim: Int) throws(ModelError) {
    self.hidden = try weights.linear("fc1", inputs: width, outputs: hidden)
    shared = try weights.linear("fc2", inputs: hidden, outputs: dim)
  }

  /// Projects into `y`, which has a row for each row of x.
  func callAsFunction(_ x: MatrixView, using workspace: Workspace) throws(TensorError) -> Matrix {
    let hidden = try hidden(x, .relu, using: workspace)
    return try shared(hidden.view, using: workspace)
  }
}
