"use strict";
// Sends answers, and acts on keys and buttons.

function answer(label) {
  if (sending || !shown) return;
  send({ number: at, label: label, note: byID("note").value.trim(), seen: shown.label }, false);
}

function send(message, isUndo) {
  say("");
  sending = { message: message, isUndo: isUndo, attempts: 0 };
  setBusy(true);
  keep(message);
  attempt();
}

async function attempt() {
  clearTimeout(timer);
  const current = sending;
  if (!current) return;
  try {
    const stored = await ask("answer", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(current.message),
    });
    if (sending === current) accept(current, stored);
  } catch (error) {
    if (sending !== current) return;
    if (error.status === 409) return differ(current, error);
    if (error.status === 410) return lose(current, error);
    current.attempts += 1;
    const isOver = error.status === 404 || error.status === 421;
    alertUser("Not saved yet. " + words(error) + (isOver ? " The answer is sent from there." : " Trying again …"));
    byID("retry").hidden = false;
    timer = setTimeout(attempt, Math.min(15000, 1000 * 2 ** Math.min(current.attempts, 4)));
  }
}

function finish() {
  sending = null;
  setBusy(false);
  clearAlert();
  keep(null);
}

function accept(current, stored) {
  const isNew = !labelled.has(stored.number) && stored.label !== null;
  finish();
  update(stored);
  if (current.isUndo) {
    say("The label of post " + stored.number + " was removed.");
    return show(stored.number);
  }
  if (stored.label === null) return move("Note saved.");
  answered = answered.filter((number) => number !== stored.number).concat(stored.number);
  const pause = performance.now() - since;
  if (isNew && pause < LONGEST_PAUSE) pauses = pauses.concat(pause).slice(-20);
  move("Saved: " + stored.label + ".");
}

// Another page, or another program, changed the label that this page showed.
function differ(current, error) {
  finish();
  update({ number: current.message.number, label: error.body.label, note: error.body.note });
  if (at === current.message.number) draw();
  alertUser(error.message + " Your answer, " + (current.message.label || "no label") + ", was not saved. Answer again to replace it.");
}

function lose(current, error) {
  finish();
  skipped.add(current.message.number);
  alertUser(error.message);
}

// Takes over what the store has of a post.
function update(stored) {
  if (stored.label === null) {
    labelled.delete(stored.number);
  } else {
    labelled.add(stored.number);
    skipped.delete(stored.number);
  }
  const set = (post) => { post.label = stored.label; post.note = stored.note; };
  if (shown && shown.number === stored.number) set(shown);
  const entry = posts.get(stored.number);
  if (entry) entry.then(set, () => {});
}

// Goes on to the next post without a label; after the last one, stays.
function move(sentence) {
  const next = upcoming(at, 1)[0];
  if (next) {
    say(sentence);
    return show(next);
  }
  say(sentence + (labelled.size === session.count ? " Every post has a label." : ""));
  draw();
}

function skip() {
  if (sending || !shown) return;
  const note = byID("note").value.trim();
  if (shown.label === null) skipped.add(at);
  // A note on a post that cannot be labelled is kept.
  if (note !== shown.note) return send({ number: at, label: shown.label, note: note, seen: shown.label }, false);
  move(labelled.has(at) ? "" : "Skipped; the post comes again at the end.");
}

function undo() {
  if (sending || answered.length === 0) return;
  const number = answered.pop();
  load(number).then((post) => send({ number: number, label: null, note: post.note, seen: post.label }, true), () => {});
}

function back() {
  if (sending) return;
  const number = visited.pop() || at - 1;
  if (number >= 1) leave(() => show(number, true));
}

function forth() {
  if (!sending && at < session.count) leave(() => show(at + 1));
}

// Saves a changed note before another post is shown.
function leave(go) {
  const note = byID("note").value.trim();
  if (!shown || note === shown.note) return go();
  const number = at;
  ask("answer", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ number: number, label: shown.label, note: note, seen: shown.label }),
  }).then((stored) => { update(stored); go(); }, (error) => alertUser("The note is not saved. " + words(error)));
}

function setBusy(isBusy) {
  for (const button of byID("answer").querySelectorAll("button")) button.setAttribute("aria-disabled", String(isBusy));
  if (!isBusy) drawProgress();
}

// The answer on its way is kept in the browser, so that a page opened after the server was started again can send it.
function keep(message) {
  try {
    if (message) localStorage.setItem(place(), JSON.stringify(message)); else localStorage.removeItem(place());
  } catch { /* Without storage, the answer stays on the page. */ }
}

