import Archives
import Foundation
import Models
import Testing

@Suite struct FeatureStreamTests {
  private static func configuration(_ features: String, aggregation: String = "cross-attention") -> [UInt8] {
    Array(
      """
      {"format": "clfa-model/1", "label_names": ["a", "b"], "aggregation": "\(aggregation)", "features": \(features)}
      """.utf8)
  }

  @Test func streamsAreReadAndWritten() throws {
    let features = "[{\"name\": \"audio\", \"width\": 40}, {\"name\": \"tags_2\", \"width\": 3, \"max_rows\": 9}]"
    let configuration = try ModelConfiguration(json: Self.configuration(features))
    #expect(
      configuration.features == [
        FeatureStream(name: "audio", width: 40), FeatureStream(name: "tags_2", width: 3, maxRows: 9),
      ])
    #expect(configuration.contextStreams == ["image", "knowledge", "audio", "tags_2"])
    #expect(configuration.spaces == ["text", "image", "fused", "audio", "tags_2"])
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
    let names = configuration.tensors.map(\.name)
    #expect(names.contains("audio_projection.fc1.weight") && names.contains("fusion.2.tags_2.attention.key.bias"))
    #expect(configuration.tensors.first { $0.name == "audio_projection.fc1.weight" }?.shape == [1536, 40])
  }

  @Test(
    arguments: [
      "[{\"name\": \"Audio\", \"width\": 4}]", "[{\"name\": \"text\", \"width\": 4}]",
      "[{\"name\": \"\", \"width\": 4}]",
      "[{\"name\": \"a\", \"width\": 4}, {\"name\": \"a\", \"width\": 4}]", "[{\"name\": \"a\"}]", "[{\"width\": 4}]",
      "[{\"name\": \"a\", \"width\": 0}]", "[{\"name\": \"a\", \"width\": 4, \"max_rows\": 5000}]", "[4]", "{}",
      "[{\"name\": \"a\", \"width\": 4, \"rows\": 5}]", "[{\"name\": \"../a\", \"width\": 4}]",
    ])
  func rejectsInvalidStreams(features: String) {
    #expect(throws: ConfigurationError.self) { try ModelConfiguration(json: Self.configuration(features)) }
  }

  @Test func streamsNeedCrossAttention() {
    #expect(throws: ConfigurationError.featuresWithoutFusion(aggregation: .gated)) {
      try ModelConfiguration(json: Self.configuration("[{\"name\": \"a\", \"width\": 4}]", aggregation: "gated"))
    }
  }

  @Test func rowsOfAnotherWidthAreAFault() throws {
    let golden = Golden(name: "mean-2"), classifier = try golden.classifier()
    var post = try #require(try golden.posts().first)
    post.features = [FeatureRows([1, 2], rows: 1)]
    #expect(throws: ModelError.inputs(index: 0, .featureCount(found: 1, expected: 0))) {
      try classifier([post], using: classifier.makeWorkspace())
    }
  }
}

@Suite struct FeatureRowsTests {
  private static let stream = FeatureStream(name: "audio", width: 3, maxRows: 4)

  /// A file as numpy saves it.
  private static func npy(_ bytes: [UInt8], _ shape: String, descr: String = "'<f4'", fortran: String = "False")
    -> [UInt8]
  {
    var header = "{'descr': \(descr), 'fortran_order': \(fortran), 'shape': \(shape), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes
  }

  private static func floats(_ numbers: [Float]) -> [UInt8] {
    numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
  }

