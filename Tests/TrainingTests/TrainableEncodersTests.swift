import Models
import Tensors
import TestSupport
import Testing
import Training

/// Training's forward pass equals scoring's, for every kind of encoder.
@Suite struct TrainableEncodersTests {
  /// A folder of a case's random model.
  private static func folder(_ tiny: TinyCase, _ trainableModel: TrainableModel, _ scratch: Scratch) throws
    -> ModelFolder
  {
    var configuration = tiny.configuration
    (configuration.tokenizer.maxText, configuration.tokenizer.maxKnowledge) = (10, 10)
    try scratch.write("config.json", configuration.json)
    let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + (4..<20).map { "word\($0)" }
    try scratch.write("vocab.txt", words.map { $0 + "\n" }.joined())
    let writer = try SafetensorsWriter(path: scratch.file("weights.safetensors"), tensors: configuration.tensors)
    for tensor in configuration.tensors { try writer.append(trainableModel[tensor.name]) }
    try writer.finish()
    return try ModelFolder.load(scratch.path)
  }

  @Test(arguments: [TinyCase.Encoders.plain, .clip, .siglip], Precision.allCases.filter(\.isSupported))
  func whatIsLearntIsWhatIsScored(encoders: TinyCase.Encoders, precision: Precision) throws {
    let tiny = TinyCase(graphs: false, pictures: 3, registers: 1, encoders: encoders), scratch = try Scratch()
    let trainableModel = try tiny.trainableModel(), posts = tiny.examples().map(\.inputs)
    let classifier = try PostClassifier(folder: try Self.folder(tiny, trainableModel, scratch), precision: precision)
    let learnt = try trainableModel.predict(posts), scored = try classifier(posts, using: classifier.makeWorkspace())
    // bf16 keeps 8 bits of a factor, bytes some 7 of a row's largest.
    let bound: Float = precision == .f32 ? 1e-5 : precision == .bf16 ? 4e-2 : 1e-1
    for (one, other) in zip(learnt, scored) {
      let (apart, largest) = difference(other.logits, one.logits)
      #expect(apart <= bound * max(largest, 1), "\(apart) of \(largest)")
      for (mine, theirs) in zip(one.vectors, other.vectors) {
        #expect((mine.values == nil) == (theirs.values == nil))
        let (apart, largest) = difference(theirs.values ?? [], mine.values ?? [])
        #expect(apart <= bound * max(largest, 1), "\(mine.space): \(apart) of \(largest)")
      }
    }
  }
}
