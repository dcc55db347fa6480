import Models
import Testing

@Suite struct ModelConfigurationJSONTests {
  @Test(arguments: Golden.all) func whatIsWrittenIsReadAsTheSame(golden: Golden) throws {
    let configuration = try golden.load().configuration
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
  }

  @Test func whatTheReferenceLacksIsWrittenWhereItIs() throws {
    let usual = ModelConfiguration(labelNames: ["a"])
    for word in ["activation", "norms_first", "causal", "whole", "first_norm", "last_norm", "registers"] {
      #expect(!usual.json.contains(word))
    }
    var other = usual
    (other.text.activation, other.text.normsFirst, other.text.isCausal) = (.quickGELU, true, true)
    (other.image.activation, other.image.hasWhole) = (.tanhGELU, false)
    (other.image.hasFirstNorm, other.image.hasLastNorm) = (true, false)
    #expect(try ModelConfiguration(json: Array(other.json.utf8)) == other)
  }

  @Test func namesOfAnyKindSurvive() throws {
    var configuration = ModelConfiguration(labelNames: ["\"quoted\\\"", "line\nfeed\u{1}", "ironía 🙃"])
    configuration.preparation = ["url=<url>"]
    configuration.hasLexicon = true
    configuration.learntWithoutPicture = false
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
  }
}
