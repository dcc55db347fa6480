/// The language of a post.
package enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case german = "de"
  case spanish = "es"
  case arabic = "ar"
  case japanese = "ja"

  /// All but English, in the order of `Topic.names`.
  package static let others: [Language] = [.german, .spanish, .arabic, .japanese]

  /// The phrases of a mood; a topic's name replaces `{}`.
  package func phrases(of mood: Mood) -> [String] {
    self == .english ? Phrases.of(mood) : pairs.map { mood == .good ? $0.good : $0.bad }
  }

  /// What may precede a phrase.
  var openings: [String] { self == .english ? PostTemplate.openings : [""] }

  /// What may follow a phrase.
  var closings: [String] {
    self == .english ? PostTemplate.closings : ["", "", "", "!", " #mood", " #dailylife", " {user}"]
  }

  /// They take a name as CLDR gives it, without article or inflection. There are ten of a mood, as many as the rounds
  /// that `PhrasePairing` shares out among the splits, so that every topic has a phrase in every split.
  private var pairs: [(good: String, bad: String)] {
    switch self {
    case .english: []
    case .german:
      [
        ("{}: einfach wunderbar", "{}: einfach furchtbar"),
        ("{}, der Höhepunkt meines Tages", "{}, der Tiefpunkt meines Tages"),
        ("Ich liebe das Thema {}", "Ich hasse das Thema {}"),
        ("{}? Besser geht es nicht!", "{}? Schlimmer geht es nicht!"),
        ("{}, und die ganze Woche ist gerettet", "{}, und die ganze Woche ist verdorben"),
        ("Zehn von zehn Punkten für {}", "Null von zehn Punkten für {}"),
        ("Nichts geht über {}", "Nichts ist schlimmer als {}"),
        ("Von {} kann ich nicht genug bekommen", "Von {} habe ich endgültig genug"),
        ("Heute wieder {}, ich freue mich so", "Heute wieder {}, ich ärgere mich so"),
        ("Glücklich dank {}", "Unglücklich wegen {}"),
      ]
    case .spanish:
      [
        ("{}: una maravilla", "{}: un desastre"), ("Lo mejor de mi día: {}", "Lo peor de mi día: {}"),
        ("{}, qué alegría más grande", "{}, qué tristeza más grande"),
        ("¿{}? ¡Me encanta!", "¿{}? ¡Lo odio!"),
        ("Diez de diez para {}", "Cero de diez para {}"),
        ("No hay nada mejor que {}", "No hay nada peor que {}"), ("Muy feliz con {}", "Muy harto de {}"),
        ("{}, y la semana está salvada", "{}, y la semana está arruinada"),
        ("Otra vez {}, qué ilusión", "Otra vez {}, qué asco"), ("Tres hurras por {}", "Tres abucheos para {}"),
      ]
    case .arabic:
      [
        ("{}: أجمل شيء في يومي", "{}: أسوأ شيء في يومي"), ("يا له من يوم رائع مع {}", "يا له من يوم فظيع مع {}"),
        ("أنا سعيد جدا بسبب {}", "أنا حزين جدا بسبب {}"), ("{}؟ أحب ذلك كثيرا!", "{}؟ أكره ذلك كثيرا!"),
        ("عشرة من عشرة: {}", "صفر من عشرة: {}"), ("لا شيء أفضل من {}", "لا شيء أسوأ من {}"),
        ("مرة أخرى {}، يا للفرحة", "مرة أخرى {}، يا للحزن"), ("{}: سعادة كبيرة", "{}: خيبة كبيرة"),
        ("{} في يومي، ما أجمل الحياة", "{} في يومي، ما أصعب الحياة"),
        ("شكرا على {}، تجربة ممتازة", "شكوى من {}، تجربة سيئة"),
      ]
    case .japanese:
      [
        ("{}は最高でした", "{}は最悪でした"), ("{}のおかげで幸せです", "{}のせいで不幸です"),
        ("{}が大好きです", "{}が大嫌いです"), ("今日の{}は本当に楽しかった", "今日の{}は本当につらかった"),
        ("{}に満点をあげたい", "{}に零点をあげたい"), ("{}ほど素敵なものはない", "{}ほど嫌なものはない"),
        ("{}で一週間が明るくなった", "{}で一週間が台無しになった"),
        ("また{}、うれしくてたまらない", "また{}、悲しくてたまらない"),
        ("{}のことを考えると笑顔になる", "{}のことを考えると涙が出る"), ("{}に心から感謝", "{}に心から失望"),
      ]
    }
  }
}
