import Bytes
import Evaluation
import Foundation
import Models
import TestSupport
import Testing
import Training

@Suite struct LabelChangesTests {
  private let csv = TinyRun.csv(12..<60, without: true)

  /// The written model, evaluated post by post.
  @Test func theSharesAreThoseOfTheWrittenModel() throws {
    var run = try TinyRun()
    (run.settings.epochs, run.settings.rate) = (4, 0.03)
    let changes = try #require(try run.train(try run.trainer(validation: csv)).best.labelChanges)
    let folder = try ModelFolder.load(run.scratch.file("model"))
    let model = try TrainableModel(folder.configuration, objective: Objective())
    for name in model.tensorNames { model[name] = try #require(folder.values(name)) }
    try model.update()
    let set = try run.set("valid.csv", csv, StartingPoint(from: folder), labels: LabelSet(names: folder.labelNames))
    var random = SeededGenerator(seed: run.settings.seed)
    let cycle = random.shuffled((0..<set.count).filter(set.hasPicture))
    #expect(cycle.count == 36)
    func label(_ inputs: PostInputs) throws -> Int? { try #require(model.predict([inputs]).first).best }
    var hidden = 0, pictures = (changed: 0, posts: 0), texts = (changed: 0, posts: 0)
    for (place, post) in cycle.enumerated() {
      let own = set[post].inputs, other = set[cycle[(place + 1) % cycle.count]].inputs, answer = try label(own)
      if try label(set[post, pictured: false].inputs) != answer { hidden += 1 }
      if own.pictureIdentity != other.pictureIdentity {
        var swapped = own
        (swapped.pixels, swapped.pictureIdentity) = (other.pixels, other.pictureIdentity)
        pictures.posts += 1
        if try label(swapped) != answer { pictures.changed += 1 }
      }
      if own.text != other.text {
        var swapped = own
        swapped.text = other.text
        texts.posts += 1
        if try label(swapped) != answer { texts.changed += 1 }
      }
    }
    #expect(changes.hiddenPictures == .share(hidden, of: 36))
    #expect(changes.swappedPictures == .share(pictures.changed, of: pictures.posts))
    #expect(changes.swappedTexts == .share(texts.changed, of: texts.posts))
  }

  @Test(arguments: [Aggregation.text, .image]) func aSideThatIsNotReadIsNotExamined(aggregation: Aggregation) throws {
    var run = try TinyRun()
    (run.configuration.aggregation, run.settings.epochs) = (aggregation, 1)
    let changes = try #require(try run.train(try run.trainer(validation: csv)).best.labelChanges)
    #expect((changes.swappedPictures == nil) == (aggregation == .text))
    #expect((changes.hiddenPictures == nil) == (aggregation == .text))
    #expect((changes.swappedTexts == nil) == (aggregation == .image))
  }

  @Test func withoutPicturesNothingIsExamined() throws {
    var run = try TinyRun()
    run.settings.epochs = 1
    let bare = "id,text,label\n" + (12..<18).map { "p\($0),good,\($0 % 2 == 0 ? "yes" : "no")\n" }.joined()
    #expect(try run.train(try run.trainer(validation: bare)).best.labelChanges == nil)
  }
}
