import Bytes
import Glibc

extension ModelFolder {
  /// Writes a calibration into the `config.json` of the folder, in the place of one that is there; all that decides about
  /// a raw score stays as it is. The file is exchanged whole.
  ///
  /// - Throws: `ModelError` where the file cannot be written.
  public func write(_ calibration: Calibration) throws(ModelError) {
    var changed = configuration
    changed.calibration = calibration
    let file = path.withSlash + "config.json", partial = file + ".partial"
    do throws(ModelError) {
      try Self.replace(file, by: Array(changed.json.utf8), through: partial)
    } catch {
      unlink(partial)
      throw error
    }
  }

  private static func replace(_ file: String, by bytes: [UInt8], through partial: String) throws(ModelError) {
    func failure() -> ModelError { .unwritable(path: file, reason: String(cString: strerror(errno))) }
    guard let stream = fopen(partial, "wb") else { throw failure() }
    let complete = fwrite(bytes, 1, bytes.count, stream) == bytes.count
    guard fclose(stream) == 0, complete, rename(partial, file) == 0 else { throw failure() }
  }
}