  /// A safetensors file of f32 matrices.
  private static func safetensors(_ tensors: [(name: String, shape: [Int], numbers: [Float])]) -> [UInt8] {
    var entries: [String] = [], data: [UInt8] = []
    for tensor in tensors {
      let bytes = floats(tensor.numbers)
      entries.append(
        "\"\(tensor.name)\":{\"dtype\":\"F32\",\"shape\":\(tensor.shape),\"data_offsets\":[\(data.count),\(data.count + bytes.count)]}"
      )
      data += bytes
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
  }

  private func fault(_ file: [UInt8]) throws -> FeatureFileError {
    try #require(throws: FeatureFileError.self) { _ = try FeatureRows(file: file, for: Self.stream) }
  }

  @Test func numbersOfEveryKindAreRead() throws {
    let expected = FeatureRows([1, 0, 1, 0, 1, 1], rows: 2), numbers: [Double] = [1, 0, 1, 0, 1, 1]
    func bytes<T>(_ convert: (Double) -> T) -> [UInt8] {
      numbers.flatMap { number in withUnsafeBytes(of: convert(number)) { Array($0) } }
    }
    let files: [(String, [UInt8])] = [
      ("'<f4'", bytes { Float($0) }), ("'<f8'", bytes { $0 }), ("'<f2'", bytes { Float16($0).bitPattern }),
      ("'<i8'", bytes { Int64($0) }), ("'<i4'", bytes { Int32($0) }), ("'<i2'", bytes { Int16($0) }),
      ("'|i1'", bytes { Int8($0) }), ("'|u1'", bytes { UInt8($0) }), ("'|b1'", bytes { UInt8($0) }),
    ]
    for (descr, data) in files {
      #expect(try FeatureRows(file: Self.npy(data, "(2, 3)", descr: descr), for: Self.stream) == expected, "\(descr)")
    }
    let columns = Self.npy(Self.floats([1, 0, 0, 1, 1, 1]), "(2, 3)", fortran: "True")
    #expect(try FeatureRows(file: columns, for: Self.stream) == expected)
    let negative = Self.npy([0xFF, 1, 0x80], "(1, 3)", descr: "'|i1'")
    #expect(try FeatureRows(file: negative, for: Self.stream) == FeatureRows([-1, 1, -128], rows: 1))
  }

  @Test func oneRowMayBeAList() throws {
    let list = Self.npy(Self.floats([1, 2, 3]), "(3,)")
    #expect(try FeatureRows(file: list, for: Self.stream) == FeatureRows([1, 2, 3], rows: 1))
  }

  @Test func theMatrixOfTheStreamsNameIsRead() throws {
    let other: [Float] = [9, 9], own: [Float] = [1, 2, 3, 4, 5, 6]
    let both = Self.safetensors([("video", [1, 2], other), ("audio", [2, 3], own)])
    #expect(try FeatureRows(file: both, for: Self.stream) == FeatureRows(own, rows: 2))
    let alone = Self.safetensors([("features", [2, 3], own)])
    #expect(try FeatureRows(file: alone, for: Self.stream) == FeatureRows(own, rows: 2))
    #expect(
      try fault(Self.safetensors([("a", [1, 2], other), ("b", [1, 2], other)]))
        == .noTensor(stream: "audio", found: ["a", "b"]))
  }

  @Test func noRowsMeanNoFeatures() throws {
    for file in [
      Self.npy([], "(0, 3)"), Self.npy([], "(0,)"), Self.npy([], "(5, 0)"), Self.safetensors([("a", [0, 9], [])]),
    ] {
      #expect(try FeatureRows(file: file, for: Self.stream) == nil)
    }
  }

  @Test func mismatchedFeaturesAreRejected() throws {
    let zeros = Self.floats([Float](repeating: 0, count: 15))
    #expect(try fault(Self.npy(Array(zeros.prefix(16)), "(2, 2)")) == .width(found: 2, expected: 3))
    #expect(try fault(Self.npy(zeros, "(5, 3)")) == .tooManyRows(found: 5, limit: 4))
    #expect(try fault(Self.npy(Array(zeros.prefix(12)), "(1, 1, 3)")) == .notAMatrix(shape: [1, 1, 3]))
    #expect(try fault(Self.npy(Array(zeros.prefix(4)), "()")) == .notAMatrix(shape: []))
    #expect(try fault(Self.npy(Self.floats([0, 0, 0, 0, .nan, 0]), "(2, 3)")) == .notFinite(row: 1))
    #expect(try fault(Self.npy(Self.floats([.infinity, 0, 0]), "(1, 3)")) == .notFinite(row: 0))
  }

  @Test func otherFilesAreRejected() throws {
    #expect(try fault([]) == .unknownFormat)
    #expect(try fault(Array("id,text\n1,hello".utf8)) == .unknownFormat)
    let whole = Self.npy(Self.floats([1, 2, 3]), "(1, 3)")
    for length in 0..<whole.count { _ = try fault(Array(whole.prefix(length))) }
    let tensors = Self.safetensors([("audio", [1, 3], [1, 2, 3])])
    for length in 0..<tensors.count { _ = try fault(Array(tensors.prefix(length))) }
    // A shape that needs more bytes than the file has.
    for shape in ["(1000000000, 3)", "(3074457345618258603, 3)", "(-1, 3)"] {
      _ = try fault(Self.npy([0, 0, 0, 0], shape))
    }
    guard case .numpy(.arrayFormat) = try fault(Self.npy([1, 2, 3], "(1,)", descr: "'|O'")) else {
      Issue.record("Python's objects are never read")
      return
    }
  }
}
