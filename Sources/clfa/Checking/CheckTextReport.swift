import CorpusCheck
import Bytes
import Corpus
import Preparation
import Queries

/// The findings of `clfa check` as lines of text, one section after the other.
struct CheckTextReport {
  private(set) var lines: [String] = []
  let check: CorpusFindings
  private let list: FindingListFile?

  /// Writes all sections; `other` are the files of the other corpus as they were given, and `list` is the file that has
  /// every row behind the findings.
  init(_ check: CorpusFindings, other: [String], list: FindingListFile? = nil) {
    (self.check, self.list) = (check, list)
    rows()
    columns()
    pictures()
    features()
    duplicates()
    labels()
    texts()
    cues()
    words()
    overlap(other)
    findings()
    pictureRules()
  }

  // MARK: - Sections

  private mutating func rows() {
    var head = "\(check.files.joined(separator: " + ")): \(check.rows.counted("row", "rows"))"
    if check.left > 0 { head += ", \(check.left) not in the sample" }
    if check.isLimited { head += "; --limit ended the reading" }
    lines.append(head)
    section("Faults")
    if check.faults.isEmpty { return say("none: every row and every file that it names can be read") }
    table(
      [["stage", "code", "rows"]]
        + check.faults.map { [$0.stage.rawValue, $0.code.rawValue, "\($0.count) (\(share($0.count, check.rows)))"] })
    var words = FaultMessages()
    for line in check.faults.flatMap(\.first).compactMap({ words.line($0) }) { say(line) }
    if check.faults.contains(where: { $0.count > $0.first.count }) {
      say(
        "Only the first of each kind are listed; "
          + (list.map { "all of them are in \($0.path.printable)." }
            ?? "--list FILE.csv writes all of them."))
    }
    if !check.pictures.isDecoded, check.pictures.readable > 0 {
      say("Only the headers of pictures were read; --decode also finds damage after the header.")
    }
  }

  private mutating func columns() {
    section("Columns")
    table(
      [["column", "read as", "empty", "different", "most common"]]
        + check.columns.map { column in
          let values = column.commonest.map { "\(short($0.value, 24)) \(share($0.count, column.rows))" }
          return [
            short(column.name, 30), column.role?.rawValue ?? "kept", share(column.empty, column.rows),
            column.distinct.map(String.init) ?? "over 1000", values.joined(separator: ", "),
          ]
        })
    for notice in check.notices { say("notice: \(notice)") }
    for notice in check.cellNotices { say("notice: \(notice)") }
  }

  private mutating func pictures() {
    let pictures = check.pictures
    guard check.columns.contains(where: { $0.role == .image }) || pictures.readable > 0 else { return }
    section("Pictures")
    var rows = [["posts with a picture that can be read", count(pictures.readable, check.readableRows)]]
    rows.append(["posts that name no picture", count(pictures.unnamed, check.readableRows)])
    for kind in pictures.unreadable {
      rows.append(["posts whose picture cannot be read: \(kind.name)", count(kind.count, check.readableRows)])
    }
    if pictures.turned > 0 {
      rows.append([
        "posts whose picture is stored turned or mirrored (EXIF)", count(pictures.turned, pictures.readable),
      ])
    }
    if pictures.cut > 0 {
      rows.append(["posts whose picture file ends early", count(pictures.cut, pictures.readable)])
    }
    table(rows)
    if pictures.turned > 0 {
      say("A model sees them as they are stored, unless it was trained with --exif-orientation apply.")
    }
    if !pictures.rules.words.isEmpty { say(pictures.rules.words.joined(separator: "; ") + ".") }
    if let missing = pictures.rules.missing { say(missing.prefix(1).uppercased() + missing.dropFirst() + ".") }
    if !pictures.formats.isEmpty {
      say(
        "Formats: "
          + pictures.formats.map { "\($0.name) \(share($0.count, pictures.readable))" }.joined(separator: ", "))
    }
    spread([
      ("width in pixels", pictures.width), ("height in pixels", pictures.height), ("size in bytes", pictures.bytes),
    ])
  }

  private mutating func features() {
    for features in check.features {
      section("Features: \(features.stream), from the column \(short(features.column, 40))")
      let width = features.width.map { " of \($0.counted("number", "numbers"))" } ?? ""
      table([
        ["posts with rows\(width)", count(features.posts, check.readableRows)],
        ["posts without rows", count(features.without, check.readableRows)],
      ])
      spread([("rows per post", features.rows)])
    }
  }

