import Foundation
import Testing

/// `clfa train` from the halves of a small CLIP and a small SigLIP of random weights.
@Suite struct TrainTwinsTests {
  private static let data = Workdir.repository + "/Tests/ModelsTests/Data/clip/"

  @Test(arguments: ["b32", "siglip"]) func bothHalvesBecomeAModel(name: String) async throws {
    let workdir = try Workdir(), hub = Self.data + name
    try TrainFixture.write(workdir)
    let trained = try await workdir.run(
      TrainFixture.corpus + [
        "--text-encoder", hub, "--image-encoder", hub, "--dim", "16", "--alpha", "0", "--epochs", "1", "--pooling",
        "cls", "-o", "M",
      ])
    #expect(trained.status == 0, "\(trained.errors)")
    let configuration = try String(contentsOfFile: workdir.path + "/M/config.json", encoding: .utf8)
    let keys =
      name == "b32"
      ? ["\"activation\": \"quick_gelu\"", "\"causal\": true", "\"first_norm\": true", "\"last_norm\": false"]
      : ["\"activation\": \"gelu_tanh\"", "\"norms_first\": true", "\"whole\": false"]
    for key in keys { #expect(configuration.contains(key), "\(configuration)") }
    let info = try await workdir.run("model", "info", "M", "--format", "json")
    #expect(info.output.contains(name == "b32" ? "a norm before the blocks" : "no token for the whole"))
    #expect(try await workdir.run("model", "verify", "M").status == 0)
    for precision in ["f32", "int8"] {
      let scored = try await workdir.run(
        "score", "valid.csv", "--images", Workdir.samples, "--model", "M", "--store", "\(precision).sqlite",
        "--precision", precision)
      // A processor that is slow at bytes refuses them by name.
      guard scored.status == 0 else {
        #expect(precision == "int8" && scored.errors.contains("no int8 instructions"), "\(scored.errors)")
        continue
      }
      #expect(try workdir.rows("\(precision).sqlite", "SELECT count(*) FROM prediction") == ["12"])
    }
    let explained = try await workdir.run(
      "explain", "f32.sqlite", "test-00021", "--model", "M", "--images", Workdir.samples, "-o", "why.svg")
    #expect(explained.status == 0, "\(explained.errors)")
    let page = try String(contentsOfFile: workdir.path + "/why.svg", encoding: .utf8)
    #expect(page.contains("<svg"))
    let exported = try await workdir.run("model", "export", "M", "-o", "OUT")
    #expect(exported.status == 1 && exported.errors.contains("of a CLIP or a SigLIP"), "\(exported.errors)")
  }
}
