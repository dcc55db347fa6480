/// SQL that several of the program's queries share, so that each rule is in one place.
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

  /// A prediction's confidence; NULL if it says nothing.
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

  /// A prediction's probabilities; NULL if its system gave its label alone.
  ///
  /// - Parameter prediction: the table's name in the query.
  /// - Returns: an SQL expression.
  package static func probabilities(of prediction: String) -> String {
    "CASE WHEN NOT \(isAlone(prediction)) THEN \(prediction).probabilities END"
  }

  /// A prediction's probabilities; NULL if its system gave none.
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

  /// Whether an entry is a post that the run scored, as the first of its rows: with its picture or without one.
  ///
  /// - Parameter entry: the table's name in the query.
  /// - Returns: A condition in SQL.
  package static func isScored(_ entry: String) -> String { "\(entry).state IN ('scored', 'without_picture')" }

  /// Whether an entry is a post that the run scored with its picture, as the first of its rows.
  package static func isScoredWithPicture(_ entry: String) -> String { "\(entry).state = 'scored'" }

  /// Whether an entry is a post that the run scored without a picture, as the first of its rows.
  package static func isScoredWithoutPicture(_ entry: String) -> String { "\(entry).state = 'without_picture'" }

  /// Whether an entry's post has a prediction: the run scored it, at this row or at an earlier one.
  package static func isAnswered(_ entry: String) -> String {
    "\(entry).state IN ('scored', 'without_picture', 'duplicate')"
  }

  /// One post of each group of reposts that a run scored, with the group and the number of its posts there: the first
  /// of those that do not say that they repeat another; of them the earliest, then the one with the smallest key
  /// (shorter ones first, so that numbers are in their order), then the smallest content hash. A post without a group
  /// is one of its own.
  ///
  /// The columns beside `min` are those of its row (sqlite.org/lang_select.html, "bare columns"). That takes half the
  /// time of a window function, which writes all the posts once more.
  ///
  /// The view `distinct_post` of a store has this text, too, so a change here needs a migration that makes the view anew.
  ///
  /// - Parameter run: the run's id, as SQL.
  /// - Returns: A statement with the columns `post_id`, `repost_group` and `posts`; it sorts the run's posts once.
  package static func distinctPosts(ofRun run: String) -> String {
    """
    SELECT post_id, repost_group, posts
    FROM (
      SELECT
        post.id AS post_id,
        post.repost_group,
        count(*) AS posts,
        min(
          coalesce(post.is_repost, -1) || (post.posted_at IS NULL) || coalesce(post.posted_at, '') || char(0)
          || printf('%20d', length(post.key)) || post.key || char(0) || post.content_hash
        ) AS place
      FROM entry
      CROSS JOIN post ON post.id = entry.post_id
      WHERE entry.run_id = \(run) AND \(isScored("entry"))
      GROUP BY coalesce(post.repost_group, post.id)
    )
    WHERE place IS NOT NULL
    """
  }

  /// Whether an entry's post is the one that counts of its reposts in its run.
  ///
  /// - Parameters:
  ///   - entry: the table's name in the query.
  ///   - run: the run's id as SQL, without a name of the query in it: the run's posts are then sorted once, not for each
  ///     row.
  /// - Returns: A condition in SQL.
  package static func isDistinct(_ entry: String, ofRun run: String) -> String {
    // The sign keeps SQLite from looking up each post, which would change the order of the rows.
    """
    +\(entry).post_id IN (
      SELECT post_id FROM (
        \(distinctPosts(ofRun: run).replacing("\n", with: "\n    "))
      )
    )
    """
  }

  // The true label of a post is the one noted last; of labels noted at once, that of the first source. The three that
  // follow say so, each for another place; the view `scored` of a store says it, too.

  /// The true label of a post; NULL if it has none.
  ///
  /// - Parameter post: the post's id, as SQL.
  /// - Returns: an SQL expression.
  package static func trueLabel(of post: String) -> String {
    """
    (
      SELECT truth.label FROM label AS truth WHERE truth.post_id = \(post)
      ORDER BY truth.noted_at DESC, truth.source LIMIT 1
    )
    """
  }

  /// Where the true label of the post of `entry` comes from; together with the post, the key of that label.
  package static let trueLabelSource =
    "(SELECT source FROM label WHERE label.post_id = entry.post_id ORDER BY noted_at DESC, source LIMIT 1)"

  /// Whether a label is the true one of its post; quicker than to ask for the source where most posts have one label.
  ///
  /// - Parameter label: the table's name in the query.
  /// - Returns: A condition in SQL.
  package static func isTrueLabel(_ label: String) -> String {
    """
    NOT EXISTS (
      SELECT 1 FROM label AS later
      WHERE later.post_id = \(label).post_id
        AND (later.noted_at > \(label).noted_at
          OR (later.noted_at = \(label).noted_at AND later.source < \(label).source))
    )
    """
  }

  /// Pairs of posts that the runs `:run` and `:against` scored: `post_id` and `other_id`.
  ///
  /// The same post in both; with `pair=key`, otherwise the posts of one key, where each run has one post of that key, and
  /// not two different true labels: neither could judge both runs.
  private static let pairs = """
    same_key AS MATERIALIZED (
      SELECT
        max(CASE WHEN run.name = :run THEN entry.post_id END) AS post_id,
        max(CASE WHEN run.name = :against THEN entry.post_id END) AS other_id
      FROM run
      CROSS JOIN entry ON entry.run_id = run.id
      CROSS JOIN post ON post.id = entry.post_id
      WHERE :pair = 'key' AND run.name IN (:run, :against) AND {{is_counted entry :run :against}}
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
        AND {{is_counted entry :run}}
        AND {{is_counted base_entry :against}}
      UNION ALL
      SELECT post_id, other_id
      FROM same_key
      WHERE post_id <> other_id
        AND (
          {{true_label same_key.post_id}} <> {{true_label same_key.other_id}}
        ) IS NOT 1
    )
    """

  /// The beginning of the parts that `--distinct` changes.
  static let counted = "{{is_counted"

  /// The condition on an entry, and with `isDistinct` the one that leaves out reposts. With several runs, each entry must
  /// count in its own.
  private static func counted(_ entry: String, _ condition: String, in runs: [String], isDistinct: Bool) -> String {
    guard isDistinct else { return condition }
    return
      ([condition]
      + runs.map { run in
        let distinct = self.isDistinct(entry, ofRun: "(SELECT id FROM run WHERE name = \(run))")
        return runs.count == 1 ? distinct : "(run.name <> \(run) OR \(distinct))"
      }).joined(separator: "\n  AND ")
  }

  /// A query's text with its parts in their places; what is no part stays as it is. A part's lines are indented as the
  /// line that names it. With `isDistinct`, one post of each group of reposts counts.
  static func expanded(_ sql: String, isDistinct: Bool = false) -> String {
    var result = "", rest = sql[...]
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      let words = rest[open.upperBound..<close.lowerBound].split(separator: " ").map(String.init)
      result += rest[..<open.lowerBound]
      let before = sql[..<open.lowerBound], line = before.lastIndex(of: "\n").map(sql.index(after:)) ?? sql.startIndex
      let indentation = before[line...].prefix { $0 == " " }
      result +=
        part(words, isDistinct)?.replacing("\n", with: "\n" + indentation)
        ?? String(rest[open.lowerBound..<close.upperBound])
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  private static func part(_ words: [String], _ isDistinct: Bool) -> String? {
    switch (words.first, words.count) {
    case ("is_counted", 3...):
      counted(words[1], isScored(words[1]), in: Array(words[2...]), isDistinct: isDistinct)
    case ("is_counted_with_picture", 3):
      counted(words[1], isScoredWithPicture(words[1]), in: [words[2]], isDistinct: isDistinct)
    case ("confidence", 2): confidence(of: words[1])
    case ("is_read", 2): isRead(by: words[1])
    case ("probabilities", 3): probabilities(of: words[1], by: words[2])
    case ("is_scored", 2): isScored(words[1])
    case ("is_scored_with_picture", 2): isScoredWithPicture(words[1])
    case ("true_label", 2): trueLabel(of: words[1])
    case ("is_true_label", 2): isTrueLabel(words[1])
    case ("pairs", 1): expanded(pairs, isDistinct: isDistinct)
    default: nil
    }
  }
}
