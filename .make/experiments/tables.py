"""The tables of each part, with 95 % intervals over seeds (Student's t)."""
import math

import plan

# Student's t for 95 %, by degrees of freedom.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
AUC, FIRST = "alignment_auc", "alignment_recall_at_1_of_100"


def interval(values):
    """The mean and half the width of its interval; None for the width of a single value."""
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, None
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return mean, STUDENT[len(values) - 2] * deviation / math.sqrt(len(values))


def words(values, percent=True):
    values = [value for value in values if value is not None]
    if not values:
        return "–"
    mean, half = interval(values)
    factor, digits = (100, 1) if percent else (1, 3)
    return f"{factor * mean:.{digits}f}" + ("" if half is None else f" ± {factor * half:.{digits}f}")


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines) + "\n"


def results(laboratory, name, alpha, seeds):
    return [laboratory.results[f"{name}-alpha{alpha}-seed{seed}"] for seed in seeds]


def accuracies(runs, test=0):
    return [run["tests"][test]["accuracy"] for run in runs]


def row(title, runs):
    """Accuracy and how well the aligned vectors find their pairs, on the test posts."""
    first = [run["tests"][0] for run in runs]
    return [title, str(len(runs)), words(accuracies(runs)), words([test.get(AUC) for test in first]),
            words([test.get(FIRST) for test in first])]


HEAD = ["setting", "seeds", "accuracy, %", "own picture closer than another, %", "own picture first of 100, %"]


def difference(laboratory, name, seeds, test=0):
    """What alignment adds, seed by seed, in points."""
    with_, without = (accuracies(results(laboratory, name, alpha, seeds), test) for alpha in (1, 0))
    return words([a - b for a, b in zip(with_, without)])


def rates(laboratory, prefix="", seeds=plan.SEARCH_SEEDS, tried=plan.RATES):
    rows = []
    for alpha in (1, 0):
        for rate in tried:
            runs = results(laboratory, f"{prefix}rate{rate}", alpha, seeds)
            values = [run["best"]["validation"]["accuracy"] for run in runs]
            chosen = "chosen" if plan.best_rate(laboratory, alpha, prefix, seeds, tried) == rate else ""
            rows.append(["with" if alpha else "without", rate, " ".join(f"{100 * value:.1f}" for value in values), chosen])
    return table(["alignment", "learning rate", "validation accuracy of each seed, %", ""], rows)


def longer(laboratory):
    text = rates(laboratory, "longer-", plan.SEARCH_SEEDS[:1])
    text += table(HEAD, [row("with alignment" if alpha else "without", results(laboratory, "longer", alpha, plan.SEEDS))
                         for alpha in (1, 0)])
    return text + (f"With alignment, accuracy is higher by {difference(laboratory, 'longer', plan.SEEDS)} points "
                   f"({plan.LONG_EPOCHS} epochs, {len(plan.SEEDS)} seeds).\n\n")


def alignment(laboratory):
    text = table(HEAD, [row("with alignment" if alpha else "without", results(laboratory, "base", alpha, plan.SEEDS))
                        for alpha in (1, 0)])
    text += (f"With alignment, accuracy is higher by {difference(laboratory, 'base', plan.SEEDS)} points "
             f"({len(plan.SEEDS)} seeds, the same with and without).\n\n")
    return text + course(laboratory)


def course(laboratory, name="base", seeds=plan.SEEDS):
    """How the vectors of the validation posts lie before, during and after training."""
    rows = []
    for alpha in (1, 0):
        runs = results(laboratory, name, alpha, seeds)
        last = len(runs[0]["epochs"]) - 1
        for epoch in sorted({0, 1, 2, 4, last}):
            now = [run["epochs"][epoch] for run in runs]
            rows.append(["with" if alpha else "without", str(epoch), words([e["accuracy"] for e in now]),
                         words([e["pair_auc"]["value"] for e in now]), words([e["pair_distance"] for e in now], False),
                         words([e["text_space"]["uniformity"] for e in now], False),
                         words([e["image_space"]["uniformity"] for e in now], False),
                         words([e["image_space"]["effective_rank"] for e in now], False)])
    return table(["alignment", "epoch", "accuracy, %", "own picture closer, %", "distance of own pairs", "uniformity of texts",
                  "uniformity of pictures", "effective rank of pictures"], rows)


def temperature(laboratory):
    return table(HEAD, [row(value, results(laboratory, "base" if value == "0.1" else f"tau{value}", 1, plan.SEEDS))
                        for value in plan.TEMPERATURES])


