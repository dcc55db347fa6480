import Archives
import Foundation
import Testing

/// Invalid archives, archives that ask for code, and those that need more memory than they have bytes: each is rejected
/// with the reason.
@Suite struct BadArchiveTests {
  @Test func noBadArchiveIsMissing() { #expect(ArchiveData.bad.count == 151) }

  @Test(arguments: ArchiveData.bad) func isRejectedWithTheReason(name: String) throws {
    let bytes = try ArchiveData.bytes("bad/\(name)")
    let fault = #expect(throws: ArchiveError.self) { try ArchiveData.read(bytes) }
    let words = "\(try #require(fault))"
    #expect(words.contains("; ") && words.utf8.count < 600, "\(words)")
    #expect(!words.unicodeScalars.contains { $0.value < 0x20 }, "\(words)")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/clfa-pickle-ran"))
  }

  /// Archives that ask for code to be run; the message names that code.
  static let names: [(file: String, words: String)] = [
    ("pickle-os-system.pt", "asks for posix.system at byte"),
    ("pickle-os-system-4.pt", "asks for posix.system at byte"),
    ("pickle-stack-global.pt", "asks for os.system at byte"), ("legacy-os-system.pt", "asks for posix.system at byte"),
    ("pickle-eval.pt", "asks for __builtin__.eval"), ("pickle-subprocess.pt", "asks for commands.Popen"),
    ("pickle-nested-reduce.pt", "asks for builtins.__import__"), ("pickle-getattr-chain.pt", "builtins.getattr"),
    ("pickle-torch-load.pt", "asks for torch.load"), ("pickle-torch-hub.pt", "asks for torch.hub.load"),
    ("pickle-module.pt", "asks for torch.nn.modules.linear.Linear"), ("pickle-namespace.pt", "argparse.Namespace"),
    ("pickle-numpy-scalar.pt", "numpy.core.multiarray.scalar"), ("pickle-storage-of-no-type.pt", "torch.QInt8Storage"),
    ("pickle-newobj.pt", "is not a table of tensors"), ("pickle-inst.pt", "the instruction STRING"),
    ("pickle-obj.pt", "the instruction OBJ"), ("pickle-extension.pt", "the instruction EXT1"),
    ("pickle-persid.pt", "the instruction PERSID"), ("pickle-billion-laughs.pt", "the instruction LIST"),
    ("pickle-longer-integer.pt", "the instruction LONG4"),
    ("pickle-protocol-0.pt", "operands that do not occur in tables of tensors"),
    ("pickle-protocol-5.pt", "pickle protocol 5, but clfa reads 2 to 4"),
    ("zip-torchscript.pt", "a TorchScript program"),
    ("zip-compressed.pt", "numpy.savez instead of savez_compressed"), ("array-objects.npz", "format |O"),
    ("array-compressed.npz", "numpy.savez instead of savez_compressed"),
    ("array-code.npz", "is not one that NumPy writes"),
    ("zip-encrypted.pt", "is encrypted"), ("zip-overlap.pt", "contradict each other"),
    ("pickle-storage-elsewhere.pt", "it has no x/data/../../../../etc/passwd"),
    ("pickle-repeats.pt", "a tensor has 1000000 numbers, of which only 4 are stored; save it with .contiguous()"),
  ]

  @Test(arguments: names.indices) func theRequestedCodeIsNamed(index: Int) throws {
    let (file, words) = Self.names[index], bytes = try ArchiveData.bytes("bad/\(file)")
    let fault = #expect(throws: ArchiveError.self) { try ArchiveData.read(bytes) }
    let said = "\(try #require(fault))"
    #expect(said.contains(words), "\(said)")
  }

  /// A file truncated at any position is rejected, and never read beyond its end.
  @Test(arguments: ["small.pt", "zip64.pt", "legacy.pt", "arrays.npz", "training.pt"])
  func isRejectedWhereverItIsCut(name: String) throws {
    let whole = try ArchiveData.bytes(name)
    for count in 0..<whole.count {
      #expect(throws: ArchiveError.self, "\(count) bytes") { try ArchiveData.read(Array(whole[..<count])) }
    }
  }

  /// A million values, or marks, or tuples in tuples: no more memory than a few times the bytes, and no stack.
  @Test func bombsOfOneByteInstructionsAreRejected() throws {
    let bombs: [([UInt8], String)] = [
      ([UInt8](repeating: 0x7D, count: 1 << 20), "more than 1048576 values"),
      ([UInt8](repeating: 0x28, count: 1 << 20) + [UInt8](repeating: 0x74, count: 1 << 20), "more than 1048576 values"),
      ([0x29] + [UInt8](repeating: 0x85, count: 500_000), "is not a table"),
      ([0x5D] + (0..<250_000).flatMap { _ in [0x5D, 0x61] as [UInt8] }, "is not a table"),
    ]
    for (bomb, words) in bombs {
      let fault = #expect(throws: ArchiveError.self) { try ArchiveData.read(Self.legacy([0x80, 2] + bomb + [0x2E])) }
      let found = "\(try #require(fault))"
      #expect(found.contains(words) || found.contains("no table of tensors"), "\(found)")
    }
  }

  /// A file of the older form with a given pickle in it.
  private static func legacy(_ pickle: [UInt8]) -> [UInt8] {
    [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
      + [0x80, 0x02, 0x4D, 0xE9, 0x03, 0x2E] + [0x80, 0x02, 0x7D, 0x2E] + pickle + [0x80, 0x02, 0x5D, 0x2E]
  }
}
