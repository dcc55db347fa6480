import Archives
import Bytes
internal import Dispatch

/// The hash that says whether two models give the same raw scores: of every tensor, the configuration that is
/// in force, the vocabulary, and the lexicon if there is one.
enum Fingerprint {
  /// The fingerprint in hexadecimal. It reads the weights once, on all cores.
  ///
  /// It is the SHA-256 of lines, one a fact: the tensors in the order of their names, each with its format,
  /// shape and hash; the configuration's keys that differ from the defaults, so that neither a spelled-out
  /// default nor a key that a later version adds changes it; the vocabulary's hash; the lexicon's.
  static func of(
    _ weights: Safetensors, _ configuration: ModelConfiguration, vocabulary: MappedFile, lexicon: MappedFile?
  ) -> String {
    var hash = SHA256()
    func add(_ line: String) { hash.update(data: Array("\(line)\n".utf8)) }
    add("clfa-fingerprint/1")
    let digests = tensorDigests(weights)
    for (tensor, digest) in zip(weights.tensors, digests) {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      add("tensor \(tensor.name.utf8.count):\(tensor.name) \(tensor.type.rawValue) [\(shape)] \(digest)")
    }
    for (key, value) in configuration.canonical { add("\(key) \(value.utf8.count):\(value)") }
    add("vocabulary \(vocabulary.withBytes { SHA256.hash(data: $0).hexadecimal })")
    if let lexicon { add("lexicon \(lexicon.withBytes { SHA256.hash(data: $0).hexadecimal })") }
    return hash.finalize().hexadecimal
  }

  private static func tensorDigests(_ weights: Safetensors) -> [String] {
    let tensors = weights.tensors
    return [String](unsafeUninitializedCapacity: tensors.count) { buffer, count in
      nonisolated(unsafe) let digests = buffer
      DispatchQueue.concurrentPerform(iterations: tensors.count) { index in
        let digest = weights.withBytes(of: tensors[index]) { SHA256.hash(data: $0).hexadecimal }
        // Each index is written by one iteration only.
        digests.initializeElement(at: index, to: digest)
      }
      count = tensors.count
    }
  }
}
