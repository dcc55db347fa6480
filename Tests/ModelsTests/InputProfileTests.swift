import Foundation
import Models
import Testing

/// The profile of the training posts in a model's folder.
@Suite struct InputProfileTests {
  private static var profile: InputProfile {
    var profile = InputProfile()
    (profile.posts, profile.text, profile.knowledge, profile.picture) = (354, 1, 0.719, 0.98)
    (profile.hiddenPictures, profile.unknownPieces, profile.charactersPerPiece) = (0.1, 0.002, 4.25)
    profile.streams = [InputProfile.Stream(name: "audio", share: 0.5)]
    profile.scripts = [InputProfile.Script(name: "Latin", share: 0.9), InputProfile.Script(name: "Han", share: 0.1)]
    (profile.marks.links, profile.marks.entities, profile.preparedMarks.mentions) = (0.3, 0.01, 0.2)
    profile.sides = InputProfile.Sides(lower: 200, median: 320, upper: 480)
    return profile
  }

  @Test func aProfileIsReadAsItWasWritten() throws {
    #expect(try InputProfile(json: Array(Self.profile.json.utf8)) == Self.profile)
    #expect(try InputProfile(json: Array(InputProfile().json.utf8)) == InputProfile())
  }

  @Test func unknownKeysAreNamed() throws {
    let json = Self.profile.json.replacing(#""posts":354"#, with: #""posts":354,"moons":2"#)
      .replacing(#""median":320"#, with: #""median":320,"mode":1"#)
    #expect(try InputProfile(json: Array(json.utf8)).unknownKeys == ["moons", "picture_sides.mode"])
  }

  private static let faults: [(String, String, ProfileError)] = [
    (#""text":1.0"#, #""text":1.5"#, .badValue(key: "text")),
    (#""posts":354"#, #""posts":-1"#, .badValue(key: "posts")),
    (#""links":0.3"#, #""links":"many""#, .badValue(key: "marks.links")),
    (#""audio":0.5"#, #""audio":null"#, .badValue(key: "features.audio")),
    ("clfa-training-profile/1", "clfa-training-profile/2", .unknownFormat("clfa-training-profile/2")),
  ]

  @Test(arguments: faults)
  func otherValuesAreErrors(old: String, new: String, fault: ProfileError) {
    #expect(Self.profile.json.contains(old))
    #expect(throws: fault) { try InputProfile(json: Array(Self.profile.json.replacing(old, with: new).utf8)) }
  }

  @Test(arguments: [
    (0.0, "0 %"), (1.0, "100 %"), (0.72, "72 %"), (0.005, "0.5 %"), (0.9995, "over 99.9 %"), (0.00001, "below 0.1 %"),
    (0.995, "99.5 %"),
  ])
  func aShareIsNeverNothingOrAllThatIsNot(share: Double, words: String) {
    #expect(InputProfile.percent(share) == words)
  }
}
