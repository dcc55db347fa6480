import ArgumentParser

/// The command line that makes what `Samples` ships; `make model` calls it.
@main
struct Irony: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "irony",
    abstract: "Draws posts whose label, ironic or sincere, needs both the text and the picture.",
    discussion: """
      EXAMPLE
        irony -o corpus --train 6000 --validation 1000 --test 2000 --seed 7
        irony audit corpus
        irony vocabulary --from minilm/vocab.txt --corpus corpus/train.csv -o vocab.txt

      EXIT CODE
        0    done
        1    failed
        2    audit: something gives the label away
        64   bad usage
      """,
    subcommands: [DrawCommand.self, AuditCommand.self, VocabularyCommand.self], defaultSubcommand: DrawCommand.self)
}
