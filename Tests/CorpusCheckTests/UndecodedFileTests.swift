import CorpusCheck
import Foundation
import TestSupport
import Testing

@Suite struct UndecodedFileTests {
  private static let russian =
    "Сегодня была прекрасная погода, и мы пошли гулять в парк. Потом начался дождь, но это никого не испугало."
  private static let german =
    "Heute war das Wetter schön, und wir gingen später in den Park; für alle war es ein schöner Tag, außer für Jürgen."
  private static let japanese =
    "今日はとても天気が良かったので、公園へ散歩に行きました。そのあと雨が降り始めましたが、誰も気にしませんでした。"
  private static let polish =
    "Dzisiaj była piękna pogoda i poszliśmy do parku. Później zaczął padać deszcz, ale nikogo to nie przestraszyło."

  /// A corpus of five rows with a text in an encoding, behind some of UTF-8.
  private static func findings(_ text: String, _ encoding: String.Encoding, utf8: String = "") throws -> [String] {
    let scratch = try Scratch()
    let rows = (0..<5).map { "\($0),\(text.replacingOccurrences(of: ",", with: ""))\n" }.joined()
    let bytes = Data("id,text\n\(utf8)".utf8) + (try #require(rows.data(using: encoding)))
    let check = try scratch.check(bytes)
    return check.findings.filter { $0.code == "not_utf8" }.map(\.description)
  }

  @Test func theLikelyEncodingIsNamedWithTheCommand() throws {
    let cases: [(String, String.Encoding, String, String)] = [
      (Self.russian, .windowsCP1251, "Windows-1251", "WINDOWS-1251"),
      (Self.german, .windowsCP1252, "Windows-1252", "WINDOWS-1252"),
      (Self.japanese, .shiftJIS, "Shift-JIS", "CP932"),
    ]
    for (text, encoding, name, command) in cases {
      let found = try Self.findings(text, encoding)
      #expect(
        found.count == 1
          && found[0].contains(
            "so 5 of its rows cannot be read; it looks like \(name): iconv -f "
              + "\(command) -t UTF-8 "),
        "\(found)")
    }
  }

  @Test func anEncodingThatCannotBeDefendedHasNoName() throws {
    let found = try Self.findings(Self.polish, .windowsCP1250)
    #expect(
      found.count == 1 && found[0].contains("its encoding does not follow from its bytes: iconv -f ENCODING"),
      "\(found)")
  }

  @Test func filesOfTwoEncodingsAreNotConvertedAsOne() throws {
    let found = try Self.findings(Self.russian, .windowsCP1251, utf8: "a,schön\nb,größer\n")
    #expect(found.count == 1 && found[0].contains("files of two encodings were joined"), "\(found)")
    #expect(found[0].contains("they look like Windows-1251") && !found[0].contains("> FIXED"), "\(found)")
  }

  @Test func soundFilesAndAFewRowsAreNoFinding() throws {
    #expect(try Self.findings(Self.russian, .utf8).isEmpty)
    let scratch = try Scratch()
    let check = try scratch.check(Data("id,text\n1,a\n2,caf".utf8) + [0xE9] + Data("\n3,b\n".utf8))
    #expect(check.faults.count == 1 && check.findings.allSatisfy { $0.code == "faults" })
  }

  /// 今日はとても天気が良かったので、公園へ散歩に行きました。
  private static let japaneseEUC: [UInt8] = [
    0xBA, 0xA3, 0xC6, 0xFC, 0xA4, 0xCF, 0xA4, 0xC8, 0xA4, 0xC6, 0xA4, 0xE2, 0xC5, 0xB7, 0xB5, 0xA4, 0xA4, 0xAC, 0xCE,
    0xC9, 0xA4, 0xAB, 0xA4, 0xC3, 0xA4, 0xBF, 0xA4, 0xCE, 0xA4, 0xC7, 0xA1, 0xA2, 0xB8, 0xF8, 0xB1, 0xE0, 0xA4, 0xD8,
    0xBB, 0xB6, 0xCA, 0xE2, 0xA4, 0xCB, 0xB9, 0xD4, 0xA4, 0xAD, 0xA4, 0xDE, 0xA4, 0xB7, 0xA4, 0xBF, 0xA1, 0xA3,
  ]

  @Test func japaneseOfUnixIsNamed() { #expect(EncodingGuess(Self.japaneseEUC + [0x0A]) == .eucJP) }

  @Test func otherCodePagesAreNotMistaken() throws {
    let greek = "Σήμερα ο καιρός ήταν υπέροχος και πήγαμε στο πάρκο. Μετά άρχισε να βρέχει, αλλά κανείς δεν φοβήθηκε."
    let turkish = "Bugün hava çok güzeldi ve parka gittik. Sonra yağmur başladı ama kimse korkmadı. Işıklar söndü."
    for (text, encoding) in [
      (greek, String.Encoding.windowsCP1253), (turkish, .windowsCP1254), (Self.german, .macOSRoman),
    ] {
      let bytes = try #require(String(repeating: text, count: 5).data(using: encoding))
      #expect(EncodingGuess([UInt8](bytes)) == nil, "\(text)")
    }
  }
}
