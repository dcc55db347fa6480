internal import Bytes

extension ArchiveFault: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
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
