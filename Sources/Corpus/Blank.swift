extension String {
  /// Whether there is nothing but ASCII white space.
  package var isBlank: Bool { utf8.allSatisfy(Corpus.isBlank) }
}

/// Whether a byte is ASCII white space.
func isBlank(_ byte: UInt8) -> Bool {
  byte == 0x20 || (0x09...0x0D).contains(byte)
}
