import Tensors
import Testing

@Suite struct AttentionTests {
  /// Queries, keys, heads and the size of a head, multiples of registers and not.
  static let sizes = [
    (1, 1, 1, 1), (3, 5, 2, 8), (25, 25, 12, 64), (77, 66, 2, 64), (6, 257, 3, 32), (50, 17, 1, 80),
    (2, 16, 4, 16),
  ]

  @Test(arguments: sizes, [false, true])
  func equalsItsNaiveTwin(sizes: (queries: Int, keys: Int, heads: Int, size: Int), biased: Bool) throws {
    let (queries, keys, heads, size) = sizes, width = heads * size
    var numbers = Numbers(seed: 4)
    let query = numbers.rows(queries, width), key = numbers.rows(keys, width),
      value = numbers.rows(keys, width)
    let bias = biased ? numbers.row(queries * keys).map { 3 * $0 } : nil
    let workspace = Workspace()
    let out = try workspace.matrix(rows: queries, width: width)
    try Attention.attend(
      query: AttentionInput(workspace.matrix(query).view), key: AttentionInput(workspace.matrix(key).view),
      value: AttentionInput(workspace.matrix(value).view), heads: heads, bias: bias, into: out.base, using: workspace)
    let expected = Naive.attention(query: query, key: key, value: value, heads: heads, bias: bias)
    #expect(distance(out.view.values, expected) < 2e-6)
  }

  /// An observer gets the weights of the values: the weighted values are the layer's result.
  @Test(arguments: [NumberFormat.f32, .bf16], [false, true])
  func probabilitiesAreThoseOfTheResult(format: NumberFormat, biased: Bool) throws {
    guard format == .f32 || Attention.format(after: .bf16, size: 8) == .bf16 else { return }
    let (queries, keys, heads, size) = (7, 21, 3, 8), width = heads * size
    var numbers = Numbers(seed: 11)
    let workspace = Workspace(), identity = (0..<width).map { row in (0..<width).map { Float(row == $0 ? 1 : 0) } }
    let unchanged = try PackedLinear(identity, [Float](repeating: 0, count: width), format: format)
    func input(_ rows: Int) throws -> (rows: [[Float]], input: AttentionInput) {
      let values = numbers.rows(rows, width).map { format == .bf16 ? $0.map(Naive.bf16) : $0 }
      // Numbers that the format can represent pass an identity layer unchanged.
      return (values, AttentionInput(try unchanged(workspace.matrix(values).view, in: format, using: workspace)))
    }
    let query = try input(queries), key = try input(keys), value = try input(keys)
    let bias = biased ? numbers.row(queries * keys).map { 3 * $0 } : nil
    let out = try workspace.matrix(rows: queries, width: width)
    try Attention.attend(
      query: query.input, key: key.input, value: value.input, heads: heads, bias: bias, into: out.base,
      using: workspace)
    let weights = Attention.probabilities(query: query.input, key: key.input, heads: heads, bias: bias)
    #expect(weights.heads == heads && weights.queries == queries && weights.keys == keys)
    let expected = (0..<queries).map { row in
      (0..<width).map { column in
        let first = (column / size * queries + row) * keys
        return (0..<keys).reduce(0.0) { $0 + Double(weights.values[first + $1]) * Double(value.rows[$1][column]) }
      }
    }
    // The kernel rounds probabilities to the values' format.
    #expect(distance(out.view.values, expected) < (format == .f32 ? 2e-6 : 1e-2))
    for row in 0..<queries {
      #expect(abs(weights.mean[row * keys..<(row + 1) * keys].reduce(0, +) - 1) < 1e-5)
    }
  }

  /// Queries, keys and values next to each other in one matrix, as a joined product writes them.
  @Test func readsColumnsOfAWiderMatrix() throws {
    var numbers = Numbers(seed: 5)
    let packed = numbers.rows(9, 48), workspace = Workspace()
    let view = AttentionInput(try workspace.matrix(packed).view), out = try workspace.matrix(rows: 4, width: 16)
    try Attention.attend(
      query: view.columns(0..<16).rows(2..<6), key: view.columns(16..<32).rows(3..<9),
      value: view.columns(32..<48).rows(3..<9), heads: 2, into: out.base, using: workspace)
    let expected = Naive.attention(
      query: packed[2..<6].map { Array($0[0..<16]) }, key: packed[3..<9].map { Array($0[16..<32]) },
      value: packed[3..<9].map { Array($0[32..<48]) }, heads: 2, bias: nil)
    #expect(distance(out.view.values, expected) < 2e-6)
  }

  /// Scores of all queries at once would take 64 times the memory.
  @Test func eightTimesTheTokensTakeEightTimesTheMemory() throws {
    func bytes(_ tokens: Int) throws -> Int {
      let workspace = Workspace(), rows = Numbers(seed: 7)
      var numbers = rows
      let x = AttentionInput(try workspace.matrix(numbers.rows(tokens, 2)).view)
      let out = try workspace.matrix(rows: tokens, width: 2)
      try Attention.attend(query: x, key: x, value: x, heads: 1, isCausal: true, into: out.base, using: workspace)
      return workspace.bytes
    }
    #expect(try bytes(8 * 1500) <= 10 * bytes(1500))
  }

