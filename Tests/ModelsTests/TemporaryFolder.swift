import Glibc
import Models

/// A folder of its own, removed with the last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/clfa-models-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure.system(errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in TemporaryFolder.names(in: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  enum Failure: Error { case system(Int32) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
    let file = "\(path)/\(name)", bytes = Array(bytes)
    guard let stream = fopen(file, "w") else { throw Failure.system(errno) }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw Failure.system(errno) }
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  /// Copies the files of a golden model here.
  func copy(_ golden: Golden, except skipped: String = "") throws {
    for name in ["config.json", "weights.safetensors", "vocab.txt"] where name != skipped {
      try write(name, try bytes(of: "\(golden.path)/\(name)"))
    }
  }

  func bytes(of path: String) throws -> [UInt8] { try MappedFile(path: path).copy() }

  /// The names in it.
  var names: [String] { Self.names(in: path) }

  func text(of path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

  private static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
      }
    }
    return names.filter { $0 != "." && $0 != ".." }
  }
}

/// The bytes of a safetensors file with this header and these data.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
}
