/// Counts the scripts of texts' letters.
package struct ScriptTally {
  private var posts: [String: Int] = [:]
  private var letters: [String: Int] = [:]
  private var withoutLetters = 0
  private var mixed = 0

  package init() {}

  package mutating func add(_ scan: TextScan) {
    guard scan.characters > 0 else { return }
    guard !scan.scripts.isEmpty else {
      withoutLetters += 1
      return
    }
    // Japanese is written in Han and kana together.
    let hasKana = scan.scripts.keys.contains(where: Script.kana.contains)
    var own: [String: Int] = [:]
    for (code, count) in scan.scripts {
      let isJapanese = hasKana && (code == Script.han || Script.kana.contains(code))
      own[isJapanese ? "Han and kana" : Script.name(code), default: 0] += count
    }
    if own.count > 1 { mixed += 1 }
    for (name, count) in own { letters[name, default: 0] += count }
    if let main = own.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) { posts[main.key, default: 0] += 1 }
  }

  package var summary: ScriptSummary {
    let scripts = letters.map { ScriptSummary.Script(name: $0.key, posts: posts[$0.key] ?? 0, letters: $0.value) }
    return ScriptSummary(
      scripts: scripts.sorted { ($1.posts, $1.letters, $0.name) < ($0.posts, $0.letters, $1.name) },
      withoutLetters: withoutLetters, mixed: mixed)
  }
}
