import SampleGenerator
import Testing

@Suite struct CaptionTests {
  @Test(arguments: [
    ("pizza", "skull", "a picture of a pizza next to a skull"),
    ("airplane", "angry face", "a picture of an airplane next to an angry face"),
    ("grapes", "fireworks", "a picture of grapes next to fireworks"),
    ("bus", "1st place medal", "a picture of a bus next to a 1st place medal"),
    ("bread", "thumbs down", "a picture of bread next to thumbs down"),
  ])
  func namesTopicAndMood(_ topic: String, _ mood: String, _ caption: String) {
    #expect(Caption.of(topic: Glyph(character: "", name: topic), mood: Glyph(character: "", name: mood)) == caption)
  }

  @Test func everyPictureHasACaption() {
    for topic in Topic.all.map(\.glyph) {
      for mood in Mood.allCases.flatMap(\.glyphs) {
        let caption = Caption.of(topic: topic, mood: mood)
        #expect(caption.contains(topic.name) && caption.hasSuffix(mood.name))
      }
    }
  }
}
