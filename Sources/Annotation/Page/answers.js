"use strict";
// Sends answers and notes, and goes from post to post.

const IGNORED = "The second press was ignored.";

function store(message) {
  return ask("answer", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message),
  });
}

// Whether an answer is possible; otherwise the last one is on its way, or the next post is.
function isReady() {
  if (sending || !shown) return false;
  if (shown.number !== at) say("Post " + at + " is not shown yet; the press was ignored.");
  return shown.number === at;
}

function answer(label, isSecondClick) {
  if (!isReady()) return;
  if (isSecondClick || isEcho(label)) return ignore();
  send({ number: at, label: label, note: byID("note").value.trim(), seen: shown.label });
}

// What was done before stays on the line.
function ignore() {
  const done = byID("status").textContent.replace(IGNORED, "").trim();
  say((done + " " + IGNORED).trim());
}

// Sends an answer, or the step that undo takes back.
function send(message, step = null) {
  say("");
  const hasNewNote = !step && message.note !== "" && message.note !== shown.note;
  sending = { message: message, step: step, hasNewNote: hasNewNote, attempts: 0 };
  setBusy(true);
  keep(message);
  attempt();
}

async function attempt() {
  clearTimeout(timer);
  const current = sending;
  if (!current) return;
  await noting;
  try {
    const stored = await store(current.message);
    if (sending === current) accept(current, stored);
  } catch (error) {
    if (sending !== current) return;
    if (error.status === 409) return differ(current, error);
    const isOver = error.status === 404 || error.status === 421;
    if (error.status < 500 && !isOver) return lose(current, error);
    current.attempts += 1;
    const what = "post " + current.message.number + ", " + named(current.message.label) + ". ";
    alertUser("Not saved yet: " + what + words(error)
      + (isOver ? " The answer is sent from there." : " Trying again …"));
    byID("retry").hidden = false;
    timer = setTimeout(attempt, Math.min(15000, 1000 * 2 ** Math.min(current.attempts, 4)));
  }
}

function named(label) { return label === null ? "no label" : label; }

function finish() {
  sending = null;
  setBusy(false);
  clearAlert();
  keep(null);
}

function accept(current, stored) {
  const isNew = !labelled.has(stored.number) && stored.label !== null, number = stored.number;
  finish();
  update(stored);
  if (current.step) {
    drop(current.step);
    say("Post " + number + ": " + (stored.label === null ? "the label was removed."
      : "labelled " + stored.label + " again, as before."));
    return show(number);
  }
  const before = current.message.seen;
  past.push({ number: number, label: before });
  const pause = performance.now() - since;
  if (isNew && pause < LONGEST_PAUSE) pauses = pauses.concat(pause).slice(-20);
  const what = before === stored.label ? "still " + before
    : "saved " + stored.label + (before === null ? "" : " instead of " + before);
  move("Post " + number + ": " + what + (current.hasNewNote ? ", with the note." : "."), stored.label);
}

// Another page, or another program, changed the label that this page showed.
function differ(current, error) {
  finish();
  drop(current.step);
  update({ number: current.message.number, label: error.body.label, note: error.body.note });
  if (at === current.message.number) draw();
  alertUser("Post " + current.message.number + ": " + error.message + " Your answer, " + named(current.message.label)
    + ", was not saved. Answer again to replace it.");
}

// The store no longer has the post, or undo would bring back a label that can no longer be chosen.
function lose(current, error) {
  finish();
  drop(current.step);
  if (error.status === 410) skipped.add(current.message.number);
  alertUser("Post " + current.message.number + ": " + error.message + " Your answer, " + named(current.message.label)
    + ", was not saved.");
}

// Takes over what the store has of a post.
function update(stored) {
  if (stored.label === null) {
    labelled.delete(stored.number);
  } else {
    labelled.add(stored.number);
    skipped.delete(stored.number);
  }
  forgetDraft(stored);
  const set = (post) => { post.label = stored.label; post.note = stored.note; };
  if (shown && shown.number === stored.number) set(shown);
  const entry = posts.get(stored.number);
  if (entry) entry.then(set, () => {});
}

// Goes on to the next post without a label; after the last one, stays.
function move(sentence, because) {
  const next = upcoming(at, 1)[0];
  if (next) {
    say(sentence);
    return show(next, because);
  }
  say(sentence + (labelled.size === session.count ? " Every post has a label." : ""));
  draw();
  remember();
}

async function skip() {
  if (!isReady()) return;
  if (isEcho(skip)) return ignore();
  const number = at;
  // A note on a post that cannot be labelled is kept.
  if (!await saveNote() || sending || at !== number) return;
  if (upcoming(number, 1).length === 0) {
    return say(shown.label === null ? "Post " + number + " is the only one without a label." : "Every post has a label.");
  }
  past.push({ number: number, isSkip: true, wasSkipped: skipped.has(number) });
  if (shown.label === null) skipped.add(number);
  move("Post " + number + (shown.label === null ? ": skipped; it comes again at the end." : " keeps its label."), skip);
}

// Gives the last post the label that it had before, or goes back to the post that was skipped.
async function undo() {
  if (sending) return;
  const step = past[past.length - 1];
  if (!step) return say("There is nothing to undo.");
  if (!await saveNote() || sending || !past.includes(step)) return;
  if (step.isSkip) {
    drop(step);
    if (!step.wasSkipped) skipped.delete(step.number);
    say("Post " + step.number + (labelled.has(step.number) ? "." : ": not skipped any more."));
    return show(step.number);
  }
  const post = await load(step.number).catch(() => null);
  if (!post || sending || !past.includes(step)) return;
  send({ number: step.number, label: step.label, note: post.note, seen: post.label }, step);
}

function drop(step) { past = past.filter((other) => other !== step); }

function back() { turn(at - 1, "This is the first post."); }

function forth() { turn(at + 1, "This is the last post."); }

// Shows the post before or after this one in the sample.
async function turn(number, end) {
  if (sending) return;
  if (number < 1 || number > session.count) return say(end);
  say("");
  if (await saveNote()) show(number);
}

// Stores a changed note alone. Returns whether it is stored, or there is none.
async function saveNote() {
  const post = shown, note = byID("note").value.trim();
  if (!post || post.number !== at || note === post.note) return true;
  if (sending) {
    say("The note is not saved yet: press Enter in it again.");
    return false;
  }
  noting = store({ number: post.number, label: post.label, note: note, seen: post.label }).then((stored) => {
    update(stored);
    say("Post " + post.number + (note === "" ? ": note removed." : ": note saved."));
    return true;
  }, (error) => {
    // An answer that is on its way brings the note.
    if (sending) return false;
    if (error.status === 409) {
      update({ number: post.number, label: error.body.label, note: error.body.note });
      if (shown === post) drawLabels();
    }
    alertUser("The note on post " + post.number + " is not saved. " + words(error) + " Enter in the note saves it.");
    return false;
  });
  const isStored = await noting;
  noting = null;
  return isStored;
}

function setBusy(isBusy) {
  for (const button of byID("answer").querySelectorAll("button")) button.setAttribute("aria-disabled", String(isBusy));
  if (!isBusy) drawProgress();
}
