/// How a tensor of ours is made of those of a file of another program.
struct TensorRecipe: Sendable {
  /// A tensor that it takes: the names that programs give it, the commonest first, and its shape.
  typealias Source = (names: [String], shape: [Int])

  let sources: [Source]
  /// Our numbers of the sources', each in the order of its axes.
  let make: @Sendable ([[Float]]) -> [Float]

  init(_ sources: [Source], make: @escaping @Sendable ([[Float]]) -> [Float]) {
    (self.sources, self.make) = (sources, make)
  }

  /// A tensor as it stands under one of some names, perhaps with axes cut otherwise.
  ///
  /// `skippingRows`: how many rows more than ours the file's begins with, which are left out.
  static func same(_ names: [String], _ shape: [Int], skippingRows: Int = 0) -> TensorRecipe {
    guard skippingRows > 0, let rows = shape.first else { return TensorRecipe([(names, shape)]) { $0[0] } }
    let width = shape.dropFirst().reduce(1, *)
    return TensorRecipe([(names, [rows + skippingRows] + shape.dropFirst())]) {
      Array($0[0].dropFirst(skippingRows * width))
    }
  }

  /// A tensor that such a model does not have and that changes nothing.
  static func zeros(_ shape: [Int]) -> TensorRecipe {
    let count = shape.reduce(1, *)
    return TensorRecipe([]) { _ in [Float](repeating: 0, count: count) }
  }

  /// A matrix whose file has inputs first: outputs × inputs of inputs × outputs, which `shape` may cut otherwise.
  static func transposed(_ names: [String], _ shape: [Int], inputs: Int, outputs: Int) -> TensorRecipe {
    TensorRecipe([(names, shape)]) { sources in
      let from = sources[0]
      return [Float](unsafeUninitializedCapacity: from.count) { to, count in
        for output in 0..<outputs {
          for input in 0..<inputs {
            to.initializeElement(at: output * inputs + input, to: from[input * outputs + output])
          }
        }
        count = from.count
      }
    }
  }

  /// The same with each output multiplied by a number of its own: how a scale behind a layer becomes a part of it.
  func scaled(by names: [String], outputs: Int) -> TensorRecipe {
    let make = make, before = sources.count
    return TensorRecipe(sources + [(names, [outputs])]) { all in
      var values = make(Array(all[..<before]))
      let scale = all[before], width = values.count / outputs
      for index in values.indices { values[index] *= scale[index / width] }
      return values
    }
  }
}

/// A model's tensors in the file of another program, found under its names and checked; numbers are made when they are
/// asked for.
struct HubTensors: Sendable {
  /// The file.
  let file: ForeignTensors
  private let recipes: [(tensor: ModelConfiguration.TensorShape, recipe: TensorRecipe, names: [String])]
  /// The names in the file that are read.
  var read: [String] { recipes.flatMap(\.names) }

  /// Finds what each of `shapes` is made of; `recipe` says what that is.
  init(
    _ file: ForeignTensors, _ shapes: [ModelConfiguration.TensorShape],
    recipe: (ModelConfiguration.TensorShape) -> TensorRecipe
  ) throws(HubError) {
    self.file = file
    var recipes: [(tensor: ModelConfiguration.TensorShape, recipe: TensorRecipe, names: [String])] = []
    for tensor in shapes {
      let recipe = recipe(tensor)
      var names: [String] = []
      for source in recipe.sources {
        guard let name = source.names.first(where: { file[$0] != nil }), let shape = file[name] else {
          throw .missingTensor(path: file.path, name: source.names[0], shape: source.shape)
        }
        guard shape == source.shape else {
          throw .misshapenTensor(path: file.path, name: name, expected: source.shape, found: shape)
        }
        names.append(name)
      }
      recipes.append((tensor, recipe, names))
    }
    self.recipes = recipes
  }

  /// The numbers of a tensor, given by our name.
  func values(_ name: String) throws(HubError) -> [Float] {
    guard let made = recipes.first(where: { $0.tensor.name.utf8.elementsEqual(name.utf8) }) else {
      throw .unknownTensor(name: name)
    }
    return made.recipe.make(made.names.map(file.floats))
  }
}

extension HubTensors: WeightSource {
  var path: String { file.path }
  var names: [String] { recipes.map(\.tensor.name) }

  func shape(of name: String) -> [Int]? {
    recipes.first { $0.tensor.name.utf8.elementsEqual(name.utf8) }?.tensor.shape
  }

  func isBytes(_ name: String) -> Bool { false }
  func floats(of name: String) -> [Float] { (try? values(name)) ?? [] }
  func bytes(of name: String) -> [Int8] { [] }
}
