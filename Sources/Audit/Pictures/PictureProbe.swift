internal import Corpus
internal import Inputs

/// What a picture's file shows: found out by any thread.
package struct PictureProbe: Sendable {
  /// SHA-256 of the file's bytes.
  var hash: [UInt8]
  /// The file's bytes.
  var bytes: Int
  /// What its header says.
  var header: PictureHeader
  /// Differences between neighbouring fields; `nil` unless the picture was decoded.
  var look: DifferenceHash?

  /// The hash's first 64 bits.
  var number: UInt64 { hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

  /// Reads a picture.
  ///
  /// - Parameters:
  ///   - path: as the corpus wrote it.
  ///   - folder: where it is looked up.
  ///   - decodes: whether every pixel is decoded, too.
  /// - Throws: what scoring would find; without `decodes`, damage behind the header stays unseen.
  init(_ path: String, in folder: PictureFolder, decodes: Bool) throws(PictureFault) {
    let file = try folder.load(path)
    hash = file.sha256
    bytes = file.bytes.count
    do throws(PictureProblem) {
      header = try PictureDecoder.header(file.bytes, limits: folder.limits)
    } catch {
      throw PictureFault(path: path, problem: error)
    }
    if decodes { look = DifferenceHash(try file.decoded(limits: folder.limits)) }
  }
}
