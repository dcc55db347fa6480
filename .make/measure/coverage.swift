// How often the 95 % interval of each method of `clfa estimate` holds a label's share of the run, over simulated dumps.
// Built and run by .make/coverage.
import Evaluation
import Foundation

/// A kind of dump: how common the label is, how good the model, how it was trained, and how many posts are labelled.
struct Setting {
  var share: Double
  /// The distance between the scores of posts with and without the label, in standard deviations.
  var skill: Double
  /// The label's share among the posts that the model was trained on; its probabilities are right for that share.
  var trainedShare: Double
  var labels: Int
}

/// One simulated dump of posts.
struct Dump {
  var truths: [Double] = []
  var probabilities: [Double] = []
  var share: Double { truths.reduce(0, +) / Double(truths.count) }

  init(_ setting: Setting, posts: Int, random: inout SeededGenerator) {
    for _ in 0..<posts {
      let truth = random.unit() < setting.share ? 1.0 : 0
      let score = setting.skill * (truth - 0.5) + normal(&random)
      // The posterior probability in the training data.
      let odds = exp(setting.skill * score) * setting.trainedShare / (1 - setting.trainedShare)
      truths.append(truth)
      probabilities.append(odds.isFinite ? odds / (1 + odds) : 1)
    }
  }
}

/// A standard normal number (Box and Muller 1958).
func normal(_ random: inout SeededGenerator) -> Double {
  (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit())
}

/// A sample of a dump, drawn from strata, each a list of posts.
func sample(
  _ dump: Dump, strata: [[Int]], counts: [Int], random: inout SeededGenerator
) -> (sample: LabelledSample, posts: [Int]) {
  var drawn: [Int] = []
  let made = zip(strata, counts).map { posts, count in
    var stratum = LabelledSample.Stratum()
    for post in posts { stratum.add(prediction: dump.probabilities[post]) }
    for post in random.shuffled(posts).prefix(count) {
      stratum.label(truth: dump.truths[post], prediction: dump.probabilities[post])
      drawn.append(post)
    }
    return stratum
  }
  return (LabelledSample(made), drawn)
}

/// The intervals of every method for one dump, by the method's name.
func estimates(
  _ dump: Dump, labels: Int, random: inout SeededGenerator
) -> [(name: String, low: Double, high: Double)] {
  let all = Array(dump.truths.indices)
  let predicted = [all.filter { dump.probabilities[$0] <= 0.5 }, all.filter { dump.probabilities[$0] > 0.5 }]
    .filter { !$0.isEmpty }
  var result: [(String, Double, Double)] = []
  func add(_ name: String, _ share: ShareEstimate?) {
    if let share { result.append((name, share.low, share.high)) }
  }
  let (whole, posts) = sample(dump, strata: [all], counts: [labels], random: &random)
  add("prediction-powered", whole.predictionPowered?.share)
  add("plain sample", whole.plain)
  let byLabel = predicted.map { members in
    var stratum = LabelledSample.Stratum(), drawn = Set(posts)
    drawn.formIntersection(members)
    for post in members { stratum.add(prediction: dump.probabilities[post]) }
    for post in drawn.sorted() { stratum.label(truth: dump.truths[post], prediction: dump.probabilities[post]) }
    return stratum
  }
  add("post-stratified", LabelledSample(byLabel).postStratified)
  var confusion = [[0.0, 0.0], [0.0, 0.0]]
  for post in posts { confusion[Int(dump.truths[post])][dump.probabilities[post] > 0.5 ? 1 : 0] += 1 }
  let positives = all.count { dump.probabilities[$0] > 0.5 }
  add(
    "adjusted count",
    AdjustedCount(predicted: [all.count - positives, positives], confusion: confusion, labelled: labels, draws: 400)?
      .shares[1])
  for allocation in SampleAllocation.allCases {
    let deviations = predicted.map { members in
      (members.reduce(0) { $0 + dump.probabilities[$1] * (1 - dump.probabilities[$1]) } / Double(members.count))
        .squareRoot()
    }
    let counts = allocation.counts(size: labels, populations: predicted.map(\.count), deviations: deviations)
    let (strata, _) = sample(dump, strata: predicted, counts: counts, random: &random)
    add("stratified, \(allocation.rawValue)", strata.plain)
    add("stratified, \(allocation.rawValue), prediction-powered", strata.predictionPowered?.share)
  }
  let naive = WilsonInterval(positives, of: all.count)
  result.append(("naive count", naive.low, naive.high))
  return result
}

@main struct Coverage {
  static func main() {
    let dumps = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 500
    let posts = CommandLine.arguments.dropFirst(2).first.flatMap(Int.init) ?? 20_000
    print("share,skill,trained_share,labels,method,dumps,held,mean_width")
    for share in [0.02, 0.05, 0.1, 0.3, 0.5] {
      for labels in [100, 200, 400, 800] where Double(labels) * share >= 5 {
        for (skill, trained) in [(0.5, share), (2.0, share), (2.0, 0.5), (4.0, 0.5)] {
          run(Setting(share: share, skill: skill, trainedShare: trained, labels: labels), dumps: dumps, posts: posts)
        }
      }
    }
  }

  /// Simulates the dumps of one setting, and prints a line for each method.
  static func run(_ setting: Setting, dumps: Int, posts: Int) {
    var random = SeededGenerator(seed: 2022), names: [String] = []
    var held: [String: Int] = [:], widths: [String: Double] = [:], counts: [String: Int] = [:]
    for _ in 0..<dumps {
      let dump = Dump(setting, posts: posts, random: &random)
      for (name, low, high) in estimates(dump, labels: setting.labels, random: &random) {
        if counts[name] == nil { names.append(name) }
        counts[name, default: 0] += 1
        if low <= dump.share, dump.share <= high { held[name, default: 0] += 1 }
        widths[name, default: 0] += high - low
      }
    }
    for name in names {
      let count = counts[name] ?? 1
      let line = [
        "\(setting.share)", "\(setting.skill)", "\(setting.trainedShare)", "\(setting.labels)", "\"\(name)\"",
        "\(count)", String(format: "%.3f", Double(held[name] ?? 0) / Double(count)),
        String(format: "%.4f", (widths[name] ?? 0) / Double(count)),
      ]
      print(line.joined(separator: ","))
    }
  }
}
