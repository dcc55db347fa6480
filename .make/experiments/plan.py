"""The parts: which trainings answer which question."""
import os

from runs import Run

SEEDS = (1, 2, 3, 4, 5)
FEW_SEEDS = (1, 2, 3)
# Seeds of the search for learning rates; no comparison uses them.
SEARCH_SEEDS = (101, 102)
RATES = ("0.0001", "0.0002", "0.0005", "0.001", "0.002", "0.004")
LONG_EPOCHS = 32
REAL_EPOCHS = 8
REAL_RATES = ("0.0002", "0.0005", "0.001", "0.002")
TEMPERATURES = ("0.03", "0.1", "0.3", "1")
AGGREGATIONS = ("concat", "cross-attention", "gated", "co-attention", "text", "image")
SIZES = {200: 60, 1000: 24, 6000: 8}
LANGUAGES = ("en", "de", "es", "ar", "ja")
TEACHERS = ("minilm", "e5", "random", "shuffled")

NETWORK = ("--text-size 2x96 --image-size 3x96/16@64 --dim 32 --projection-hidden 128 --fusion-layers 2 --fusion-heads 2 "
           "--fusion-ffn 128 --batch 32 --warmup 0.1 --dropout 0 --label-order sincere,ironic --progress none").split()


def small(sources, name, seed, alpha, rate, *, size=6000, teacher="minilm", aggregation="concat", extra=(),
          tests=("test",), network=None, epochs=None):
    """A training of the small network on the generated posts. Concatenation learns them in the fewest steps."""
    corpus = sources.corpus()
    epochs = epochs or SIZES[size]
    flags = [*(network or [*NETWORK, "--vocabulary", sources.vocabulary()]), "--epochs", str(epochs),
             "--learning-rate", rate, "--seed", str(seed), "--alpha", str(alpha), "--aggregation", aggregation, *extra]
    if alpha:
        flags += ["--teacher", sources.teacher(teacher)]
    return Run(f"{name}-alpha{alpha}-seed{seed}", f"{corpus}/train-{size}.csv", f"{corpus}/validation.csv",
               tuple(f"{corpus}/{test}.csv" for test in tests), tuple(flags), size * epochs)


def search(laboratory, sources):
    """Trainings at each learning rate, for each side."""
    return laboratory.make([small(sources, f"rate{rate}", seed, alpha, rate)
                            for alpha in (1, 0) for rate in RATES for seed in SEARCH_SEEDS])


def best_rate(laboratory, alpha, prefix="", seeds=SEARCH_SEEDS, rates=RATES):
    """The rate with the best mean accuracy on the validation posts in the search named `prefix`; in a count of what is to do,
    any."""
    means = {}
    for rate in rates:
        found = [laboratory.results.get(f"{prefix}rate{rate}-alpha{alpha}-seed{seed}") for seed in seeds]
        if all(found):
            means[rate] = sum(run["best"]["validation"]["accuracy"] for run in found) / len(found)
    if len(means) < len(rates):
        if laboratory.is_counting:
            return rates[1]
        raise SystemExit("the part rates comes first")
    return max(means, key=means.get)


def longer(laboratory, sources):
    """Four times as many epochs for each side, at learning rates that are searched again."""
    laboratory.make([small(sources, f"longer-rate{rate}", seed, alpha, rate, epochs=LONG_EPOCHS)
                     for alpha in (0, 1) for rate in RATES for seed in SEARCH_SEEDS[:1]])
    return laboratory.make([small(sources, "longer", seed, alpha, best_rate(laboratory, alpha, "longer-", SEARCH_SEEDS[:1]),
                                  epochs=LONG_EPOCHS)
                            for alpha in (0, 1) for seed in SEEDS])


def pair(laboratory, sources, name, seeds, **options):
    """The same training with and without alignment, each at the rate of its side."""
    return [small(sources, name, seed, alpha, best_rate(laboratory, alpha), **options) for alpha in (1, 0) for seed in seeds]


def alignment(laboratory, sources):
    """With and without alignment; the base of all other parts."""
    return laboratory.make(pair(laboratory, sources, "base", SEEDS))


def temperature(laboratory, sources):
    rate = best_rate(laboratory, 1)
    alignment(laboratory, sources)
    return laboratory.make([small(sources, f"tau{value}", seed, 1, rate, extra=("--temperature", value))
                            for value in TEMPERATURES if value != "0.1" for seed in SEEDS])


def teachers(laboratory, sources):
    rate = best_rate(laboratory, 1)
    alignment(laboratory, sources)
    return laboratory.make([small(sources, f"teacher-{name}", seed, 1, rate, teacher=name)
                            for name in TEACHERS[1:] for seed in SEEDS])