// The posts are part of the name: another store's sample on this port must not get the answer.
function place() { return "clfa answer: " + session.posts + ": " + session.annotator; }

async function sendKept() {
  let message = null;
  try { message = JSON.parse(localStorage.getItem(place())); } catch { return; }
  if (!message) return;
  try {
    const stored = await ask("answer", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message),
    });
    if (stored.label !== null) labelled.add(stored.number); else labelled.delete(stored.number);
    say("The answer to post " + stored.number + ", which was not saved before, is saved now.");
    keep(null);
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) keep(null);
  }
}

// The picture and the model's answer.

function reveal(isShown) {
  byID("picture").classList.toggle("blurred", session.blur && !isShown);
  byID("reveal").setAttribute("aria-pressed", String(isShown));
}

function isRevealed() { return byID("reveal").getAttribute("aria-pressed") === "true"; }

function showModel(isShown) {
  const prediction = shown.prediction;
  byID("ask").setAttribute("aria-expanded", String(isShown));
  byID("model").hidden = !isShown;
  byID("model").textContent = !isShown ? "" : !prediction ? "The model has no answer for this post."
    : "The model says " + prediction.label
      + (prediction.confidence === null ? "." : " (" + Math.round(100 * prediction.confidence) + " %).");
}

// Keys.

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target === byID("note")) {
    if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) {
      event.preventDefault();
      byID("place").focus({ preventScroll: true });
    }
    return;
  }
  if (!byID("keys").checked || !shown) return;
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  // A key that is held must not label one post after the other.
  if (!event.repeat) action();
}

function actionOf(event) {
  // On some keyboards the digits need the shift key; then the place of the key counts.
  const digit = /^[1-9]$/.test(event.key) ? event.key : (/^(?:Digit|Numpad)([1-9])$/.exec(event.code) || [])[1];
  if (digit) return digit <= session.labels.length ? () => answer(session.labels[digit - 1]) : null;
  switch (event.key.toLowerCase()) {
    case "s": return skip;
    case "u": return undo;
    case "n": return () => byID("note").focus();
    case "m": return session.prediction ? () => showModel(byID("model").hidden) : null;
    case "b": return session.blur ? () => reveal(true) : null;
    case "arrowleft": return back;
    case "arrowright": return forth;
    default: return null;
  }
}

function connect() {
  session.labels.forEach((label, place) => {
    const button = document.createElement("button"), name = document.createElement("bdi");
    button.type = "button";
    button.dataset.label = label;
    name.textContent = label;
    if (place < 9) {
      const key = document.createElement("kbd");
      key.textContent = String(place + 1);
      key.setAttribute("aria-hidden", "true");
      button.setAttribute("aria-keyshortcuts", String(place + 1));
      button.append(key);
    }
    button.append(name);
    button.addEventListener("click", () => answer(label));
    byID("labels").append(button);
  });
  for (const key of document.querySelectorAll("button kbd, label kbd")) key.setAttribute("aria-hidden", "true");
  const clicks = { back: back, forth: forth, skip: skip, undo: undo, again: attempt };
  for (const [name, action] of Object.entries(clicks)) byID(name).addEventListener("click", action);
  byID("drop").addEventListener("click", () => {
    clearTimeout(timer);
    finish();
    say("Not saved. Answer again.");
  });
  byID("ask").addEventListener("click", () => showModel(byID("model").hidden));
  byID("reveal").addEventListener("click", () => reveal(!isRevealed()));
  byID("picture").addEventListener("pointerdown", () => { if (session.blur) reveal(true); });
  addEventListener("pointerup", (event) => { if (session.blur && event.target.closest("#picture")) reveal(false); });
  addEventListener("keydown", pressed);
  addEventListener("keyup", (event) => {
    if (session.blur && event.key.toLowerCase() === "b" && event.target !== byID("note")) reveal(false);
  });
  addEventListener("blur", () => { if (session.blur && shown) reveal(false); });
  addEventListener("resize", settle);
  addEventListener("beforeunload", (event) => {
    if (sending || (shown && byID("note").value.trim() !== shown.note)) event.preventDefault();
  });
}

async function begin() {
  try {
    session = await ask("session");
  } catch (error) {
    alertUser(words(error) + " Trying again …");
    setTimeout(begin, 3000);
    return;
  }
  clearAlert();
  labelled = new Set(session.labelled);
  byID("who").textContent = session.sample + " · " + session.annotator;
  connect();
  await sendKept();
  show(upcoming(0, 1)[0] || 1);
}

begin();
