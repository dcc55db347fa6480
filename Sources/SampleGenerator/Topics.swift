/// What posts are about: things that are neither good nor bad in themselves.
package struct Topic: Hashable, Sendable {
  /// The emoji that a picture shows for it, and its English name in Unicode's CLDR.
  package let glyph: Glyph
  /// How an English text names it, as it is written inside a sentence.
  package let words: String
  /// Its names in `Language.others`, in their order, from CLDR.
  let names: [String]

  /// How a text of a language names it.
  package func words(in language: Language) -> String {
    Language.others.firstIndex(of: language).map { names[$0] } ?? words
  }

  /// All topics.
  package static let all: [Topic] = [
    Topic("🚂", "locomotive", "the old locomotive", ["Dampflokomotive", "locomotora de vapor", "جرار بخار", "蒸気機関車"]),
    Topic("🚲", "bicycle", "my bicycle", ["Fahrrad", "bicicleta", "دراجة", "自転車"]),
    Topic("⛵", "sailboat", "the rented sailboat", ["Segelboot", "velero", "مركب شراعي", "ヨット"]),
    Topic("🚌", "bus", "the night bus", ["Bus", "autobús", "حافلة", "バス"]),
    Topic("🚕", "taxi", "the airport taxi", ["Taxi", "taxi", "تاكسي", "タクシー"]),
    Topic("✈️", "airplane", "this airplane", ["Flugzeug", "avión", "طائرة", "飛行機"]),
    Topic("🚁", "helicopter", "the helicopter tour", ["Hubschrauber", "helicóptero", "هليكوبتر", "ヘリコプター"]),
    Topic("🚜", "tractor", "the new tractor", ["Traktor", "tractor", "جرار", "トラクター"]),
    Topic("🚀", "rocket", "the rocket launch", ["Rakete", "cohete", "صاروخ", "ロケット"]),
    Topic("🍕", "pizza", "my pizza", ["Pizza", "pizza", "بيتزا", "ピザ"]),
    Topic("🍔", "hamburger", "this hamburger", ["Hamburger", "hamburguesa", "همبرغر", "ハンバーガー"]),
    Topic("🍩", "doughnut", "the last doughnut", ["Donut", "dónut", "كعكة محلاة", "ドーナツ"]),
    Topic("🍞", "bread", "my homemade bread", ["Brot", "pan de molde", "خبز", "食パン"]),
    Topic("🍎", "red apple", "the red apple", ["Roter Apfel", "manzana roja", "تفاح أحمر", "赤リンゴ"]),
    Topic("🍌", "banana", "my banana smoothie", ["Banane", "plátano", "موز", "バナナ"]),
    Topic("🍇", "grapes", "the grapes we picked", ["Trauben", "uvas", "عنب", "ぶどう"]),
    Topic("🍉", "watermelon", "this watermelon", ["Wassermelone", "sandía", "بطيخ", "スイカ"]),
    Topic("🥕", "carrot", "the carrot soup", ["Karotte", "zanahoria", "جزر", "人参"]),
    Topic("🧀", "cheese wedge", "the cheese wedge", ["Käsestück", "cuña de queso", "قطعة جبن", "チーズ"]),
    Topic("🥚", "egg", "my breakfast egg", ["Ei", "huevo", "بيض", "卵"]),
    Topic("🐕", "dog", "the neighbour's dog", ["Hund", "perro", "كلب", "イヌ"]),
    Topic("🐈", "cat", "our cat", ["Katze", "gato", "قطة", "ネコ"]),
    Topic("🐎", "horse", "the horse ride", ["Pferd", "caballo", "حصان", "馬"]),
    Topic("🐄", "cow", "the cow next door", ["Kuh", "vaca", "بقرة", "牝牛"]),
    Topic("🐖", "pig", "the pig at the fair", ["Schwein", "cerdo", "خنزير", "ブタ"]),
    Topic("🐘", "elephant", "the elephant house", ["Elefant", "elefante", "فيل", "ゾウ"]),
    Topic("🐧", "penguin", "the penguin parade", ["Pinguin", "pingüino", "بطريق", "ペンギン"]),
    Topic("🦉", "owl", "the owl outside", ["Eule", "búho", "بومة", "フクロウ"]),
    Topic("🐟", "fish", "the fish market", ["Fisch", "pez", "سمكة", "魚"]),
    Topic("🐢", "turtle", "my pet turtle", ["Schildkröte", "tortuga", "سلحفاة", "カメ"]),
    Topic("🦋", "butterfly", "the butterfly garden", ["Schmetterling", "mariposa", "فراشة", "チョウ"]),
    Topic("🎸", "guitar", "my guitar lesson", ["Gitarre", "guitarra", "غيتار", "ギター"]),
    Topic("🥁", "drum", "the drum solo", ["Trommel", "tambor", "طبلة", "ドラム"]),
    Topic("🎻", "violin", "the violin concert", ["Geige", "violín", "كمان", "バイオリン"]),
    Topic("🎺", "trumpet", "the trumpet upstairs", ["Trompete", "trompeta", "آلة نفخ", "トランペット"]),
    Topic("⚽", "soccer ball", "our soccer ball", ["Fußball", "balón de fútbol", "كرة قدم", "サッカー"]),
    Topic("🏀", "basketball", "the basketball game", ["Basketball", "balón de baloncesto", "كرة سلة", "バスケットボール"]),
    Topic("📷", "camera", "this camera", ["Fotoapparat", "cámara de fotos", "كاميرا", "カメラ"]),
    Topic("📺", "television", "our television", ["Fernseher", "televisión", "تليفزيون", "テレビ"]),
    Topic("☎️", "telephone", "the office telephone", ["Telefon", "teléfono", "هاتف أرضي", "固定電話"]),
    Topic("💡", "light bulb", "the light bulb", ["Glühbirne", "bombilla", "مصباح مضاء", "電球"]),
    Topic("🔑", "key", "my spare key", ["Schlüssel", "llave", "مفتاح", "鍵"]),
    Topic("☂️", "umbrella", "this umbrella", ["Regenschirm", "paraguas", "شمسية", "傘"]),
    Topic("👗", "dress", "the dress I ordered", ["Kleid", "vestido", "فستان", "ワンピース"]),
    Topic("🎩", "top hat", "that top hat", ["Zylinder", "sombrero de copa", "قبعة رسمية", "シルクハット"]),
    Topic("📚", "books", "these library books", ["Bücherstapel", "libros", "كتب", "本の山"]),
    Topic("✂️", "scissors", "the kitchen scissors", ["Schere", "tijeras", "مقص", "はさみ"]),
    Topic("🔨", "hammer", "my new hammer", ["Hammer", "martillo", "مطرقة", "ハンマー"]),
    Topic("🛏️", "bed", "the hotel bed", ["Bett", "cama", "سرير", "ベッド"]),
    Topic("⛺", "tent", "our tent", ["Zelt", "tienda de campaña", "خيمة", "テント"]),
  ]

  private init(_ character: String, _ name: String, _ words: String, _ names: [String]) {
    glyph = Glyph(character: character, name: name)
    self.words = words
    self.names = names
  }
}
