import Tensors
import Testing

@Suite struct MachineJSONTests {
  /// The store keeps these bytes with each run.
  @Test func keysAreSortedAndSlashesAreNotEscaped() {
    var machine = Machine(threads: 3)
    machine.processor = #"AMD "EPYC" 7/B13 \ α"#
    machine.instructionSet = "AVX-512"
    machine.kernels = "avx512"
    machine.library = "oneDNN 3.5"
    #expect(
      machine.json
        == #"{"instruction_set":"AVX-512","kernels":"avx512","library":"oneDNN 3.5","#
        + #""processor":"AMD \"EPYC\" 7/B13 \\ α","threads":3}"#)
  }
}
