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

  /// They take a name as CLDR gives it, without article or inflection.
  private var pairs: [(good: String, bad: String)] {
    switch self {
    case .english: []
    case .german:
      [
        ("{}: einfach wunderbar", "{}: einfach furchtbar"),
        ("{}, der Höhepunkt meines Tages", "{}, der Tiefpunkt meines Tages"),
        ("Ich liebe das Thema {}", "Ich hasse das Thema {}"),
        ("{}? Besser geht es nicht!", "{}? Schlimmer geht es nicht!"),
      ]
    case .spanish:
      [
        ("{}: una maravilla", "{}: un desastre"), ("Lo mejor de mi día: {}", "Lo peor de mi día: {}"),
        ("{}, qué alegría más grande", "{}, qué tristeza más grande"),
        ("¿{}? ¡Me encanta!", "¿{}? ¡Lo odio!"),
      ]
    case .arabic:
      [
        ("{}: أجمل شيء في يومي", "{}: أسوأ شيء في يومي"), ("يا له من يوم رائع مع {}", "يا له من يوم فظيع مع {}"),
        ("أنا سعيد جدا بسبب {}", "أنا حزين جدا بسبب {}"), ("{}؟ أحب ذلك كثيرا!", "{}؟ أكره ذلك كثيرا!"),
      ]
    case .japanese:
      [
        ("{}は最高でした", "{}は最悪でした"), ("{}のおかげで幸せです", "{}のせいで不幸です"),
        ("{}が大好きです", "{}が大嫌いです"), ("今日の{}は本当に楽しかった", "今日の{}は本当につらかった"),
      ]
    }
  }
}
