import Inputs
import Testing

@Suite struct HTMLUnescapingTests {
  @Test(arguments: [
    ("AT&amp;T &lt;3 &gt; &quot;x&quot; &apos;", "AT&T <3 > \"x\" '"),
    ("&eacute;&Eacute;&yuml;&nbsp;&thetasym;&lang;", "éÉÿ\u{A0}ϑ⟨"),
    ("&#39;&#x27;&#X1f602;&#00039;", "''😂'"), ("&amp;lt;", "&lt;"), ("&#150;&#x80;&#129;", "–€\u{81}"),
    ("&#0;&#xD800;&#xDFFF;&#x110000;&#99999999999999999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
    ("AT&T &amp &copy=2 &;&#;&#x;&#xg;&#12 &", "AT&T &amp &copy=2 &;&#;&#x;&#xg;&#12 &"),
    ("&unknown; &AMP; &thetasyms; &é;", "&unknown; &AMP; &thetasyms; &é;"), ("&&amp;&", "&&&"), ("", ""),
  ])
  func entitiesBecomeWhatTheyStandFor(text: String, expected: String) throws {
    let prepare = try TextPreparation(steps: ["unescape-html"])
    #expect(Array(prepare(text).utf8) == Array(expected.utf8))
  }
}
