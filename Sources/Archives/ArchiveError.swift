internal import Bytes

/// Why another program's file can't be read as data. Names and numbers come from the file.
package enum ArchiveError: Error, Equatable, Sendable {
  // The zip around it.

  /// There is no end of a zip directory: the file is truncated, or not a zip.
  case noDirectory
  /// A multi-volume zip.
  case severalVolumes
  /// A part of the zip lies outside the file.
  case outside(part: String, at: UInt64, bytes: UInt64, available: Int)
  /// A record of the zip is not where it should be.
  case noRecord(part: String, at: Int)
  /// The number of entries does not fit the size of the directory.
  case entryCount(UInt64, directoryBytes: Int)
  /// A name that is not UTF-8.
  case badName(at: Int)
  /// Two entries have the same name.
  case duplicateEntry(String)
  /// An encrypted entry.
  case encrypted(String)
  /// An entry that is compressed.
  case compressed(String)
  /// An entry whose two headers contradict each other.
  case contradiction(String)
  /// An entry begins before another ends.
  case overlap(String, other: String)
  /// A required entry is missing.
  case missingEntry(String)

  // Archives whose files are read in place.

  /// The file ends within a part.
  case cutShort(part: String, at: Int)
  /// The system does not give the file's bytes.
  case unreadable(reason: String)
  /// More files than an index may have.
  case tooManyFiles(limit: Int)
  /// A file that is compressed by a method other than deflate.
  case otherCompression(String)
  /// A link whose file is not in the archive before it, or a symbolic one.
  case link(String)
  /// A file whose bytes do not have their checksum, or cannot be decompressed to their size.
  case damagedEntry(String)

  // The pickle in it.

  /// A pickle that is too long for a table of tensors, or has too many values.
  case pickleTooLarge(bytes: Int, limit: Int)
  /// More values than a table of tensors has.
  case tooManyValues(limit: Int)
  /// The pickle is truncated.
  case pickleCutShort(at: Int)
  /// Bytes after the end of the pickle.
  case pickleGoesOn(at: Int)
  /// A protocol that is not 2, 3 or 4.
  case pickleProtocol(Int)
  /// An instruction that a table of tensors does not need.
  case instruction(String, at: Int)
  /// A Python name that the tensors would need, or that no saved value has.
  case global(String, at: Int)
  /// An instruction with operands of the wrong kind.
  case operands(String, at: Int)
  /// A text that is not UTF-8.
  case notUTF8(at: Int)

  // The tensors that it describes.

  /// A TorchScript program.
  case program
  /// Numbers in an unsupported byte order.
  case byteOrder(String)
  /// Views of storages, as written by PyTorch before 0.4.
  case storageViews
  /// The same storage with two sizes or formats.
  case storageAgain(String)
  /// A storage whose length is not the one that the pickle gives.
  case storageLength(String, expected: UInt64, found: Int)
  /// A tensor outside its storage, with negative strides, or with too many axes.
  case layout(at: Int)
  /// A tensor has more numbers than its storage.
  case repeats(numbers: Int, stored: Int)
  /// The value of the pickle is not a dictionary of tensors.
  case noTensors
  /// Several dictionaries of tensors, by their keys.
  case severalTables([String])
  /// Two tensors have the same name.
  case duplicateTensor(String)

  // Arrays of NumPy.

  /// An entry that is not an array.
  case noArray(String)
  /// A header that is not one of the three versions, or lacks one of its three keys.
  case arrayHeader(String)
  /// Numbers of a format that is not supported, Python objects included.
  case arrayFormat(String, found: String)
  /// A number of bytes that does not fit the shape.
  case arrayLength(String, expected: UInt64, found: Int)
}

