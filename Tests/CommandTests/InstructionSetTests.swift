import Foundation
import Models
import Evaluation
import Tensors
import Testing

/// The effects of `--isa`: the instructions used, the results, and the notice if a run mixes several sets.
@Suite struct InstructionSetTests {
  private static let corpus = Workdir.samples + "/posts.csv"

  /// The scores of every post, sorted so that the order of the rows does not matter.
  private static let scores = """
    SELECT key, label, probabilities, text_image_similarity, (SELECT group_concat(hex(vector), ' ') FROM
      (SELECT vector FROM embedding WHERE embedding.post_id = post.id ORDER BY space))
    FROM prediction JOIN post ON post.id = post_id ORDER BY key
    """

  private struct Scores {
    var label: String
    var logOdds: Double
    var vectors: [Float]

    init(_ row: String) throws {
      let cells = row.components(separatedBy: "|")
      label = cells[1]
      let odds = try JSONDecoder().decode([String: Double].self, from: Data(cells[2].utf8)).sorted { $0.key < $1.key }
      logOdds = log(odds[0].value / odds[1].value)
      vectors = cells[4].split(separator: " ").flatMap { hex -> [Float] in
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 8).map { start in
          let word = String(decoding: digits[start..<start + 8], as: UTF8.self)
          return Float(bitPattern: UInt32(word, radix: 16)?.byteSwapped ?? 0)
        }
      }
    }
  }

  /// The model has two labels, so the log odds are the difference of two logits, each with the tolerance.
  @Test(.enabled(if: InstructionSet.available.count > 1)) func everySetAgreesAtF32() async throws {
    let workdir = try Workdir()
    var first: [Scores] = []
    for isa in InstructionSet.available.reversed() {
      let outcome = try await workdir.run(
        Workdir.score(Self.corpus, "\(isa).sqlite", "--sample", "40%", "--isa", isa))
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        try workdir.rows("\(isa).sqlite", "SELECT machine ->> 'instruction_set', machine ->> 'kernels' FROM run")
          == ["\(isa)|\(isa.hasPrefix("avx512") ? "avx512" : isa.hasPrefix("avx2") ? "avx2" : "baseline")"])
      let scores = try workdir.rows("\(isa).sqlite", Self.scores).map(Scores.init)
      #expect(scores.count > 150)
      if first.isEmpty { first = scores }
      #expect(scores.map(\.label) == first.map(\.label))
      for (one, other) in zip(scores, first) {
        #expect(abs(one.logOdds - other.logOdds) <= 2e-4, "\(isa)")
        #expect(one.vectors.count == other.vectors.count && one.vectors.count > 50)
        #expect(zip(one.vectors, other.vectors).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) }, "\(isa)")
      }
    }
  }

  /// The narrowest set, AVX2 and the widest, with precisions that all of them support.
  private static let pinned: [(String?, Precision)] = {
    let sets = InstructionSet.available.filter { ["sse41", "avx2", InstructionSet.available.last].contains($0) }
    return (sets.isEmpty ? [nil] : sets.map { Optional($0) }).map { ($0, Precision.f32) }
      + (Precision.bf16.isSupported ? [(InstructionSet.available.last, .bf16)] : [])
  }()

  /// More or fewer workers, shards, and rows in any order: other batches, the same bits.
  @Test(arguments: pinned) func oneSetGivesTheSameBits(isa: String?, precision: Precision) async throws {
    let workdir = try Workdir(), pin = ["--isa", isa ?? "auto", "--images", Workdir.samples]
    func score(_ corpus: String, _ store: String, _ more: String...) async throws {
      let outcome = try await workdir.run(
        Workdir.score(corpus, store, precision: precision.rawValue) + pin + more)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let lines = try LabelledSamples.lines().prefix(201)
    let corpus = try workdir.write("posts.csv", lines.joined(separator: "\n") + "\n")
    try await score(corpus, "one.sqlite", "--threads", "1")
    let expected = try workdir.rows("one.sqlite", Self.scores)
    #expect(expected.count > 190)
    try await score(corpus, "three.sqlite", "--threads", "3")
    #expect(try workdir.rows("three.sqlite", Self.scores) == expected)
    for shard in 1...3 { try await score(corpus, "part\(shard).sqlite", "--shard", "\(shard)/3", "--threads", "2") }
    let merged = try await workdir.run("merge", "merged.sqlite", "part1.sqlite", "part2.sqlite", "part3.sqlite")
    #expect(merged.status == 0 && !merged.errors.contains("mixes"), "\(merged.errors)")
    #expect(try workdir.rows("merged.sqlite", Self.scores) == expected)
    var generator = SeededGenerator(seed: 11)
    for turn in 1...2 {
      let rows = lines.dropFirst().shuffled(using: &generator)
      let shuffled = try workdir.write("shuffled\(turn).csv", ([lines[0]] + rows).joined(separator: "\n") + "\n")
      try await score(shuffled, "shuffled\(turn).sqlite", "--threads", "\(turn)")
      #expect(try workdir.rows("shuffled\(turn).sqlite", Self.scores) == expected)
    }
  }

  /// No product of the whole model runs by the library's reference code. Its kernel for AVX-512 is one for products
  /// with packed weights; for less, version 2 has its vectorised general product only.
  @Test(arguments: InstructionSet.available) func everySetHasAKernelOfItsOwn(isa: String) async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(
      "bench", "--model", Workdir.samples + "/model", "--rows", "16", "--threads", "1", "--precision", "f32", "--isa",
      isa, "--format", "tsv")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    // Such as `brgemm:avx512_core` or `x64:gemm:jit`.
    let kernels = try #require(lines.first { $0[0] == "the library's kernels" }?[1])
    let words = kernels.split { $0 == ":" || $0 == "," || $0 == " " }
    #expect(words.count > 1 && !words.contains { $0.hasPrefix("ref") }, "\(kernels)")
    if isa.hasPrefix("avx512") { #expect(!words.contains("gemm"), "\(kernels)") }
    #expect(lines.contains { $0[0] == "library" && $0[1].hasSuffix(", \(isa)") })
  }

  @Test func unavailableSetsAreNamedErrors() async throws {
    let workdir = try Workdir()
    let unknown = try await workdir.run(Workdir.score(Self.corpus, "posts.sqlite", "--isa", "avx512_cor"))
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("there is no instruction set 'avx512_cor'") && unknown.errors.contains("auto, "))
    let absent = InstructionSet.names.filter { !InstructionSet.available.contains($0) }
    for isa in absent {
      for command in [Workdir.score(Self.corpus, "posts.sqlite", "--isa", isa), ["bench", "--isa", isa]] {
        let outcome = try await workdir.run(command)
        #expect(outcome.status == 1)
        let possible = (["auto"] + InstructionSet.available).joined(separator: ", ")
        #expect(outcome.errors.contains("this processor does not have the instruction set \(isa); use \(possible)"))
      }
    }
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/posts.sqlite"))
  }

  @Test(.enabled(if: InstructionSet.available.contains("avx2"))) func precisionFollowsTheSet() async throws {
    let workdir = try Workdir(), corpus = try workdir.write("few.csv", "text\ni love the train\n")
    for precision in ["bf16", "int8"] {
      let refused = try await workdir.run(Workdir.score(corpus, "few.sqlite", "--isa", "avx2", precision: precision))
      #expect(refused.status == 1)
      #expect(
        refused.errors.contains("the instruction set avx2 has no \(precision) instructions; use --precision f32"),
        "\(refused.errors)")
    }
    let auto = try await workdir.run(Workdir.score(corpus, "few.sqlite", "--isa", "avx2", precision: nil))
    #expect(auto.errors.contains("notice: auto: f32 (--isa avx2 has no bf16 instructions)"), "\(auto.errors)")
  }

  @Test(.enabled(if: InstructionSet.available.count > 3)) func aMixOfSetsIsReported() async throws {
    let workdir = try Workdir()
    let narrow = "avx2", wide = try #require(InstructionSet.available.last)
    let words = "instruction sets \(narrow) and \(wide)"
    let part = ["--images", Workdir.samples, "--limit", "40"]
    // A fault opens the finished run again.
    let corpus = try workdir.write("posts.csv", "text,image\nhello,images/none.jpg\nwet again,\n")
    let begun = try await workdir.run(Workdir.score(corpus, "run.sqlite", "--isa", narrow))
    #expect(!begun.errors.contains("mixes"), "\(begun.errors)")
    let resumed = try await workdir.run(Workdir.score(corpus, "run.sqlite", "--retry-faults", "--isa", wide))
    #expect(resumed.errors.contains("notice: run posts mixes \(words)"), "\(resumed.errors)")
    let shown = try await workdir.run("runs", "show", "run.sqlite")
    #expect(shown.output.contains("mixes,") && shown.output.contains(words), "\(shown.output)")

    for (shard, isa) in [narrow, wide].enumerated() {
      _ = try await workdir.run(
        Workdir.score(Self.corpus, "part\(shard).sqlite", "--shard", "\(shard + 1)/2", "--isa", isa) + part)
    }
    let merged = try await workdir.run("merge", "merged.sqlite", "part0.sqlite", "part1.sqlite")
    #expect(merged.status == 0 && merged.errors.contains("notice: run posts mixes \(words)"), "\(merged.errors)")
    // Posts scored with another set are recorded as such in a run that reuses them.
    let known = try await workdir.run(
      Workdir.score(Self.corpus, "part0.sqlite", "--shard", "1/2", "--run", "again", "--isa", wide) + part)
    #expect(known.errors.contains("notice: run again mixes instruction sets \(wide) and \(narrow)"), "\(known.errors)")
  }
}
