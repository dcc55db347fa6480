import Archives
import Bytes
import Models
import Evaluation
import Testing

@Suite struct SafetensorsTests {
  @Test func readsEveryNumberFormatExactly() throws {
    let folder = try TemporaryFolder()
    let floats: [Float] = [1.5, -0, .infinity, Float(bitPattern: 77)]
    // Half: 1.5, −2, the smallest, the largest, −∞, −0, the largest below the normal ones, a NaN.
    let halves: [UInt16] = [0x3E00, 0xC000, 0x0001, 0x7BFF, 0xFC00, 0x8000, 0x03FF, 0x7E01]
    let brains: [UInt16] = [0x3FC0, 0xC000, 0x7F80]
    let data =
      floats.flatMap { bytes($0.bitPattern) } + halves.flatMap { bytes($0) } + brains.flatMap { bytes($0) }
    let path = try folder.write(
      "a.safetensors",
      safetensors(
        """
        {"__metadata__":{"format":"pt"},"c":{"dtype":"BF16","shape":[3],"data_offsets":[32,38]},
        "a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"F16","shape":[8],"data_offsets":[16,32]}}
        """, data: data))
    let file = try Safetensors(path: path)
    #expect(file.tensors.map(\.name) == ["a", "b", "c"])
    let a = try #require(file["a"]), b = try #require(file["b"]), c = try #require(file["c"])
    #expect(a.shape == [2, 2] && file["d"] == nil)
    #expect(file.floats(a).map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(file.floats(b).dropLast() == [1.5, -2, 0x1p-24, 65504, -.infinity, 0, 0x3FFp-24])
    #expect(file.floats(b)[5].sign == .minus && file.floats(b)[7].isNaN)
    #expect(file.floats(c) == [1.5, -2, .infinity])
  }