extension ArchiveError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noDirectory: "cut short, or not an archive: it has no directory at its end; download or save it again"
    case .severalVolumes: "one volume of a split archive; join the volumes"
    case .outside(let part, let at, let bytes, let available):
      "\(part.shown) is at byte \(at) with \(bytes) bytes, but the file has \(available); \(Self.again)"
    case .noRecord(let part, let at): "no \(part.shown) at byte \(at); \(Self.again)"
    case .entryCount(let count, let bytes): "\(count) entries in a directory of \(bytes) bytes; \(Self.again)"
    case .badName(let at): "the name at byte \(at) is not UTF-8; \(Self.again)"
    case .duplicateEntry(let name): "two entries are called \(name.shown); \(Self.again)"
    case .encrypted(let name): "\(name.shown) is encrypted; save it without a password"
    case .compressed(let name):
      "\(name.shown) is compressed; save it again with torch.save, or with numpy.savez instead of savez_compressed"
    case .contradiction(let name): "the two headers of \(name.shown) contradict each other; \(Self.again)"
    case .overlap(let name, let other): "\(name.shown) overlaps \(other.shown); \(Self.again)"
    case .missingEntry(let name): "it has no \(name.shown); \(Self.again)"
    case .cutShort(let part, let at): "cut short within \(part.shown), at byte \(at); copy or download it again"
    case .unreadable(let reason): "\(reason); check the file and its disk"
    case .tooManyFiles(let limit): "it has more than \(limit) files; divide it"
    case .otherCompression(let name):
      "\(name.shown) is compressed by another method than deflate; pack it again with zip"
    case .link(let name): "\(name.shown) is a link in the archive; pack the file itself (tar -h, or zip without -y)"
    case .damagedEntry(let name): "\(name.shown) is damaged in the archive; copy or download the archive again"
    case .pickleTooLarge(let bytes, let limit):
      "its pickle has \(bytes) bytes, more than the \(limit) allowed; \(Self.stateDict)"
    case .tooManyValues(let limit): "its pickle has more than \(limit) values; \(Self.stateDict)"
    case .pickleCutShort(let at): "its pickle is cut short at byte \(at); \(Self.again)"
    case .pickleGoesOn(let at): "there are bytes after the end of its pickle, at byte \(at); \(Self.again)"
    case .pickleProtocol(let version): "it has pickle protocol \(version), but clfa reads 2 to 4; \(Self.stateDict)"
    case .instruction(let name, let at):
      "its pickle contains the instruction \(name) at byte \(at), which no table of tensors needs; nothing in it was run; "
        + Self.stateDict
    case .global(let name, let at):
      "its pickle asks for \(name.shown) at byte \(at), which no table of tensors needs; nothing in it was run; "
        + Self.stateDict
    case .operands(let name, let at):
      "\(name) at byte \(at) of its pickle has operands that do not occur in tables of tensors; \(Self.stateDict)"
    case .notUTF8(let at): "a text that is not UTF-8 at byte \(at) of its pickle; \(Self.again)"
    case .program: "a TorchScript program, not a table of tensors; \(Self.stateDict)"
    case .byteOrder(let found): "its numbers are in \(found.shown)-endian order; save it on a little-endian machine"
    case .storageViews:
      "it has views of storages, which PyTorch before 0.4 wrote; load and save it with a newer PyTorch"
    case .storageAgain(let key): "storage \(key.shown) is described twice, differently; \(Self.again)"
    case .storageLength(let key, let expected, let found):
      "storage \(key.shown) has \(found) bytes, but should have \(expected); \(Self.again)"
    case .layout(let at): "the tensor at byte \(at) of its pickle does not lie within its storage; \(Self.again)"
    case .repeats(let numbers, let stored):
      "a tensor has \(numbers) numbers, of which only \(stored) are stored; save it with .contiguous()"
    case .severalTables(let keys):
      "it has several tables of tensors: \(keys.map(\.shown).listed(most: 5)); \(Self.stateDict)"
    case .noTensors: "it is not a table of tensors; \(Self.stateDict)"
    case .duplicateTensor(let name): "two tensors are called \(name.shown); \(Self.again)"
    case .noArray(let name): "\(name.shown) is not an array; save it with numpy.savez"
    case .arrayHeader(let name): "the header of \(name.shown) is not one that NumPy writes; \(Self.again)"
    case .arrayFormat(let name, let found):
      "\(name.shown) has numbers of format \(found.shown); clfa reads little-endian floats and integers"
    case .arrayLength(let name, let expected, let found):
      "\(name.shown) has \(found) bytes of numbers, but its shape needs \(expected); \(Self.again)"
    }
  }

  private static let again = "make or download the file again"
  private static let stateDict = "save the tensors alone: torch.save(model.state_dict(), FILE)"
}

extension String {
  /// The text in a form for messages: without control characters, and shortened if it is very long.
  fileprivate var shown: String {
    unicodeScalars.count <= 120
      ? printable : String(String.UnicodeScalarView(unicodeScalars.prefix(120))).printable + "…"
  }
}