  private mutating func duplicates() {
    let duplicates = check.duplicates
    section("Duplicates")
    if duplicates.hasIDs {
      table([
        ["rows that repeat an earlier id and content", count(duplicates.sameIDSameContent, check.readableRows)],
        [
          "rows that repeat an earlier id with other content", count(duplicates.sameIDOtherContent, check.readableRows),
        ],
      ])
      pairs(duplicates.idExamples)
    }
    equality(
      check.features.isEmpty
        ? "content (text, knowledge and picture)" : "content (text, knowledge, picture and features)",
      duplicates.contents)
    equality("text, ignoring case, punctuation, web addresses and @names", duplicates.texts)
    if check.pictures.readable > 0 { equality("picture, byte by byte", duplicates.pictures) }
    if duplicates.repostGroups > 0 {
      let about = duplicates.repostScale > 1 ? "about " : ""
      say(
        "Reposts (RT, shared, or the same text with other marks): \(about)\(duplicates.reposts) rows in "
          + "\(about)\(duplicates.repostGroups.counted("group", "groups"))")
    }
    if duplicates.nearDuplicateTexts > 0 {
      say(
        "Texts that share at least 80 % of their words with a different, earlier text: \(duplicates.nearDuplicateTexts)"
          + (duplicates.closeContradicting > 0
            ? ", \(duplicates.closeContradicting) of them with another label" : ""))
      pairs(duplicates.closeExamples)
    }
    if duplicates.nearDuplicatesOverLimit > 0 {
      say("\(duplicates.nearDuplicatesOverLimit) texts were compared with the first 200000 different ones only.")
    }
    if let lookalikes = duplicates.lookalikes {
      say(
        "Pictures that look like an earlier picture with other bytes: \(lookalikes)"
          + (duplicates.lookalikeContradicting > 0
            ? ", \(duplicates.lookalikeContradicting) of them with another label" : ""))
      pairs(duplicates.lookalikeExamples)
      if duplicates.lookalikeTooUniform > 0 {
        say(
          "\(duplicates.lookalikeTooUniform.counted("picture was", "pictures were")) not compared by appearance, because they "
            + "are too plain.")
      }
      if duplicates.lookalikePartlyCompared > 0 {
        say(
          "\(duplicates.lookalikePartlyCompared.counted("picture was", "pictures were")) not compared with all others, because too "
            + "many are partly alike.")
      }
      if duplicates.lookalikeOverLimit > 0 {
        say("\(duplicates.lookalikeOverLimit) pictures were compared with the first 200000 only.")
      }
    }
  }

  private mutating func equality(_ name: String, _ kind: DuplicateSummary.Kind) {
    guard kind.different > 0 else { return }
    let about = kind.scale > 1 ? "about " : ""
    var words = "Equal \(name): \(about)\(kind.extra.counted("row repeats", "rows repeat")) an earlier one's "
    words += "(\(about)\(kind.different) different)"
    if kind.contradicting > 0 { words += "; \(about)\(kind.contradicting) appear with different labels" }
    say(words)
    if kind.scale > 1 { say("Estimated from 1 in \(kind.scale) of the different ones.") }
    for group in kind.commonest where group.count > 1 {
      say("  \(group.count) × \(place(group.place)) \(quoted(group.excerpt))")
    }
    guard !kind.contradictions.isEmpty else { return }
    say("  with different labels:")
    pairs(kind.contradictions)
  }

  private mutating func labels() {
    section("Labels")
    guard !check.labels.isEmpty else { return say("none") }
    let labelled = check.labels.reduce(check.otherLabels) { $0 + $1.count }
    table(
      [["label", "rows", "share"]]
        + check.labels.prefix(20).map { [short($0.label.text, 40), "\($0.count)", share($0.count, labelled)] })
    if check.labels.count > 20 { say("and \(check.labels.count - 20) more") }
    if check.otherLabels > 0 { say("\(check.otherLabels) rows have further labels.") }
    if check.unlabelled > 0 { say("\(check.unlabelled.counted("row has", "rows have")) no label.") }
    if check.labels.allSatisfy({ Int($0.label.text) != nil }) {
      say("The labels are numbers; name them with --labels 0=NAME,1=NAME.")
    }
  }

  private mutating func texts() {
    section("Texts")
    let scripts = check.scripts
    var rows = scripts.scripts.prefix(12).map { script in
      [script.name, count(script.posts, check.readableRows), "\(script.letters)"]
    }
    if scripts.withoutLetters > 0 {
      rows.append(["(no letters)", count(scripts.withoutLetters, check.readableRows), "0"])
    }
    if !rows.isEmpty { table([["script", "posts mainly in it", "letters"]] + rows) }
    if scripts.scripts.count > 12 { say("and \(scripts.scripts.count - 12) more scripts") }
    if scripts.mixed > 0 { say("\(scripts.mixed.counted("post has", "posts have")) letters of several scripts.") }
    say("Only scripts are identified, not languages.")
    guard let pieces = check.pieces else { return }
    say("As \(pieces.model) reads them:")
    table([
      ["texts truncated at \(pieces.limit) tokens", count(pieces.truncated, pieces.texts)],
      ["texts with an unknown piece", count(pieces.withUnknown, pieces.texts)],
      ["unknown pieces", count(pieces.unknownPieces, pieces.allPieces)],
    ])
    spread([("pieces per text", pieces.pieces)])
  }

