import Tensors
import Testing

@Suite struct OneDNNTests {
  @Test func reportsItsVersion() {
    let parts = OneDNN.version.split(separator: ".").map { Int($0) }
    #expect(parts.count == 3 && !parts.contains(nil))
    #expect(["2", "3"].contains(OneDNN.version.prefix(1)))
    #expect(!OneDNN.instructionSet.isEmpty)
  }

  @Test func settingOneThreadAgainIsAllowed() { #expect(OneDNN.useOneThread() == OneDNN.useOneThread()) }

  @Test func errorsSayHowToFixThem() {
    #expect(
      "\(TensorError.outOfMemory(bytes: 5 << 20))"
        == "the system refused 5 MiB of memory; use fewer threads or a smaller batch")
    let failed = "\(TensorError.library(operation: "a product", reason: "out of memory"))"
    #expect(failed.contains("a product: out of memory") && failed.contains(OneDNN.version))
  }
}
