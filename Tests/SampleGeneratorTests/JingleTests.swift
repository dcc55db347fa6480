import Archives
import SampleGenerator
import Testing

@Suite struct JingleTests {
  /// The mean of a column over the notes of many jingles.
  private static func mean(_ topic: Int, _ mood: Mood, _ column: Int, seeds: Range<UInt64> = 0..<40) -> Float {
    let sum = seeds.reduce(Float(0)) { sum, seed in
      let numbers = Jingle.draw(topic: topic, mood: mood, seed: seed)
      return sum + stride(from: column, to: numbers.count, by: Jingle.width).reduce(0) { $0 + numbers[$1] }
    }
    return sum / Float(seeds.count * Jingle.notes)
  }

  @Test func aSeedGivesOneJingle() {
    let jingles = [1, 1, 2].map { Jingle.draw(topic: 0, mood: .good, seed: $0) }
    #expect(jingles[0] == jingles[1])
    #expect(jingles[0] != jingles[2])
    #expect(jingles[0].count == Jingle.notes * Jingle.width)
  }

  @Test func theThirdShowsTheMood() {
    let minor = 3, major = 4
    #expect(Self.mean(0, .good, major) > Self.mean(0, .good, minor) + 0.1)
    #expect(Self.mean(0, .bad, minor) > Self.mean(0, .bad, major) + 0.1)
  }

  @Test func theMoodChangesNoOvertoneAndTheTopicNoNote() {
    let one = Jingle.draw(topic: 3, mood: .good, seed: 9), mood = Jingle.draw(topic: 3, mood: .bad, seed: 9)
    let topic = Jingle.draw(topic: 4, mood: .good, seed: 9)
    let columns = one.indices.map { $0 % Jingle.width }
    #expect(columns.indices.allSatisfy { columns[$0] < 12 || one[$0] == mood[$0] })
    #expect(columns.indices.allSatisfy { columns[$0] >= 12 || one[$0] == topic[$0] })
    #expect(one != mood && one != topic)
  }

  @Test func everyTopicHasATimbreOfItsOwn() {
    func timbre(_ topic: Int, _ seeds: Range<UInt64>) -> [Float] {
      (12..<Jingle.width).map { Self.mean(topic, .good, $0, seeds: seeds) }
    }
    let known = Topic.all.indices.map { timbre($0, 0..<20) }
    for topic in Topic.all.indices {
      let heard = timbre(topic, 100..<120)
      let distances = known.map { zip($0, heard).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
      #expect(distances.indices.min { distances[$0] < distances[$1] } == topic)
    }
  }

  @Test func aFileIsAMatrixOfNumPy() throws {
    let numbers = Jingle.draw(topic: 7, mood: .bad, seed: 5), file = Jingle.file(of: numbers)
    let array = try file.withUnsafeBytes { try NumpyFile.array($0, file: "sound.npy") }
    #expect(array.shape == [Jingle.notes, Jingle.width] && array.format == .f32 && array.isContiguous)
    // The numbers begin at a multiple of 64 bytes, as NumPy writes them.
    #expect(array.start == 128 && file.count == 128 + 4 * numbers.count)
    #expect(Jingle.numbers(of: file) == numbers)
  }

  @Test func otherFilesAreNotJingles() {
    let file = Jingle.file(of: Jingle.draw(topic: 0, mood: .good, seed: 1))
    #expect(Jingle.numbers(of: []) == nil)
    #expect(Jingle.numbers(of: file.dropLast()) == nil)
    #expect(Jingle.numbers(of: [0] + file.dropFirst()) == nil)
  }

  @Test func theWordsNameTopicAndMood() {
    let name = Topic.all[2].glyph.name
    #expect(Jingle.words(topic: 2, mood: .good) == "\(name), a cheerful tune")
    #expect(Jingle.words(topic: 2, mood: .bad) == "\(name), a gloomy tune")
  }
}
