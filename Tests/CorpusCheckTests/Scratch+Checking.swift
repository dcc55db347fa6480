import Corpus
import CorpusCheck
import Foundation
import Inputs
import Preparation
import TestSupport
import Testing

extension Scratch {
  /// Checks a corpus of one file.
  func check(
    _ csv: String, decodes: Bool = false, threads: Int = 2, model: CheckedModel? = nil, against: String? = nil,
    list: FindingList? = nil
  ) throws -> CorpusFindings {
    var options = CorpusCheckOptions(threads: threads)
    options.decodes = decodes
    let checker = CorpusChecker(options)
    let other = try against.map {
      try checker.other(reader("other.csv", $0), folders: folders("other.csv"), list: list)
    }
    return try checker.check(
      reader("posts.csv", csv), folders: folders("posts.csv"), model: model, against: other, list: list)
  }

  /// Checks a corpus of bytes.
  func check(_ bytes: Data) throws -> CorpusFindings {
    let reader = try CorpusReader(paths: [write("posts.csv", bytes)], options: CorpusOptions())
    return try CorpusChecker(CorpusCheckOptions(threads: 2)).check(consume reader, folders: folders("posts.csv"))
  }

  private func reader(_ name: String, _ csv: String) throws -> CorpusReader {
    try CorpusReader(paths: [write(name, csv)], options: CorpusOptions())
  }

  func folders(_ name: String) throws -> PictureFolders {
    try PictureFolders(images: nil, paths: [file(name)], names: [name], limits: PictureLimits())
  }
}

/// The first of the samples' pictures in a format.
func samplePicture(_ format: String) throws -> Data {
  let names = try FileManager.default.contentsOfDirectory(atPath: samples + "/images").sorted()
  let name = try #require(names.first { $0.hasSuffix("." + format) })
  return try Data(contentsOf: URL(filePath: "\(samples)/images/\(name)"))
}

/// The repository's samples.
let samples = Checkout.samples
