import Corpus
import Testing

@Suite struct FaultRemediesTests {
  @Test func theFlagsInFaultsAreCounted() {
    var remedies = FaultRemedies()
    #expect(remedies.words == nil && remedies.rows == 0)
    remedies.add("no such file; there is img/PHOTO.JPG: --image-match near")
    remedies.add(
      "the JPEG is cut off (it ends early); fetch it again, or --truncated-images accept takes what is there")
    remedies.add("no such file; there is img/PHOTO.JPG: --image-match near")
    remedies.add("90 × 90 pixels, 4 allowed; --max-pixels raises the limit")
    // No flag helps.
    remedies.add("not enough memory for the picture; lower --max-pixels or --threads")
    remedies.add("no such file; --images names the folder that picture paths start from")
    let words = "--image-match near would help with 2 of them, --truncated-images accept 1, a larger --max-pixels 1"
    #expect(remedies.words == words)
    #expect(remedies.rows == 4)
  }
}
