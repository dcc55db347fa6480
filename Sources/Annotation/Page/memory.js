"use strict";
// What the browser keeps: the answer on its way and notes that are not stored, until they are; until the tab is closed,
// which post is shown, which are skipped, and what undo takes back. Without storage, the page works, but forgets.

const MOST_STEPS = 200, MOST_SKIPPED = 10000;

// The posts are part of the name: another store's sample on this port must not get the answer.
function place(what) { return "clfa " + what + ": " + session.posts + ": " + session.annotator; }

function read(storage, what) {
  try { return JSON.parse(storage().getItem(place(what))); } catch { return null; }
}

// Returns whether the value is kept.
function write(storage, what, value) {
  try {
    if (value === null) storage().removeItem(place(what)); else storage().setItem(place(what), JSON.stringify(value));
    return true;
  } catch { return false; }
}

// A browser that forbids storage throws where it is named.
const lasting = () => localStorage, passing = () => sessionStorage;

// A page that is opened after the server was started again can send the answer.
function keep(message) { write(lasting, "answer", message); }

async function sendKept() {
  const message = read(lasting, "answer");
  if (!message) return;
  try {
    const stored = await store(message);
    if (stored.label !== null) labelled.add(stored.number); else labelled.delete(stored.number);
    keep(null);
    forgetDraft(stored);
    say("The answer to post " + stored.number + ", which was not saved before, is saved now.");
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) keep(null);
  }
}

// The note on a post that was typed and not stored; undefined if there is none.
function draft(number) { return (read(lasting, "drafts") || {})[number]; }

function keepDraft() {
  const drafts = read(lasting, "drafts") || {}, note = byID("note").value;
  if (note.trim() === shown.note) delete drafts[shown.number]; else drafts[shown.number] = note;
  isDraftKept = write(lasting, "drafts", Object.keys(drafts).length > 0 ? drafts : null);
}

function forgetDraft(stored) {
  const drafts = read(lasting, "drafts") || {};
  if ((drafts[stored.number] || "").trim() !== stored.note) return;
  delete drafts[stored.number];
  write(lasting, "drafts", Object.keys(drafts).length > 0 ? drafts : null);
}

function remember() {
  write(passing, "tab", { at: at, skipped: [...skipped].slice(-MOST_SKIPPED), past: past.slice(-MOST_STEPS) });
}

// Returns the number of the post to begin with.
function recall() {
  const kept = read(passing, "tab"), isNumber = (number) => number >= 1 && number <= session.count;
  if (kept) {
    skipped = new Set(kept.skipped.filter((number) => isNumber(number) && !labelled.has(number)));
    past = kept.past.filter((step) => isNumber(step.number));
    if (isNumber(kept.at) && !labelled.has(kept.at)) return kept.at;
  }
  return upcoming(0, 1)[0] || 1;
}
