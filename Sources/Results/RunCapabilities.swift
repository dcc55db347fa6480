import GRDB
import Queries
import Store

/// Which results a run's data allow. Sections, queries and commands all use this.
///
/// For example, a run with only another system's labels can be compared with the truth but has no curves, and a run
/// without stored vectors has no map. A missing result comes with a reason in words and is never computed from
/// placeholder values.
package struct RunCapabilities: Equatable, Sendable {
  /// A kind of data that a section needs.
  package enum Need: CaseIterable, Sendable {
    /// A scored post.
    case posts
    /// A scored post with a true label.
    case truth
    /// The probability of the predicted label.
    case confidence
    /// The probabilities of all labels.
    case probabilities
    /// A scored post with a picture.
    case pictures
    /// The cosine of a post's text and picture.
    case similarity
    /// Vectors of texts and of pictures.
    case pairVectors
    /// Vectors that the model's head reads.
    case fusedVectors
    /// The tokenizer's counts: pieces cut off and unknown pieces.
    case pieces
    /// The times of the posts.
    case dates
  }

  private var told: Set<Need>
  /// Whether the predictions were imported from another system.
  package let isImported: Bool
  /// Whether there are probabilities, but all of them are 0 or 1 and so say no more than labels.
  package let hasWholeProbabilities: Bool

  package init(_ told: Set<Need>, isImported: Bool = false, hasWholeProbabilities: Bool = false) {
    (self.told, self.isImported, self.hasWholeProbabilities) = (told, isImported, hasWholeProbabilities)
  }

  /// Whether the run has this kind of data.
  package func tells(_ need: Need) -> Bool { told.contains(need) }

  /// The first kind of data that the run lacks; nil if it has all of them.
  package func firstMissing(of needs: [Need]) -> Need? { needs.first { !tells($0) } }
}

extension RunCapabilities {
  /// Why a run lacks a kind of data; completes a sentence after "since".
  package func reason(_ need: Need) -> String {
    if !tells(.posts) { return "no post was scored" }
    return switch need {
    case .posts: "no post was scored"
    case .truth: "no scored post has a true label"
    case .confidence:
      hasWholeProbabilities
        ? "all probabilities of the run are exactly 0 or 1, so they say no more than its labels"
        : "the run has labels but no confidences"
    case .probabilities:
      if hasWholeProbabilities {
        "all probabilities of the run are exactly 0 or 1, so they say no more than its labels"
      } else if tells(.confidence) {
        "the run has labels and confidences, but no probabilities of the other labels"
      } else {
        "the run has labels but no confidences"
      }
    case .pictures: "no scored post has a picture"
    case .similarity:
      isImported
        ? "the predictions come from another system, and the store has no vectors for them"
        : "the store holds no cosine of a text and its picture"
    case .pairVectors:
      isImported
        ? "the predictions come from another system, and the store has no vectors for them"
        : "the store holds no vectors of both text and picture"
    case .fusedVectors:
      isImported
        ? "the predictions come from another system, and the store has no vectors for them"
        : "the store holds no fused vectors"
    case .pieces: "the predictions come from another system, which read the texts in its own way"
    case .dates: "no scored post has a date"
    }
  }
}

enum CapabilityQuery {
  /// - Complexity: An index look-up for each kind of data that the run has, a pass over its rows for each that it
  ///   lacks.
  static func fetch(_ database: Database, run: RunFacts, scorer: ScorerFacts) throws -> RunCapabilities {
    var told: Set<RunCapabilities.Need> = []
    let posts = "FROM entry WHERE run_id = ?1 AND \(run.isCounted("entry"))"
    let predictions = """
      FROM entry CROSS JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = entry.post_id
      WHERE entry.run_id = ?1 AND \(run.isCounted("entry"))
      """
    func has(_ space: String) -> String {
      "EXISTS (SELECT 1 FROM embedding WHERE scorer_id = ?2 AND space = '\(space)')"
    }
    let questions: [(RunCapabilities.Need, String)] = [
      (.posts, "EXISTS (SELECT 1 \(posts))"),
      (
        .truth,
        """
        EXISTS (SELECT 1 FROM label)
        AND EXISTS (SELECT 1 \(posts) AND EXISTS (SELECT 1 FROM label WHERE label.post_id = entry.post_id))
        """
      ),
      (.confidence, "NOT \(SQLFragments.lacksConfidence(scorer: "?2"))"),
      (
        .probabilities,
        """
        NOT EXISTS (SELECT 1 FROM scorer WHERE id = ?2 AND options ->> '$.hard' = 1)
        AND NOT \(SQLFragments.hasOnlyWholeProbabilities(scorer: "?2"))
        """
      ),
      (.pictures, "EXISTS (SELECT 1 FROM entry WHERE run_id = ?1 AND \(run.isCountedWithPicture("entry")))"),
      (
        .similarity,
        """
        EXISTS (SELECT 1 FROM prediction WHERE scorer_id = ?2 AND text_image_similarity IS NOT NULL)
        AND EXISTS (SELECT 1 \(predictions) AND prediction.text_image_similarity IS NOT NULL)
        """
      ),
      (.pairVectors, "\(has("text")) AND \(has("image"))"),
      (.fusedVectors, has("fused")),
      (
        .dates,
        "EXISTS (SELECT 1 \(posts) AND EXISTS (SELECT 1 FROM post WHERE id = post_id AND posted_at IS NOT NULL))"
      ),
    ]
    for (need, question) in questions
    where try Bool.fetchOne(database, sql: "SELECT \(question)", arguments: arguments(question, run, scorer)) ?? false {
      told.insert(need)
    }
    if !scorer.isForeign { told.insert(.pieces) }
    let isHard = try Bool.fetchOne(
      database, sql: "SELECT options ->> '$.hard' IS 1 FROM scorer WHERE id = ?", arguments: [scorer.id])
    return RunCapabilities(
      told, isImported: scorer.isForeign,
      hasWholeProbabilities: scorer.isForeign && !told.contains(.probabilities) && isHard == false)
  }

  /// The values of `?1` and `?2`. A statement that has `?2` takes two values, even without `?1`.
  private static func arguments(_ question: String, _ run: RunFacts, _ scorer: ScorerFacts) -> StatementArguments {
    question.contains("?2") ? [run.id, scorer.id] : [run.id]
  }
}
