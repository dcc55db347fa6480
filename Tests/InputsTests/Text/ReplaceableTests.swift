import Inputs
import Testing

@Suite struct ReplaceableTests {
  @Test(arguments: [
    ("see http://t.co/N8abc", "see URL"), ("HTTPS://T.CO/x?a=1&b=2 ok", "URL ok"), ("(www.a.com).", "(URL)."),
    ("http://t.co/N8…", "URL…"), ("texthttp://t.co/a", "text URL"), ("http://t.co/aです", "URL です"),
    ("http:// x", "http:// x"), ("http://...", "http://..."), ("awww.a.b", "awww.a.b"), ("www.", "www."),
    ("h", "h"), ("http://a http://b", "URL URL"), ("<http://a>", "<URL>"), ("http", "http"),
  ])
  func url(text: String, expected: String) throws {
    #expect(try TextPreparation(steps: ["url=URL"])(text) == expected)
  }

  @Test(arguments: [
    ("@a_1: hi", "USER: hi"), ("RT @a@b @c", "RT USER@b USER"), ("me@example.com", "me@example.com"),
    ("@ x", "@ x"), ("@", "@"),
    ("＠a", "USER"), ("@aé", "USER é"), (".@a", ".USER"), ("@@a", "@USER"),
  ])
  func user(text: String, expected: String) throws {
    #expect(try TextPreparation(steps: ["user=USER"])(text) == expected)
  }

  @Test(arguments: [
    ("1", "N"), ("$1,000.50!", "$N!"), ("3:30pm", "N:30pm"), ("4th b2b 2nite 1,2x", "4th b2b 2nite 1,2x"),
    ("1..2", "N..N"),
    ("50%", "N%"), ("5.", "N."), ("٣٤", "N"), ("-7", "-N"), ("", ""),
  ])
  func number(text: String, expected: String) throws {
    #expect(try TextPreparation(steps: ["number=N"])(text) == expected)
  }
}
