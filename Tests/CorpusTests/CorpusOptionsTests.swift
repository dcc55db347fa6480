import Bytes
import Corpus
import Testing

@Suite struct OptionErrorTests {
  @Test func encodingsAreFoundByName() throws {
    #expect(try TextEncoding(parsing: "UTF-16") == .utf16)
    #expect(try TextEncoding(parsing: "windows-1252") == .windows1252)
    #expect(throws: OptionError.unknownEncoding("latin1")) { try TextEncoding(parsing: "latin1") }
    #expect(
      "\(OptionError.unknownEncoding("latin1"))"
        == "'latin1' is not an encoding that clfa reads: give utf-8, utf-16, windows-1252; for any other, "
        + "convert the file first: iconv -f NAME -t UTF-8")
  }

  @Test func delimitersAreOneCharacterOrTab() throws {
    for word in ["tab", "TAB", "\\t", "\t"] { #expect(try Delimiter.parse(word) == 9) }
    #expect(try Delimiter.parse(";") == UInt8(ascii: ";"))
    for word in ["", ";;", "\"", "\n", "\r", "\u{0}", "é", "\u{7F}"] {
      #expect(throws: OptionError.unusableDelimiter(word)) { try Delimiter.parse(word) }
    }
    #expect("\(OptionError.unusableDelimiter(";;"))".contains("such as ';', or 'tab', or a control character"))
  }

  @Test func labelsAreCodesWithNames() throws {
    let names = try LabelNames(parsing: "0=not_sarcastic,1=sarcastic,x=a=b")
    #expect(names["0"] == "not_sarcastic" && names["1"] == "sarcastic" && names["x"] == "a=b")
    #expect(names["2"] == nil && !names.isEmpty && LabelNames().isEmpty)
    for word in ["", "0", "0=", "=a", "0=a,", "0=a,,1=b"] {
      #expect(throws: OptionError.malformedLabels(word)) { try LabelNames(parsing: word) }
    }
    #expect(throws: OptionError.repeatedLabel("0")) { try LabelNames(parsing: "0=a,0=b") }
    // Two spellings of one letter are two codes.
    #expect(try LabelNames(parsing: "\u{E9}=a,e\u{301}=b")["e\u{301}"] == "b")
  }

  @Test func everyErrorSaysHowToFixIt() {
    let errors: [OptionError] = [
      .malformedLabels("0"), .repeatedLabel("0"), .malformedShard("0/4"), .malformedSample("0%"),
    ]
    for (error, words) in zip(errors, ["0=not_sarcastic,1=sarcastic", "one name", "2/4", "0.1%"]) {
      #expect("\(error)".contains(words))
    }
  }
}