  @Test func everyHalfIsExact() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a.safetensors",
      safetensors(
        #"{"a":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#,
        data: (0...UInt16.max).flatMap { bytes($0) }))
    let file = try Safetensors(path: path)
    let floats = file.floats(try #require(file["a"]))
    let wrong = zip(0...UInt16.max, floats).filter { pattern, float in
      let half = Float(Float16(bitPattern: pattern))
      return float.isNaN ? !half.isNaN : float.bitPattern != half.bitPattern
    }
    #expect(floats.count == 65_536 && wrong.isEmpty)
  }

  @Test func twoSpellingsAreTwoTensors() throws {
    let folder = try TemporaryFolder(), composed = "caf\u{E9}", decomposed = "cafe\u{301}"
    let path = try folder.write(
      "a.safetensors",
      safetensors(
        """
        {"\(composed)":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\
        "\(decomposed)":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}
        """, data: [Float(1), 2].flatMap { bytes($0.bitPattern) }))
    let file = try Safetensors(path: path)
    #expect(file.tensors.map(\.name) == [ByteText(decomposed), ByteText(composed)])
    let one = try #require(file[composed]), two = try #require(file[decomposed])
    #expect(file.floats(one) == [1] && file.floats(two) == [2])
  }

  @Test func scalarsAndEmptyTensorsAreTensors() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a.safetensors",
      safetensors(
        """
        {"none":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]},"one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}
        """, data: bytes(Float(2).bitPattern)))
    let file = try Safetensors(path: path)
    #expect(file.floats(try #require(file["none"])).isEmpty)
    #expect(file.floats(try #require(file["one"])) == [2])
  }

  /// Invalid headers, each rejected with the reason, followed by eight bytes of data.
  static let hostile: [(String, SafetensorsError)] = [
    ("", .notJSON(.expected("a value", at: 0))),
    ("[]", .notAnEntry(name: "", expected: "an object")),
    ("{}", .gap(at: 10, bytes: 8)),
    (#"{"a":1}"#, .notAnEntry(name: "a", expected: "an object")),
    (#"{"a":{}}"#, .notAnEntry(name: "a", expected: "a dtype and two data_offsets")),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      .notJSON(.duplicateKey("a", at: 54))
    ),
    (entry(dtype: "I64"), .unsupportedType(name: "a", found: "I64")),
    (entry(dtype: "f32"), .unsupportedType(name: "a", found: "f32")),
    (entry(shape: "[3]"), .wrongLength(name: "a", expected: 12, found: 8)),
    (entry(shape: "[-2]"), .badShape(name: "a")),
    (entry(shape: "[-1,-2]"), .badShape(name: "a")),
    (entry(shape: "[9223372036854775807,2]"), .badShape(name: "a")),
    (entry(shape: "[4294967296,4294967296]"), .badShape(name: "a")),
    (entry(shape: "[4611686018427387904,4]"), .badShape(name: "a")),
    (entry(shape: "[1,1,1,1,1,1,1,1,2]"), .badShape(name: "a")),
    (entry(shape: "[2.0]"), .badShape(name: "a")),
    (entry(shape: #"["2"]"#), .badShape(name: "a")),
    (entry(shape: "2"), .notAnEntry(name: "a", expected: "dtype, shape and data_offsets")),
    (entry(offsets: "[0,16]"), .badOffsets(name: "a", begin: 0, end: 16, available: 8)),
    (entry(offsets: "[8,0]"), .badOffsets(name: "a", begin: 8, end: 0, available: 8)),
    (entry(offsets: "[-8,0]"), .badOffsets(name: "a", begin: -8, end: 0, available: 8)),
    (
      entry(offsets: "[0,9223372036854775807]"),
      .badOffsets(name: "a", begin: 0, end: .max, available: 8)
    ),
    (entry(offsets: "[0]"), .notAnEntry(name: "a", expected: "a dtype and two data_offsets")),
    (
      entry(offsets: "[0,18446744073709551616]"),
      .notAnEntry(name: "a", expected: "a dtype and two data_offsets")
    ),
    (entry(shape: "[1]", offsets: "[0,4]"), .gap(at: 8 + entry().utf8.count + 4, bytes: 4)),
    (entry(shape: "[1]", offsets: "[4,8]"), .gap(at: 8 + entry().utf8.count, bytes: 4)),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      .overlap(name: "b", other: "a")
    ),
    (#"{"__metadata__":[]}"#, .notAnEntry(name: "__metadata__", expected: "an object of strings")),
    (#"{"__metadata__":{"a":1}}"#, .notAnEntry(name: "__metadata__", expected: "an object of strings")),
    (String(repeating: "[", count: 100_000), .notJSON(.tooDeep(limit: 16, at: 16))),
    (#"{"a":{"dtype":"F32","#, .notJSON(.expected("a string", at: 20))),
  ]

  @Test(arguments: hostile.indices) func aWrongHeaderIsRejected(index: Int) throws {
    let (header, fault) = SafetensorsTests.hostile[index]
    let folder = try TemporaryFolder()
    let path = try folder.write("a.safetensors", safetensors(header, data: [UInt8](repeating: 0, count: 8)))
    #expect(throws: ModelError.safetensors(path: path, fault), "\(header.prefix(200))") {
      try Safetensors(path: path)
    }
  }

  @Test func aWrongLengthIsRejected() throws {
    let folder = try TemporaryFolder()
    let cases: [([UInt8], SafetensorsError)] = [
      ([], .cutShort(bytes: 0, needed: 8)),
      ([2, 0, 0], .cutShort(bytes: 3, needed: 8)),
      ([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D], .cutShort(bytes: 10, needed: 11)),
      ([UInt8](repeating: 0xFF, count: 8) + [0x7B], .headerTooLong(bytes: .max, limit: 4_194_304)),
      ([0, 0, 0, 0, 0, 0, 0, 0x80, 0x7B], .headerTooLong(bytes: 1 << 63, limit: 4_194_304)),
    ]
    for (bytes, fault) in cases {
      let path = try folder.write("a.safetensors", bytes)
      #expect(throws: ModelError.safetensors(path: path, fault)) { try Safetensors(path: path) }
    }
  }

  /// Whatever bytes of a good file change or are missing: an error or a file, never a crash.
  @Test func aDamagedFileNeverCrashes() throws {
    let folder = try TemporaryFolder(),
      good = safetensors(Self.entry(), data: [UInt8](repeating: 1, count: 8))
    for length in good.indices {
      let path = try folder.write("a.safetensors", good.prefix(length))
      #expect(throws: ModelError.self) { try Safetensors(path: path) }
    }
    var random = SeededGenerator(seed: 3), refused = 0
    for _ in 0..<500 {
      var bad = good
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bad[Int.random(in: 0..<bad.count - 8, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let path = try folder.write("a.safetensors", bad)
      do {
        let file = try Safetensors(path: path)
        #expect(file.tensors.allSatisfy { file.floats($0).count == $0.count })
      } catch {
        refused += 1
      }
    }
    #expect(refused > 250)
  }

  /// The header of one tensor of two numbers.
  private static func entry(
    dtype: String = "F32", shape: String = "[2]", offsets: String = "[0,8]"
  ) -> String {
    #"{"a":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }
}

private func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}