def teachers(laboratory):
    rows = [row(name, results(laboratory, "base" if name == "minilm" else f"teacher-{name}", 1, plan.SEEDS))
            for name in plan.TEACHERS]
    return table(HEAD, [*rows, row("none (α = 0)", results(laboratory, "base", 0, plan.SEEDS))])


def pairs(laboratory, names, seeds):
    """A row for each setting: accuracy with and without alignment, and the difference."""
    return table(["setting", "seeds", "with, %", "without, %", "difference, points"],
                 [[title, str(len(seeds)), *(words(accuracies(results(laboratory, name, alpha, seeds))) for alpha in (1, 0)),
                   difference(laboratory, name, seeds)] for title, name in names])


def sizes(laboratory):
    chosen = [[f"{size} posts"] + [plan.best_rate(laboratory, alpha, f"posts{size}-", plan.SEARCH_SEEDS[:1]) for alpha in (1, 0)]
              for size in plan.SIZES if size != 6000]
    return pairs(laboratory, [(f"{size} posts", "base" if size == 6000 else f"posts{size}") for size in plan.SIZES],
                 plan.SEEDS) + table(["", "learning rate with", "without"], chosen)


def aggregations(laboratory):
    return pairs(laboratory, [(name, "base" if name == "concat" else name) for name in plan.AGGREGATIONS],
                 plan.FEW_SEEDS)


def knowledge(laboratory):
    return pairs(laboratory, [("nothing added", "cross-attention"), ("lexicon", "lexicon"), ("caption", "caption")], plan.FEW_SEEDS)


def modalities(laboratory):
    names = ("text-picture-sound", "text-picture", "text-sound", "picture-sound")
    return table(HEAD, [row(name, results(laboratory, f"modalities-{name}", 1, plan.FEW_SEEDS)) for name in names])


def languages(laboratory):
    rows = []
    for test, language in enumerate(plan.LANGUAGES):
        with_, without = (results(laboratory, "languages", alpha, plan.FEW_SEEDS) for alpha in (1, 0))
        rows.append([language, words(accuracies(with_, test)), words(accuracies(without, test)),
                     difference(laboratory, "languages", plan.FEW_SEEDS, test),
                     words([run["tests"][test].get(AUC) for run in with_])])
    return table(["language", "with, %", "without, %", "difference, points", "own picture closer than another, %"], rows)


def real(laboratory):
    text = rates(laboratory, "real-", plan.SEARCH_SEEDS[:1], plan.REAL_RATES)
    text += table(HEAD, [row("with alignment" if alpha else "without", results(laboratory, "real-cross-attention", alpha, plan.FEW_SEEDS))
                         for alpha in (1, 0)])
    text += pairs(laboratory, [(name, f"real-{name}") for name in (*plan.AGGREGATIONS, "lexicon")], plan.FEW_SEEDS)
    return text + course(laboratory, "real-cross-attention", plan.FEW_SEEDS)


def held_out(laboratory):
    """Accuracy on the posts that chose the epoch against accuracy on the test posts, for trainings that learnt something."""
    rows = []
    for title, is_meant in (("generated posts", lambda name: not name.startswith("real-")), ("tweets", lambda name: name.startswith("real-"))):
        runs = [run for name, run in laboratory.results.items() if is_meant(name) and not name.startswith("languages")]
        pairs_ = [(run["best"]["validation"]["accuracy"], run["tests"][0]["accuracy"]) for run in runs]
        learnt = [pair for pair in pairs_ if title == "tweets" or max(pair) > 0.6]
        if len(learnt) < 3:
            continue
        differences = [100 * (held - full) for held, full in learnt]
        rows.append([title, str(len(learnt)), f"{sum(differences) / len(learnt):+.1f}", f"{deviation(differences):.1f}",
                     f"{max(map(abs, differences)):.1f}", f"{rank_correlation(learnt):.2f}"])
    return table(["posts", "trainings", "held-out minus full, points", "standard deviation", "largest difference", "rank correlation"], rows)


def deviation(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


def rank_correlation(pairs_):
    """Spearman's, with mean ranks for equal values."""
    ranks = []
    for side in zip(*pairs_):
        order = sorted(side)
        ranks.append([(order.index(value) + len(order) - 1 - order[::-1].index(value)) / 2 for value in side])
    means = [sum(side) / len(side) for side in ranks]
    above = [[rank - mean for rank in side] for side, mean in zip(ranks, means)]
    return sum(a * b for a, b in zip(*above)) / math.sqrt(sum(a * a for a in above[0]) * sum(b * b for b in above[1]))


TABLES = {name: globals()[name.replace("-", "_")] for name in plan.PARTS}
