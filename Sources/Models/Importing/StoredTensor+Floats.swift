package import Archives

extension StoredTensor {
  /// The numbers in the order of the axes, rounded to f32 where they have more digits.
  ///
  /// O(numbers); numbers that lie side by side are read as one row.
  package func floats(in file: MappedFile) -> [Float] {
    defer { if isContiguous { file.release(start..<start + count * format.bytes) } }
    return file.withBytes { floats(in: $0) }
  }

  /// The same of a file in memory, whole.
  func floats(in bytes: UnsafeRawBufferPointer) -> [Float] {
    let count = count
    return [Float](unsafeUninitializedCapacity: count) { buffer, written in
      let floats = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      if isContiguous {
        format.read(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count * format.bytes]), into: floats)
      } else {
        gather(bytes, into: floats)
      }
      written = count
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
    case .i8: TensorType.i8.read(from, into: to)
    case .f64:
      for index in to.indices {
        let bits = from.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        to[index] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
      }
    case .i64: readIntegers(from, as: Int64.self, into: to)
    case .i32: readIntegers(from, as: Int32.self, into: to)
    case .i16: readIntegers(from, as: Int16.self, into: to)
    case .u8, .bool: for index in to.indices { to[index] = Float(from[index]) }
    }
  }

  private func readIntegers<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ from: UnsafeRawBufferPointer, as type: Integer.Type, into to: UnsafeMutableBufferPointer<Float>
  ) {
    for index in to.indices {
      to[index] = Float(Integer(littleEndian: from.loadUnaligned(fromByteOffset: index * bytes, as: Integer.self)))
    }
  }
}
