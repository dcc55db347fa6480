/// The letters that byte-level vocabularies write bytes with, so that every piece is printable text.
///
/// Printable bytes of Latin-1 stand for themselves, all others for the letters from U+0100 on, in their order (Radford et
/// al., *Language Models are Unsupervised Multitask Learners*, 2019, section 2.2, as released).
enum ByteLetters {
  /// The letter of each byte.
  static let letters: [Unicode.Scalar] = {
    var letters: [Unicode.Scalar] = []
    var spare: UInt32 = 0x100
    for byte in UInt8.min...UInt8.max {
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: letters.append(Unicode.Scalar(byte))
      default:
        letters.append(Unicode.Scalar(spare) ?? "\u{FFFD}")
        spare += 1
      }
    }
    return letters
  }()
}