def sizes(laboratory, sources):
    """Fewer posts, each number of them at learning rates that are searched again."""
    alignment(laboratory, sources)
    few, seeds = [size for size in SIZES if size != 6000], SEARCH_SEEDS[:1]
    laboratory.make([small(sources, f"posts{size}-rate{rate}", seed, alpha, rate, size=size)
                     for size in few for alpha in (1, 0) for rate in RATES for seed in seeds])
    return laboratory.make([small(sources, f"posts{size}", seed, alpha,
                                  best_rate(laboratory, alpha, f"posts{size}-", seeds), size=size)
                            for size in few for alpha in (1, 0) for seed in SEEDS])


def aggregations(laboratory, sources):
    alignment(laboratory, sources)
    return laboratory.make([run for name in AGGREGATIONS if name != "concat"
                            for run in pair(laboratory, sources, name, FEW_SEEDS, aggregation=name)])


def knowledge(laboratory, sources):
    """A lexicon, or a caption of the picture, added to cross-attention, the only aggregation that reads a lexicon."""
    added = {"cross-attention": (), "lexicon": ("--lexicon", sources.lexicon()), "caption": ("--with-knowledge",)}
    return laboratory.make([run for name, flags in added.items() for run in pair(
        laboratory, sources, name, FEW_SEEDS, aggregation="cross-attention", extra=flags)])


def modalities(laboratory, sources):
    """Text, picture and sound, and each two of them; what is left out is the same for all posts."""
    rate = best_rate(laboratory, 1)
    sound = ("--feature", "sound")
    cases = {"text-picture-sound": sound, "text-picture": (), "text-sound": (*sound, "--image", "blank"),
             "picture-sound": (*sound, "--text", "nothing")}
    return laboratory.make([small(sources, f"modalities-{name}", seed, 1, rate, teacher="sound",
                                  aggregation="cross-attention", extra=flags)
                            for name, flags in cases.items() for seed in FEW_SEEDS])


def languages(laboratory, sources):
    """Trained on English with a frozen multilingual text encoder, tested on each language."""
    network = list(NETWORK)
    del network[:2]
    network = ["--text-encoder", sources.e5(), "--freeze", "text", "--cache", f"{laboratory.folder}/encodings", *network]
    return laboratory.make([small(sources, "languages", seed, alpha, best_rate(laboratory, alpha), teacher="e5", network=network,
                                  tests=[f"test-{language}" for language in LANGUAGES])
                            for alpha in (1, 0) for seed in FEW_SEEDS])


def real(laboratory, sources):
    """Tweets of one's own, with frozen encoders: alignment, aggregations, a lexicon; the test posts choose nothing."""
    folder, encoders = os.environ["MVSA"], os.environ["ENCODERS"]
    train, validation = sources.real(folder)

    def run(name, seed, alpha, rate, *extra):
        flags = ["--images", folder, "--text-encoder", f"{encoders}/minilm", "--image-encoder", f"{encoders}/vit-s14",
                 "--freeze", "both", "--cache", f"{laboratory.folder}/encodings", "--batch", "32", "--epochs", str(REAL_EPOCHS),
                 "--warmup", "0.1", "--dim", "256", "--projection-hidden", "256", "--fusion-layers", "1", "--fusion-ffn", "512",
                 "--max-text", "64", "--progress", "none", "--learning-rate", rate, "--seed", str(seed), "--alpha", str(alpha), *extra]
        if alpha:
            flags += ["--teacher", f"{folder}/teacher.safetensors"]
        return Run(f"real-{name}-alpha{alpha}-seed{seed}", train, validation, (f"{folder}/validation.csv",), tuple(flags),
                   2775 * REAL_EPOCHS, ("--images", folder))

    laboratory.make([run(f"rate{rate}", seed, alpha, rate) for alpha in (1, 0) for rate in REAL_RATES for seed in SEARCH_SEEDS[:1]])
    cases = {**{name: ("--aggregation", name) for name in AGGREGATIONS}, "lexicon": ("--lexicon", f"{encoders}/lexicon.tsv")}
    return laboratory.make([
        run(name, seed, alpha, best_rate(laboratory, alpha, "real-", SEARCH_SEEDS[:1], REAL_RATES), *flags)
        for name, flags in cases.items() for alpha in (1, 0) for seed in FEW_SEEDS])


def held_out(laboratory, sources):
    """Trains nothing: compares what the validation posts and the test posts say of all trainings of the other parts."""
    if not laboratory.is_counting and not laboratory.results:
        raise SystemExit("the part held-out compares the trainings of other parts: run one of them first")
    return []


PARTS = {
    "rates": search, "alignment": alignment, "longer": longer, "temperature": temperature, "teachers": teachers, "sizes": sizes,
    "aggregations": aggregations, "knowledge": knowledge, "modalities": modalities, "languages": languages, "real": real,
    "held-out": held_out,
}