  /// A signal waited for the whole batch, which a model of many positions computes for minutes.
  @Test(arguments: [1, 2, 4]) func aRequestToStopIsObeyedBetweenBlocksOfQueries(ask: Int) throws {
    var numbers = Numbers(seed: 9)
    let count = 4 * Attention.queriesAtOnce, workspace = Workspace()
    let query = AttentionInput(try workspace.matrix(numbers.rows(count, 2)).view)
    let keys = AttentionInput(try workspace.matrix(numbers.rows(3, 2)).view)
    let out = try workspace.matrix(rows: count, width: 2)
    var asked = 0
    workspace.shouldStop = {
      asked += 1
      return asked >= ask
    }
    #expect(throws: TensorError.interrupted) {
      try Attention.attend(query: query, key: keys, value: keys, heads: 1, into: out.base, using: workspace)
    }
    #expect(asked == ask)
    // Called once for each block and before every matrix.
    workspace.shouldStop = {
      asked += 1
      return false
    }
    asked = 0
    try Attention.attend(query: query, key: keys, value: keys, heads: 1, into: out.base, using: workspace)
    #expect(asked == 4)
    workspace.shouldStop = { true }
    #expect(throws: TensorError.interrupted) { try workspace.matrix(rows: 1, width: 1) }
  }

  /// Queries go in parts; their results are those of one pass.
  @Test func manyQueriesGetTheResultsOfEachAlone() throws {
    var numbers = Numbers(seed: 8)
    let count = Attention.queriesAtOnce + 300, query = numbers.rows(count, 16), bias = numbers.row(count * 5)
    let workspace = Workspace(), keys = AttentionInput(try workspace.matrix(numbers.rows(5, 16)).view)
    func attend(_ rows: ArraySlice<[Float]>, _ bias: ArraySlice<Float>) throws -> [[Float]] {
      let out = try workspace.matrix(rows: rows.count, width: 16)
      try Attention.attend(
        query: AttentionInput(workspace.matrix(Array(rows)).view), key: keys, value: keys, heads: 2, bias: Array(bias),
        into: out.base, using: workspace)
      return out.view.values
    }
    let all = try attend(query[...], bias[...])
    for part in [0..<200, 900..<1200, 1020..<count] {
      #expect(try attend(query[part], bias[part.lowerBound * 5..<part.upperBound * 5]) == Array(all[part]))
    }
  }

  @Test func causalAttentionEqualsAMask() throws {
    var numbers = Numbers(seed: 9)
    let count = 1100, workspace = Workspace(), x = AttentionInput(try workspace.matrix(numbers.rows(count, 8)).view)
    let mask = (0..<count * count).map { $0 % count <= $0 / count ? Float(0) : -.infinity }
    func attend(_ bias: [Float]?, isCausal: Bool) throws -> [[Float]] {
      let out = try workspace.matrix(rows: count, width: 8)
      try Attention.attend(
        query: x, key: x, value: x, heads: 2, bias: bias, isCausal: isCausal, into: out.base, using: workspace)
      return out.view.values
    }
    #expect(try attend(nil, isCausal: true) == attend(mask, isCausal: false))
  }

  @Test func aSingleKeyGetsAllAttention() throws {
    let workspace = Workspace(), value: [Float] = [3, -1, 0.5, 7]
    let out = try workspace.matrix(rows: 1, width: 4)
    try Attention.attend(
      query: AttentionInput(workspace.matrix([[1, 2, 3, 4]]).view),
      key: AttentionInput(workspace.matrix([[9, 9, 9, 9]]).view),
      value: AttentionInput(workspace.matrix([value]).view), heads: 2, into: out.base, using: workspace)
    #expect(out.view.values == [value])
  }

  /// Every query's result is its own: fewer of them give the same bits.
  @Test func queriesAreIndependent() throws {
    var numbers = Numbers(seed: 6)
    let query = numbers.rows(23, 32), key = numbers.rows(19, 32), workspace = Workspace()
    let keys = AttentionInput(try workspace.matrix(key).view)
    func attend(_ rows: [[Float]]) throws -> [[Float]] {
      let out = try workspace.matrix(rows: rows.count, width: 32)
      try Attention.attend(
        query: AttentionInput(workspace.matrix(rows).view), key: keys, value: keys, heads: 2, into: out.base,
        using: workspace)
      return out.view.values
    }
    let all = try attend(query)
    for count in [1, 2, 3, 4, 7, 22] { #expect(try attend(Array(query.suffix(count))) == all.suffix(count)) }
  }

  /// Rows as layers of each format write them for attention, rounded but once.
  @Test(arguments: NumberFormat.fast, [(8, 2), (10, 2)])
  func readsWhatALayerWrote(format: NumberFormat, shape: (width: Int, heads: Int)) throws {
    let (width, heads) = shape, size = width / heads
    var numbers = Numbers(seed: 13)
    let layer = try PackedLinear(numbers.rows(3 * width, 16), numbers.row(3 * width), format: format)
    let workspace = Workspace(), x = try workspace.matrix(numbers.rows(70, 16)).view
    let written = Attention.format(after: format, size: size)
    #expect(written == (format == .f32 || !size.isMultiple(of: 2) || !NumberFormat.bf16.isFast ? .f32 : .bf16))
    let factors = AttentionInput(try layer(x, in: written, using: workspace)),
      plain = try layer(x, using: workspace).view
    let out = try workspace.matrix(rows: 30, width: width)
    try Attention.attend(
      query: factors.columns(0..<width).rows(40..<70), key: factors.columns(width..<2 * width).rows(3..<70),
      value: factors.columns(2 * width..<3 * width).rows(3..<70), heads: heads, into: out.base, using: workspace)
    func part(_ index: Int, _ rows: Range<Int>) -> [[Float]] {
      plain.columns(index * width..<(index + 1) * width).rows(rows).values.map {
        written == .bf16 ? $0.map(Naive.bf16) : $0
      }
    }
    let value = part(2, 3..<70), largest = Double(value.joined().map(abs).max() ?? 0)
    let expected = Naive.attention(
      query: part(0, 40..<70), key: part(1, 3..<70), value: value, heads: heads, bias: nil)
    #expect(distance(out.view.values, expected) < (written == .bf16 ? largest * 0x1p-9 : 0) + 1e-5)
  }
}