  private mutating func overlap(_ files: [String]) {
    guard let against = check.against else { return }
    section("Also in \(files.joined(separator: " + "))")
    for (kind, found) in against.kinds where found.of > 0 {
      let other = found.contradicting > 0 ? ", \(found.contradicting) of them with another label" : ""
      say("\(found.scale > 1 ? "about " : "")\(count(found.rows, found.of)) rows by \(kind.words)\(other)")
      for example in found.examples.prefix(3) {
        let differ = example.firstLabel != example.secondLabel
        func label(_ name: ByteText?) -> String { differ ? name.map { " (\(short($0.text, 20)))" } ?? "" : "" }
        say(
          "  \(place(example.first))\(label(example.firstLabel)) and "
            + "\(against.place(example.second))\(label(example.secondLabel)) \(quoted(example.excerpt))")
      }
    }
    if against.lookalikeTooUniform > 0 {
      say(
        "\(against.lookalikeTooUniform.counted("picture was", "pictures were")) not compared by appearance, because they are "
          + "too plain.")
    }
    if against.lookalikePartlyCompared > 0 {
      say(
        "\(against.lookalikePartlyCompared.counted("picture was", "pictures were")) not compared with all others, because too "
          + "many of the other corpus are partly alike.")
    }
    if against.lookalikeOverLimit > 0 {
      say("Pictures were compared with the first 200000 different ones of the other corpus only.")
    }
    if against.lookalikes == nil, against.pictures.of > 0 {
      say("Pictures that only look alike were not compared; --decode compares them.")
    }
  }

  private mutating func findings() {
    let findings = check.findings
    section("Findings")
    if findings.isEmpty { say("none") }
    for (number, finding) in findings.enumerated() { say("\(number + 1). \(Advice.message(of: finding))") }
    if let list {
      say(
        "Every row behind findings and duplicates is in \(list.path.printable): \(list.rows.counted("line", "lines")).")
    }
  }

  private mutating func pictureRules() {
    let lines = check.pictures.table.lines
    guard !lines.isEmpty else { return }
    section("Rows and their pictures")
    lines.forEach { say($0) }
  }

  // MARK: - Lines

  mutating func section(_ title: String) { lines += ["", title] }

  mutating func say(_ line: String) { lines.append("  " + line) }

  /// Columns as wide as their widest cell.
  mutating func table(_ rows: [[String]]) {
    TextColumns.lines(rows).forEach { say($0) }
  }

  private mutating func pairs(_ pairs: [DuplicateSummary.Pair]) {
    for pair in pairs {
      func label(_ name: ByteText?) -> String { name.map { " (\(short($0.text, 20)))" } ?? "" }
      let differ = pair.firstLabel != pair.secondLabel
      say(
        "  \(place(pair.first))\(differ ? label(pair.firstLabel) : "") and \(place(pair.second))"
          + "\(differ ? label(pair.secondLabel) : "") \(quoted(pair.excerpt))")
    }
  }

  private mutating func spread(_ rows: [(String, QuantileSketch.Summary?)]) {
    let shown = rows.compactMap { name, summary in
      summary.map { [name] + [$0.least, $0.percentile5, $0.median, $0.percentile95, $0.greatest].map(Self.number) }
    }
    if !shown.isEmpty { table([["", "minimum", "5 %", "median", "95 %", "maximum"]] + shown) }
  }

  private static func number(_ number: Double) -> String { "\(Int(number.rounded()))" }

  private func place(_ place: RowLocation) -> String {
    "\(check.files.indices.contains(place.file) ? check.files[place.file] : "?"):\(place.line)"
  }

  private func count(_ part: Int, _ whole: Int) -> String { "\(part) (\(share(part, whole)))" }

  func share(_ part: Int, _ whole: Int) -> String { whole == 0 ? "–" : Finding.percent(Double(part) / Double(whole)) }

  func quoted(_ text: String) -> String { "“\(short(text, 61))”" }

  func short(_ text: String, _ width: Int) -> String { text.spelled.printable.cut(toWidth: width) }

  /// A word, with everything spelled out that distinguishes it from a word that looks the same.
  func short(word: String, _ width: Int) -> String { word.spelledWord.printable.cut(toWidth: width) }
}

extension Finding.OverlapKind {
  fileprivate var words: String {
    switch self {
    case .ids: "id"
    case .contents: "text, knowledge and picture"
    case .texts: "text, ignoring case, punctuation, web addresses and @names"
    case .pictures: "picture, byte by byte"
    case .lookalikes: "picture that looks alike, with other bytes"
    }
  }
}

extension CorpusOverlap {
  fileprivate func place(_ place: RowLocation) -> String {
    "\(files.indices.contains(place.file) ? files[place.file] : "?"):\(place.line)"
  }
}
