import Archives
import Bytes
import Foundation

/// The files of `Data`, and their expected content.
enum ArchiveData {
  static let folder: String = {
    let tests = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(tests)/Data"
  }()

  /// The names of the files that are rejected.
  static let bad = ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/bad")) ?? []).sorted()

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
  }

  /// Reads bytes as the program does: by their first bytes.
  static func read(_ bytes: [UInt8]) throws -> [StoredTensor] {
    try bytes.withUnsafeBytes { bytes in
      if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) { return [try NumpyFile.array(bytes, file: "array")] }
      if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return try safetensors(bytes) }
      if TorchFile.isLegacy(bytes) { return try TorchFile(bytes).tensors }
      let zip = try ZipArchive(bytes)
      let isNumpy = zip.entries.contains { $0.name.hasSuffix(".npy") }
      return isNumpy ? try NumpyFile(bytes, zip).tensors : try TorchFile(bytes, zip).tensors
    }
  }

  /// The matrices of a safetensors file, placed as those of archives are.
  private static func safetensors(_ bytes: UnsafeRawBufferPointer) throws -> [StoredTensor] {
    let header = try SafetensorsHeader.read(bytes, isQuantised: true, skipsOtherTypes: true, limit: 1 << 20)
    return try header.tensors.map { tensor in
      let format: StoredFormat =
        switch tensor.type {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        case .i8: .i8
        }
      let placed = StoredTensor(
        name: tensor.name, format: format, shape: tensor.shape, strides: StoredTensor.strides(tensor.shape),
        storage: tensor.range, offset: 0)
      guard let placed else { throw SafetensorsError.badShape(name: tensor.name.text) }
      return placed
    }
  }

  /// A tensor's numbers, computed one by one.
  static func numbers(_ tensor: StoredTensor, _ bytes: [UInt8]) -> [Double] {
    var places = [0]
    for (size, stride) in zip(tensor.shape, tensor.strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    return places.map { place in
      let start = tensor.start + place * tensor.format.bytes
      let raw = bytes[start..<start + tensor.format.bytes].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return switch tensor.format {
      case .f64: Double(bitPattern: raw)
      case .f32: Double(Float(bitPattern: UInt32(raw)))
      case .f16: Double(Float16(bitPattern: UInt16(raw)))
      case .bf16: Double(Float(bitPattern: UInt32(raw) << 16))
      case .i64: Double(Int64(bitPattern: raw))
      case .i32: Double(Int32(bitPattern: UInt32(raw)))
      case .i16: Double(Int16(bitPattern: UInt16(raw)))
      case .i8: Double(Int8(bitPattern: UInt8(raw)))
      case .u8, .bool: Double(raw)
      }
    }
  }

  /// A tensor as PyTorch or NumPy reads it.
  struct Expected: Decodable {
    let shape: [Int]
    let numbers: [Double]
  }

  static func expected(_ kind: String) throws -> [String: Expected] {
    let all = try JSONDecoder().decode([String: [String: Expected]].self, from: Data(try bytes("expected.json")))
    return all[kind] ?? [:]
  }
}
