import Bytes

/// How one of clfa's tensors is made from those in another program's file.
struct TensorRecipe: Sendable {
  /// A tensor that the recipe needs: its possible names, the most common first, and its shape.
  typealias Source = (names: [String], shape: [Int])

  let sources: [Source]
  /// Computes clfa's numbers from those of the sources, each in row-major order.
  let make: @Sendable ([[Float]]) -> [Float]

  init(_ sources: [Source], make: @escaping @Sendable ([[Float]]) -> [Float]) {
    (self.sources, self.make) = (sources, make)
  }

  /// A tensor that is copied as it is, perhaps with another shape.
  ///
  /// `skippingRows`: the number of rows at the file's beginning that are left out.
  static func same(_ names: [String], _ shape: [Int], skippingRows: Int = 0) -> TensorRecipe {
    guard skippingRows > 0, let rows = shape.first else { return TensorRecipe([(names, shape)]) { $0[0] } }
    let width = shape.dropFirst().reduce(1, *)
    return TensorRecipe([(names, [rows + skippingRows] + shape.dropFirst())]) {
      Array($0[0].dropFirst(skippingRows * width))
    }
  }

  /// A tensor that this kind of model lacks and that is filled with zeros.
  static func zeros(_ shape: [Int]) -> TensorRecipe {
    let count = shape.reduce(1, *)
    return TensorRecipe([]) { _ in [Float](repeating: 0, count: count) }
  }

  /// A matrix that the file stores as inputs × outputs; it becomes outputs × inputs, or `shape`.
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

  /// The same with a scale for each output, which is multiplied into the weights.
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

/// A model's tensors in another program's file, found under its names and checked; numbers are computed on request.
struct HubTensors: Sendable {
  /// The file.
  let file: ExternalTensors
  private let recipes: [(tensor: ModelConfiguration.TensorShape, recipe: TensorRecipe, names: [String])]
  /// The names in the file that were used.
  var read: [String] { recipes.flatMap(\.names) }

  /// Finds the sources of each of `shapes`; `recipe` gives them. A prefix before all of their names is cut off.
  init(
    _ file: ExternalTensors, _ shapes: [ModelConfiguration.TensorShape],
    recipe: (ModelConfiguration.TensorShape) -> TensorRecipe
  ) throws(HubError) {
    let wanted = shapes.map { (tensor: $0, recipe: recipe($0)) }
    let first = wanted.lazy.compactMap(\.recipe.sources.first).first
    let file = file.cutting(try file.prefix(before: first?.names ?? []))
    self.file = file
    var recipes: [(tensor: ModelConfiguration.TensorShape, recipe: TensorRecipe, names: [String])] = []
    for (tensor, recipe) in wanted {
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

  /// The numbers of a tensor, given by clfa's name.
  func values(_ name: String) throws(HubError) -> [Float] {
    guard let made = recipes.first(where: { ByteText($0.tensor.name) == ByteText(name) }) else {
      throw .unknownTensor(name: name)
    }
    return made.recipe.make(made.names.map(file.floats))
  }
}

extension HubTensors: WeightSource {
  var path: String { file.path }
  var names: [ByteText] { recipes.map { ByteText($0.tensor.name) } }

  func shape(of name: String) -> [Int]? {
    recipes.first { ByteText($0.tensor.name) == ByteText(name) }?.tensor.shape
  }

  func isBytes(_ name: String) -> Bool { false }
  func floats(of name: String) -> [Float] { (try? values(name)) ?? [] }
  func bytes(of name: String) -> [Int8] { [] }
}

/// Position embeddings: optionally a row for the class token, and one for each patch of a square grid.
enum PositionTable {
  /// Converts the embeddings to another grid: the class token's row stays, the others are resized bicubically as in
  /// PyTorch.
  ///
  /// - Parameters:
  ///   - table: (`classTokens` + from²) × `width` numbers.
  ///   - from: the side of their grid.
  ///   - to: the side of the new grid.
  ///   - width: the width of a row.
  ///   - classTokens: the number of rows before the grid's.
  ///   - isSmoothed: whether to use antialiasing when the grid becomes smaller, as some encoders require; the curve is
  ///     then Pillow's, too.
  /// - Returns: (`classTokens` + to²) × `width` numbers.
  static func resize(
    _ table: [Float], from: Int, to: Int, width: Int, classTokens: Int = 1, isSmoothed: Bool
  ) -> [Float] {
    guard from != to else { return table }
    let taps = isSmoothed ? smoothed(from: from, to: to) : plain(from: from, to: to)
    // Columns first, then rows; both in f32, as in PyTorch.
    var columns = [Float](repeating: 0, count: from * to * width)
    for row in 0..<from {
      for column in 0..<to {
        for (source, weight) in taps[column] {
          let place = (row * to + column) * width, old = (classTokens + row * from + source) * width
          for number in 0..<width { columns[place + number] += weight * table[old + number] }
        }
      }
    }
    var result = Array(table[..<(classTokens * width)]) + [Float](repeating: 0, count: to * to * width)
    for row in 0..<to {
      for (source, weight) in taps[row] {
        for number in 0..<to * width {
          result[(classTokens + row * to) * width + number] += weight * columns[source * to * width + number]
        }
      }
    }
    return result
  }

  private typealias Taps = [[(source: Int, weight: Float)]]

  /// Four cells around each position; cells beyond the edge repeat the edge.
  private static func plain(from: Int, to: Int) -> Taps {
    let scale = Double(from) / Double(to)
    return (0..<to).map { cell in
      let place = (Double(cell) + 0.5) * scale - 0.5, floor = place.rounded(.down)
      return (-1...2).map { step in
        let source = min(max(Int(floor) + step, 0), from - 1)
        return (source, Float(cubic(abs(place - floor - Double(step)), sharpness: -0.75)))
      }
    }
  }

  /// All existing cells within two steps of each position, where a step is a cell of the coarser grid; the weights sum
  /// to 1.
  private static func smoothed(from: Int, to: Int) -> Taps {
    let scale = Double(from) / Double(to), step = max(scale, 1)
    return (0..<to).map { cell in
      let centre = (Double(cell) + 0.5) * scale
      let first = max(0, Int(centre - 2 * step + 0.5)), end = min(from, Int(centre + 2 * step + 0.5))
      let weights = (first..<end).map { cubic(abs(Double($0) - centre + 0.5) / step, sharpness: -0.5) }
      let sum = weights.reduce(0, +)
      return zip(first..<end, weights).map { ($0, Float($1 / sum)) }
    }
  }

  /// Keys' cubic convolution: 1 at 0, 0 at 1 and from 2 on.
  private static func cubic(_ x: Double, sharpness a: Double) -> Double {
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }
}
