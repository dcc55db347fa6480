/// The likely encoding of text that is no UTF-8, where that can be defended: by which bytes follow each other, and how
/// often the bytes of frequent letters occur. All others remain without a name.
package enum EncodingGuess: String, Sendable, CaseIterable {
  case windows1252 = "Windows-1252"
  case windows1251 = "Windows-1251"
  case koi8r = "KOI8-R"
  case shiftJIS = "Shift-JIS"
  case eucJP = "EUC-JP"
  case eucKR = "EUC-KR"
  case gb18030 = "GB18030"
  case big5 = "Big5"

  /// Its name for iconv.
  package var iconv: String {
    switch self {
    case .windows1252, .windows1251, .koi8r, .eucJP, .gb18030, .big5: rawValue.uppercased()
    case .shiftJIS: "CP932"
    case .eucKR: "CP949"
    }
  }

  /// The least number of bytes beyond ASCII.
  private static let least = 20

  /// Guesses from lines that are no UTF-8; nil if no encoding can be defended.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count(where: { $0 >= 0x80 }) >= Self.least, let found = Self.ofPairs(bytes) ?? Self.ofLetters(bytes)
    else { return nil }
    self = found
  }

  // MARK: Two bytes for a character

  /// Pairs of bytes in text of one encoding.
  private struct Pairs {
    var leads = [Int](repeating: 0, count: 256)
    var count = 0, lowTrails = 0, kana = 0, singles = 0

    func share(_ leads: ClosedRange<Int>) -> Double { share(self.leads[leads].reduce(0, +)) }
    func share(_ part: Int) -> Double { Double(part) / Double(max(1, count)) }

    /// Nil if a byte beyond ASCII does not begin a pair of these.
    init?(
      _ bytes: [UInt8], leads: (UInt8) -> Bool, trails: (UInt8) -> Bool, single: (UInt8) -> Bool = { _ in false },
      kana: (UInt8, UInt8) -> Bool
    ) {
      var place = 0
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        if byte < 0x80 { continue }
        if single(byte) {
          singles += 1
          continue
        }
        // A cell may end within a pair if the file is cut, but not often.
        guard leads(byte), place < bytes.count, trails(bytes[place]) else { return nil }
        self.leads[Int(byte)] += 1
        count += 1
        if bytes[place] < 0x80 { lowTrails += 1 }
        if kana(byte, bytes[place]) { self.kana += 1 }
        place += 1
      }
    }
  }

  private static func ofPairs(_ bytes: [UInt8]) -> EncodingGuess? {
    let isHigh = { (byte: UInt8) in (0xA1...0xFE).contains(byte) }
    if let pairs = Pairs(bytes, leads: isHigh, trails: isHigh, kana: { lead, _ in lead == 0xA4 || lead == 0xA5 }) {
      // Hangul lies in B0 to C8, the single letters of laughter in A4; Chinese signs are half beyond.
      if pairs.share(0xB0...0xC8) >= 0.5, pairs.share(0xC9...0xFE) <= 0.03 { return .eucKR }
      if pairs.share(pairs.kana) >= 0.25, pairs.share(0xA6...0xAF) <= 0.05 { return .eucJP }
    }
    if let pairs = Pairs(
      bytes, leads: { (0x81...0x9F).contains($0) || (0xE0...0xFC).contains($0) },
      trails: { (0x40...0xFC).contains($0) && $0 != 0x7F }, single: { (0xA1...0xDF).contains($0) },
      kana: { $0 == 0x82 && (0x9F...0xF1).contains($1) || $0 == 0x83 && (0x40...0x96).contains($1) }),
      pairs.share(pairs.kana) >= 0.25, pairs.singles * 5 <= pairs.count
    {
      return .shiftJIS
    }
    if let pairs = Pairs(
      bytes, leads: { (0x81...0xFE).contains($0) }, trails: { (0x40...0x7E).contains($0) || isHigh($0) },
      kana: { _, _ in false }), pairs.share(0xA4...0xC6) >= 0.7, pairs.share(pairs.lowTrails) >= 0.15
    {
      return .big5
    }
    if let pairs = Pairs(
      bytes, leads: { (0x81...0xFE).contains($0) }, trails: { (0x40...0xFE).contains($0) && $0 != 0x7F },
      kana: { _, _ in false }), pairs.share(0xB0...0xD7) >= 0.6, pairs.share(pairs.lowTrails) <= 0.1,
      pairs.share(0xA6...0xAF) <= 0.02, pairs.share(0xD8...0xFE) <= 0.1
    {
      return .gb18030
    }
    return nil
  }

  // MARK: One byte for a character

  private static func ofLetters(_ bytes: [UInt8]) -> EncodingGuess? {
    var counts = [Int](repeating: 0, count: 256), lone = 0, high = 0, between = 0, strange = 0
    for (place, byte) in bytes.enumerated() where byte >= 0x80 {
      counts[Int(byte)] += 1
      high += 1
      let before = place > 0 ? bytes[place - 1] : 0x20, after = place + 1 < bytes.count ? bytes[place + 1] : 0x20
      if before < 0x80, after < 0x80 { lone += 1 }
      guard isLetter(before) || isLetter(after) else { continue }
      between += 1
      // Beside a letter there may be a quotation mark; between two, hardly.
      if otherLetters.contains(byte) || isLetter(before) && isLetter(after) && !westernLetters.contains(byte) {
        strange += 1
      }
    }
    // In Russian, Ukrainian and Bulgarian, these ten letters are more than half of all: о е а и н т с р в л.
    func share(_ letters: [UInt8], capitals distance: Int) -> Double {
      Double(letters.reduce(0) { $0 + counts[Int($1)] + counts[Int($1) + distance] }) / Double(high)
    }
    if lone * 4 < high {
      // Small letters are far more frequent than capitals, which are where KOI8-R and Windows-1253 have small ones.
      let (low, top) = (counts[0xC0...0xDF].reduce(0, +), counts[0xE0...0xFF].reduce(0, +))
      // The Macintosh's code page differs in capitals, and in я.
      if share([0xEE, 0xE5, 0xE0, 0xE8, 0xED, 0xF2, 0xF1, 0xF0, 0xE2, 0xEB], capitals: -0x20) >= 0.5, top > 2 * low,
        counts[0xFF] >= counts[0xDF]
      {
        return .windows1251
      }
      if share([0xCF, 0xC5, 0xC1, 0xC9, 0xCE, 0xD4, 0xD3, 0xD2, 0xD7, 0xCC], capitals: 0x20) >= 0.5, low > 2 * top {
        return .koi8r
      }
      return nil
    }
    // Between the letters of Western Europe there are hardly any signs; other code pages have letters there. Hungarian
    // has õ and û for its own letters, and no ã.
    let isWestern =
      lone * 5 >= high * 3 && between * 2 >= high && strange * 33 <= between
      && (counts[0xF5] + counts[0xFB]) * 10 < high + 10 * counts[0xE3]
    return isWestern ? .windows1252 : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) && byte < 0x80 }

  /// The letters of Icelandic, in whose places other code pages have frequent letters.
  private static let otherLetters: Set<UInt8> = [0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE]
  /// The other letters of Windows-1252, and the apostrophe.
  private static let westernLetters = Set<UInt8>((0xC0...0xFF) + [0x8C, 0x92, 0x9C]).subtracting([0xD7, 0xF7])
}
