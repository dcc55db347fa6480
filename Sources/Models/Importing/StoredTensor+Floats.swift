package import Archives

extension StoredTensor {
  /// The numbers in the order of the axes, rounded to f32 where they are f64.
  ///
  /// O(numbers); numbers that lie side by side are read as one row.
  package func floats(in file: MappedFile) -> [Float] {
    let count = count
    return file.withBytes { bytes in
      [Float](unsafeUninitializedCapacity: count) { buffer, written in
        let floats = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
        if isContiguous {
          let range = start..<start + count * format.bytes
          format.read(UnsafeRawBufferPointer(rebasing: bytes[range]), into: floats)
          file.release(range)
        } else {
          gather(bytes, into: floats)
        }
        written = count
      }
    }
  }

  private func gather(_ bytes: UnsafeRawBufferPointer, into floats: UnsafeMutableBufferPointer<Float>) {
    var index = [Int](repeating: 0, count: shape.count), place = 0
    for number in floats.indices {
      let from = start + place * format.bytes
      format.read(
        UnsafeRawBufferPointer(rebasing: bytes[from..<from + format.bytes]),
        into: UnsafeMutableBufferPointer(rebasing: floats[number...number]))
      // The next index, the last axis first.
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }
}

extension StoredFormat {
  /// Reads numbers, at any alignment, as f32.
  fileprivate func read(_ from: UnsafeRawBufferPointer, into to: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .f32: TensorType.f32.read(from, into: to)
    case .f16: TensorType.f16.read(from, into: to)
    case .bf16: TensorType.bf16.read(from, into: to)
    case .f64:
      for index in to.indices {
        let bits = from.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        to[index] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
      }
    case .i64, .i32, .i16, .i8, .u8, .bool: preconditionFailure("whole numbers are no weights")
    }
  }
}
