internal import Bytes

/// Why a file of another program can't be read as data. Names and numbers in it are the file's own.
package enum ArchiveError: Error, Equatable, Sendable {
  // The zip around it.

  /// No end of a zip's directory: cut short, or no zip.
  case noDirectory
  /// A zip of several files.
  case severalVolumes
  /// A part of the zip that lies beyond the file, or before its beginning.
  case outside(part: String, at: UInt64, bytes: UInt64, available: Int)
  /// Something else where a record of the zip belongs.
  case noRecord(part: String, at: Int)
  /// More entries than directory.
  case entryCount(UInt64, directoryBytes: Int)
  /// A name that is not UTF-8.
  case badName(at: Int)
  /// Two entries of one name.
  case duplicateEntry(String)
  /// An entry under a password.
  case encrypted(String)
  /// An entry that is compressed.
  case compressed(String)
  /// An entry whose two headers contradict each other.
  case contradiction(String)
  /// An entry that begins before another ends.
  case overlap(String, other: String)
  /// An entry that must be there.
  case missingEntry(String)

  // The pickle in it.

  /// A pickle longer than any list of tensors needs, or with more values.
  case pickleTooLarge(bytes: Int, limit: Int)
  /// More values than any list of tensors has.
  case tooManyValues(limit: Int)
  /// The pickle ends before its end.
  case pickleCutShort(at: Int)
  /// Bytes behind the pickle's end.
  case pickleGoesOn(at: Int)
  /// A protocol that is not 2, 3 or 4.
  case pickleProtocol(Int)
  /// An instruction that no list of tensors needs.
  case instruction(String, at: Int)
  /// A Python name that no list of tensors needs.
  case global(String, at: Int)
  /// An instruction whose operands are not what it takes.
  case operands(String, at: Int)
  /// A text that is not UTF-8.
  case notUTF8(at: Int)

  // The tensors it tells of.

  /// A TorchScript program.
  case program
  /// Numbers in another order of bytes.
  case byteOrder(String)
  /// Views of storages, which PyTorch before 0.4 wrote.
  case storageViews
  /// The same storage with two sizes or formats.
  case storageAgain(String)
  /// A storage of another length than told.
  case storageLength(String, expected: UInt64, found: Int)
  /// A tensor that is no shape of its storage: beyond it, backwards, or with more axes than anybody uses.
  case layout(at: Int)
  /// A tensor of more numbers than its storage holds.
  case repeats(numbers: Int, stored: Int)
  /// The pickle's value is no dictionary of tensors.
  case noTensors
  /// Two tensors of one name.
  case duplicateTensor(String)

  // Arrays of NumPy.

  /// An entry that is no array.
  case noArray(String)
  /// A header that is not one of the three kinds, or not three facts.
  case arrayHeader(String)
  /// Numbers of a format that is not read; Python objects among them.
  case arrayFormat(String, found: String)
  /// As many bytes as the shape does not take.
  case arrayLength(String, expected: UInt64, found: Int)
}

extension ArchiveError: CustomStringConvertible {
  /// What is wrong, and how to fix it.
  package var description: String {
    switch self {
    case .noDirectory: "cut short, or no archive: no directory at its end; download or save it again"
    case .severalVolumes: "one volume of several; join them"
    case .outside(let part, let at, let bytes, let available):
      "\(part.shown) lies at \(at), \(bytes) bytes long, of \(available); \(Self.again)"
    case .noRecord(let part, let at): "no \(part.shown) at byte \(at); \(Self.again)"
    case .entryCount(let count, let bytes): "\(count) entries in a directory of \(bytes) bytes; \(Self.again)"
    case .badName(let at): "the name at byte \(at) is not UTF-8; \(Self.again)"
    case .duplicateEntry(let name): "two entries are called \(name.shown); \(Self.again)"
    case .encrypted(let name): "\(name.shown) is encrypted; save it without a password"
    case .compressed(let name):
      "\(name.shown) is compressed; save it anew with torch.save, or with numpy.savez instead of savez_compressed"
    case .contradiction(let name): "the two headers of \(name.shown) contradict each other; \(Self.again)"
    case .overlap(let name, let other): "\(name.shown) overlaps \(other.shown); \(Self.again)"
    case .missingEntry(let name): "no \(name.shown) in it; \(Self.again)"
    case .pickleTooLarge(let bytes, let limit):
      "a pickle of \(bytes) bytes, at most \(limit) are read; \(Self.stateDict)"
    case .tooManyValues(let limit): "more than \(limit) values in its pickle; \(Self.stateDict)"
    case .pickleCutShort(let at): "its pickle is cut short at byte \(at); \(Self.again)"
    case .pickleGoesOn(let at): "bytes behind the end of its pickle, at byte \(at); \(Self.again)"
    case .pickleProtocol(let version): "pickle protocol \(version), 2 to 4 are read; \(Self.stateDict)"
    case .instruction(let name, let at):
      "its pickle holds the instruction \(name) at byte \(at), which no table of tensors needs, and nothing of it was "
        + "run; \(Self.stateDict)"
    case .global(let name, let at):
      "its pickle asks for \(name.shown) at byte \(at), which no table of tensors needs, and nothing of it was run; "
        + Self.stateDict
    case .operands(let name, let at):
      "\(name) at byte \(at) of its pickle gets what no table of tensors gives it; \(Self.stateDict)"
    case .notUTF8(let at): "a text that is not UTF-8 at byte \(at) of its pickle; \(Self.again)"
    case .program: "a TorchScript program, not a table of tensors; \(Self.stateDict)"
    case .byteOrder(let found): "numbers in \(found.shown)-endian order; save it on a little-endian machine"
    case .storageViews: "views of storages, as PyTorch before 0.4 wrote them; load and save it with a newer PyTorch"
    case .storageAgain(let key): "storage \(key.shown) is told of twice, differently; \(Self.again)"
    case .storageLength(let key, let expected, let found):
      "storage \(key.shown) has \(found) bytes, told are \(expected); \(Self.again)"
    case .layout(let at): "the tensor at byte \(at) of its pickle does not lie within its storage; \(Self.again)"
    case .repeats(let numbers, let stored):
      "a tensor of \(numbers) numbers of which \(stored) are stored; save it with .contiguous()"
    case .noTensors: "no table of tensors; \(Self.stateDict)"
    case .duplicateTensor(let name): "two tensors are called \(name.shown); \(Self.again)"
    case .noArray(let name): "\(name.shown) is no array; save it with numpy.savez"
    case .arrayHeader(let name): "the header of \(name.shown) is not one that NumPy writes; \(Self.again)"
    case .arrayFormat(let name, let found):
      "\(name.shown) has numbers of format \(found.shown); little-endian floats and whole numbers are read"
    case .arrayLength(let name, let expected, let found):
      "\(name.shown) has \(found) bytes of numbers, its shape takes \(expected); \(Self.again)"
    }
  }

  private static let again = "make or download the file again"
  private static let stateDict = "save the tensors alone: torch.save(model.state_dict(), FILE)"
}

extension String {
  /// The text as a message can show it: nothing that a terminal would obey, and not all of a very long one.
  fileprivate var shown: String {
    unicodeScalars.count <= 120
      ? printable : String(String.UnicodeScalarView(unicodeScalars.prefix(120))).printable + "…"
  }
}
