import Inputs
import Testing

@Suite struct EmojiNamingTests {
  @Test(arguments: [
    ("lol😂", "lol face with tears of joy"), ("😂😂!", "face with tears of joy face with tears of joy !"),
    ("a 👍🏽 b", "a thumbs up sign b"), ("👨‍👩‍👧", "man woman girl"), ("❤️", "heavy black heart"),
    ("❤x", "heavy black heart x"), ("© ™", "© ™"), ("©️", "copyright sign"), ("❤\u{FE0E}", "❤\u{FE0E}"),
    ("1️⃣ #⃣ 2", "1 # 2"),
    ("\u{FE0F}\u{20E3}", "\u{FE0F}\u{20E3}"), ("ک\u{200D}ا", "ک\u{200D}ا"),
    ("🏴\u{E0067}\u{E0062}\u{E007F}.", "waving black flag ."), ("123 #*", "123 #*"), ("", ""),
  ])
  func emoji(text: String, expected: String) throws {
    #expect(try Array(TextPreparation(steps: ["emoji=names"])(text).utf8) == Array(expected.utf8))
  }
}
