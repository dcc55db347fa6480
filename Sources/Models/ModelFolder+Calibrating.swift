internal import Files

extension ModelFolder {
  /// Writes a calibration into the `config.json` of the folder, in the place of one that is there; all that decides about
  /// a raw score stays as it is. The file is exchanged whole.
  ///
  /// - Throws: `ModelError` where the file cannot be written.
  public func write(_ calibration: Calibration) throws(ModelError) {
    var changed = configuration
    changed.calibration = calibration
    let file = path.withSlash + "config.json"
    try ModelError.writing(file) { () throws(FileProblem) in
      try AtomicWriter.write(Array(changed.json.utf8), to: file, .replacing)
    }
  }
}
