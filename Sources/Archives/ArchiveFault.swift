/// Why a file of another program can't be read as data. Names and numbers in it are the file's own.
public enum ArchiveFault: Error, Equatable, Sendable {
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
