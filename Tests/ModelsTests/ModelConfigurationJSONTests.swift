import Models
import Testing

@Suite struct ModelConfigurationJSONTests {
  @Test(arguments: Golden.all) func whatIsWrittenIsReadAsTheSame(golden: Golden) throws {
    let configuration = try golden.load().configuration
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
  }

  @Test func namesOfAnyKindSurvive() throws {
    var configuration = ModelConfiguration(labelNames: ["\"quoted\\\"", "line\nfeed\u{1}", "ironía 🙃"])
    configuration.preparation = ["url=<url>"]
    configuration.hasLexicon = true
    configuration.learntWithoutPicture = false
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
  }
}
