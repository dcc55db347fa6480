/// SQL that several of the program's queries share, so that each rule stands in one place.
///
/// A query's file names a part in double braces, `{{confidence mine}}`. What is asked, and what `--explain` shows, is
/// the plain SQL that takes its place.
package enum SQLFragments {
  /// Whether no confidence of a scorer says anything: it is another system's, and each confidence is 1, which stands for a
  /// label alone, or is the greatest of probabilities that are all 0 or 1.
  ///
  /// - Parameter scorer: the scorer's id, as SQL.
  /// - Returns: A condition in SQL.
  package static func lacksConfidence(scorer: String) -> String {
    """
    (
      EXISTS (SELECT 1 FROM scorer AS alone WHERE alone.id = \(scorer) AND alone.precision = 'foreign')
      AND NOT EXISTS (SELECT 1 FROM prediction AS given WHERE given.scorer_id = \(scorer) AND given.confidence < 1)
    )
    """
  }

  /// Whether a prediction is another system's label without probabilities and without a confidence, as an import stores
  /// it: its confidence is 1, and its only probability that of the label, 1.
  ///
  /// The view `scored` of a store has this text, too, so a change here needs a migration that makes the view anew.
  package static func isAlone(_ prediction: String) -> String {
    """
    (\(prediction).confidence >= 1
        AND EXISTS (SELECT 1 FROM scorer WHERE scorer.id = \(prediction).scorer_id AND scorer.precision = 'foreign')
        AND (SELECT count(*) FROM json_each(\(prediction).probabilities)) = 1)
    """
  }

  /// A prediction's confidence; NULL where it says nothing.
  ///
  /// - Parameter prediction: the table's name in the query.
  /// - Returns: an SQL expression.
  package static func confidence(of prediction: String) -> String {
    // An import stores 1 where no confidence was given, so a lower one is known, and only the others are looked up.
    """
    CASE WHEN \(prediction).confidence < 1
      OR NOT (\(isAlone(prediction)) OR \(lacksConfidence(scorer: "\(prediction).scorer_id")))
      THEN \(prediction).confidence END
    """
  }

  /// Whether a scorer is a model of ours: of imported predictions nobody knows what their system made of a text.
  package static func isRead(by scorer: String) -> String { "\(scorer).precision <> 'foreign'" }

  /// A prediction's probabilities; NULL where its system gave its label alone.
  ///
  /// - Parameter prediction: the table's name in the query.
  /// - Returns: an SQL expression.
  package static func probabilities(of prediction: String) -> String {
    "CASE WHEN NOT \(isAlone(prediction)) THEN \(prediction).probabilities END"
  }

  /// A prediction's probabilities; NULL where its system gave none.
  package static func probabilities(of prediction: String, by scorer: String) -> String {
    """
    CASE WHEN \(scorer).options ->> '$.hard' IS NOT 1 AND NOT \(isAlone(prediction)) THEN \(prediction).probabilities END
    """
  }

  /// Whether a scorer has no probabilities but 0 and 1: it is another system's, and those are no more than its labels.
  ///
  /// - Parameter scorer: the scorer's id, as SQL.
  /// - Returns: A condition in SQL; a look at a few rows where there are others, a pass over the scorer's otherwise.
  package static func hasOnlyWholeProbabilities(scorer: String) -> String {
    """
    (
      EXISTS (SELECT 1 FROM scorer AS alone WHERE alone.id = \(scorer) AND alone.precision = 'foreign')
      AND NOT EXISTS (
        SELECT 1 FROM prediction AS given, json_each(given.probabilities) AS member
        WHERE given.scorer_id = \(scorer) AND member.value > 0 AND member.value < 1
      )
    )
    """
  }

  /// Pairs of posts that the runs `:run` and `:against` scored: `post_id` and `other_id`.
  ///
  /// The same post in both; with `pair=key`, otherwise the posts of one key, where each run has one post of that key, and
  /// not two different true labels: neither could judge both runs.
  static let pairs = """
    same_key AS MATERIALIZED (
      SELECT
        max(CASE WHEN run.name = :run THEN entry.post_id END) AS post_id,
        max(CASE WHEN run.name = :against THEN entry.post_id END) AS other_id
      FROM run
      CROSS JOIN entry ON entry.run_id = run.id
      CROSS JOIN post ON post.id = entry.post_id
      WHERE :pair = 'key' AND run.name IN (:run, :against) AND entry.state IN ('scored', 'without_picture')
      GROUP BY post.key
      HAVING min(CASE WHEN run.name = :run THEN entry.post_id END) = max(CASE WHEN run.name = :run THEN entry.post_id END)
        AND min(CASE WHEN run.name = :against THEN entry.post_id END)
          = max(CASE WHEN run.name = :against THEN entry.post_id END)
    ),
    pair (post_id, other_id) AS (
      SELECT entry.post_id, entry.post_id
      FROM run
      CROSS JOIN run AS base
      CROSS JOIN entry ON entry.run_id = run.id
      CROSS JOIN entry AS base_entry INDEXED BY entry_post
        ON base_entry.post_id = entry.post_id AND base_entry.run_id = base.id
      WHERE run.name = :run
        AND base.name = :against
        AND entry.state IN ('scored', 'without_picture')
        AND base_entry.state IN ('scored', 'without_picture')
      UNION ALL
      SELECT post_id, other_id
      FROM same_key
      WHERE post_id <> other_id
        AND (
          (
            SELECT truth.label FROM label AS truth WHERE truth.post_id = same_key.post_id
            ORDER BY truth.noted_at DESC, truth.source LIMIT 1
          ) <> (
            SELECT truth.label FROM label AS truth WHERE truth.post_id = same_key.other_id
            ORDER BY truth.noted_at DESC, truth.source LIMIT 1
          )
        ) IS NOT 1
    )
    """

  /// A query's text with its parts in their places; what is no part stays as it is.
  static func expanded(_ sql: String) -> String {
    var result = "", rest = sql[...]
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      let words = rest[open.upperBound..<close.lowerBound].split(separator: " ").map(String.init)
      result += rest[..<open.lowerBound]
      result += part(words) ?? String(rest[open.lowerBound..<close.upperBound])
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  private static func part(_ words: [String]) -> String? {
    switch (words.first, words.count) {
    case ("confidence", 2): confidence(of: words[1])
    case ("is_read", 2): isRead(by: words[1])
    case ("probabilities", 3): probabilities(of: words[1], by: words[2])
    case ("pairs", 1): pairs
    default: nil
    }
  }
}
