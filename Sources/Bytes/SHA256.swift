internal import CCrypto

/// SHA-256 (FIPS 180-4), computed by the system's libcrypto, which uses the processor's own instructions for it.
///
/// It is a value: a copy continues independently.
package struct SHA256 {
  private var state = State()

  /// The hash of no bytes.
  package init() {}

  /// Adds bytes. O(bytes).
  package mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    if !isKnownUniquelyReferenced(&state) { state = State(copying: state) }
    state.update(base, bytes.count)
  }

  /// Adds bytes. O(bytes).
  package mutating func update(data bytes: [UInt8]) {
    bytes.withUnsafeBytes { update(bufferPointer: $0) }
  }

  /// The 32 bytes of the hash; more bytes may be added afterwards.
  package func finalize() -> [UInt8] { State(copying: state).digest() }

  /// The 32 bytes of the hash of some bytes. O(bytes).
  package static func hash(data bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let state = State()
    if let base = bytes.baseAddress, !bytes.isEmpty { state.update(base, bytes.count) }
    return state.digest()
  }

  /// The 32 bytes of the hash of some bytes. O(bytes).
  package static func hash(data bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { hash(data: $0) } }

  /// libcrypto's state. Its calls fail only if memory has run out.
  private final class State {
    private let context: OpaquePointer

    /// Looked up once: the library would search its providers at each hash.
    nonisolated(unsafe) private static let algorithm: OpaquePointer = {
      guard let found = EVP_MD_fetch(nil, "SHA256", nil) else {
        preconditionFailure("libcrypto has no SHA-256")
      }
      return found
    }()

    private static func make() -> OpaquePointer {
      guard let made = EVP_MD_CTX_new() else { preconditionFailure("no memory for a hash") }
      return made
    }

    init() {
      context = Self.make()
      precondition(EVP_DigestInit_ex(context, Self.algorithm, nil) == 1, "no memory for a hash")
    }

    init(copying other: State) {
      context = Self.make()
      precondition(EVP_MD_CTX_copy_ex(context, other.context) == 1, "no memory for a hash")
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ base: UnsafeRawPointer, _ count: Int) {
      precondition(EVP_DigestUpdate(context, base, count) == 1, "libcrypto takes bytes in until a hash is read")
    }

    func digest() -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
        precondition(EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1, "libcrypto gives a hash once")
        count = 32
      }
    }
  }
}

extension Sequence<UInt8> {
  /// The bytes in lower-case hexadecimal, two digits each.
  package var hexadecimal: String {
    // Each byte of a sequence of unknown type costs calls of its functions, and each post has several hashes.
    withContiguousStorageIfAvailable(hexadecimalDigits) ?? Array(self).withUnsafeBufferPointer(hexadecimalDigits)
  }
}

/// The bytes in lower-case hexadecimal.
private func hexadecimalDigits(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  String(unsafeUninitializedCapacity: 2 * bytes.count) { digits in
    func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
    for (place, byte) in bytes.enumerated() {
      digits[2 * place] = digit(byte >> 4)
      digits[2 * place + 1] = digit(byte & 15)
    }
    return 2 * bytes.count
  }
}
