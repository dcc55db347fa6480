internal import Corpus
internal import Foundation
internal import Inputs
internal import Models
internal import Scoring

/// What comes before the model, step by step on one thread.
struct InputStage {
  /// Seconds a row in each step.
  var steps: [(name: String, seconds: Double)] = []
  /// What the model reads of each post.
  var inputs: [PostInputs] = []

  /// Reads a corpus whole.
  ///
  /// - Parameters:
  ///   - path: its CSV; its pictures lie beside it.
  ///   - reader: the model's way to its inputs.
  ///   - limits: what a picture may be.
  /// - Throws: what the corpus or a picture is at fault of: a kept one may have been changed.
  init(_ path: String, _ reader: InputReader, limits: PictureLimits) throws {
    var clock = [Double](repeating: 0, count: 4)
    var last = ContinuousClock.now
    func lap(_ step: Int) {
      let now = ContinuousClock.now
      clock[step] += (now - last) / .seconds(1)
      last = now
    }
    let folder = try PictureFolder(root: (path as NSString).deletingLastPathComponent, limits: limits)
    var corpus = try CorpusReader(paths: [path], options: CorpusOptions())
    last = .now
    while let row = try corpus.next() {
      let post: Post
      switch row {
      case .post(let one): post = one
      case .fault(let fault): throw BenchmarkError.faulted("line \(fault.position.line): \(fault.detail)")
      }
      lap(0)
      let file = try post.image.map { try folder.load($0) }
      lap(1)
      var (words, _) = reader.words(text: post.text, knowledge: post.knowledge)
      lap(2)
      words.pixels = try reader.pixels(of: file)
      lap(3)
      inputs.append(words)
      if Interrupt.isRequested { throw BenchmarkError.interrupted }
      last = .now
    }
    let names = ["CSV rows", "picture files, hashed", "word pieces", "pictures decoded and resized"]
    steps = zip(names, clock).map { ($0, $1 / Double(max(inputs.count, 1))) }
  }
}
