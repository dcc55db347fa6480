import Bytes
import Explanation
import Foundation
import Inputs
import Models
import TestSupport
import Testing

/// Looking up the files that a post was scored with.
@Suite struct PictureLookupTests {
  private let scratch: Scratch
  private var folder: String { scratch.path }

  init() throws {
    scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.file("other"), withIntermediateDirectories: false)
  }

  /// Writes a file; returns its hash.
  private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try scratch.write(name, bytes)
    return SHA256.hash(data: bytes).hexadecimal
  }

  /// A file of rows of two numbers, as numpy writes them.
  private func matrix(_ rows: [[Float]]) -> [UInt8] {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), 2), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let bytes = rows.flatMap(\.self).flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes
  }

  @Test func aPictureIsFoundByPathAndHash() throws {
    let hash = try write("a.jpg", [1, 2, 3])
    let lookup = PictureLookup(folder: nil, limits: PictureLimits())
    #expect(try lookup.picture(path: "a.jpg", hash: hash, folder: folder).bytes == [1, 2, 3])
    // The requested folder comes before the run's.
    let asked = PictureLookup(folder: folder, limits: PictureLimits())
    #expect(try asked.picture(path: "a.jpg", hash: hash, folder: folder + "/none").bytes == [1, 2, 3])
  }

  @Test func anotherPictureIsNotTaken() throws {
    let hash = try write("a.jpg", [1, 2, 3])
    _ = try write("a.jpg", [1, 2, 4])
    let lookup = PictureLookup(folder: nil, limits: PictureLimits())
    #expect(throws: MissingPictureError.changed(path: "a.jpg", folder: folder)) {
      try lookup.picture(path: "a.jpg", hash: hash, folder: self.folder)
    }
    #expect(throws: MissingPictureError.noFolder(path: "a.jpg")) {
      try lookup.picture(path: "a.jpg", hash: hash, folder: nil)
    }
    #expect(throws: MissingPictureError.noPath) { try lookup.picture(path: nil, hash: hash, folder: self.folder) }
    #expect(throws: PictureFileError.self) { try lookup.picture(path: "none.jpg", hash: hash, folder: self.folder) }
  }

  @Test func featuresAreFoundInWhicheverColumnNamesThem() throws {
    let sound = try write("1.npy", matrix([[1, 2], [3, 4]])), other = try write("other/1.npy", matrix([[5, 6]]))
    let streams = [FeatureStream(name: "audio", width: 2), FeatureStream(name: "video", width: 2)]
    let lookup = FeatureLookup(streams: streams, folder: nil)
    let rows = try lookup.rows(
      scored: [("audio", sound)], cells: [("user", "ann"), ("clip", "1.npy")], folder: folder)
    #expect(rows == [FeatureRows([1, 2, 3, 4], rows: 2), nil])
    // Two streams: one with its original path, one whose file was moved to another folder.
    let both = try FeatureLookup(streams: streams, folder: folder + "/other").rows(
      scored: [("video", other)], cells: [("video", "elsewhere/1.npy")], folder: nil)
    #expect(both == [nil, FeatureRows([5, 6], rows: 1)])
  }

  @Test func missingFeaturesAreNamed() throws {
    let hash = try write("1.npy", matrix([[1, 2]]))
    let lookup = FeatureLookup(streams: [FeatureStream(name: "audio", width: 2)], folder: nil)
    #expect(throws: MissingFeaturesError.noFolder(stream: "audio")) {
      try lookup.rows(scored: [("audio", hash)], cells: [("audio", "1.npy")], folder: nil)
    }
    let nowhere = folder + "/nowhere"
    #expect(throws: MissingFeaturesError.badFolder(stream: "audio", folder: nowhere)) {
      try lookup.rows(scored: [("audio", hash)], cells: [("audio", "1.npy")], folder: nowhere)
    }
    _ = try write("1.npy", matrix([[7, 7]]))
    #expect(throws: MissingFeaturesError.notFound(stream: "audio", folder: folder, reason: nil)) {
      try lookup.rows(scored: [("audio", hash)], cells: [("audio", "1.npy")], folder: self.folder)
    }
    #expect(throws: MissingFeaturesError.notFound(stream: "audio", folder: folder, reason: "2.npy: missing")) {
      try lookup.rows(scored: [("audio", hash)], cells: [("audio", "2.npy")], folder: self.folder)
    }
  }
}
