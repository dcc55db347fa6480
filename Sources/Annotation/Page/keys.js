"use strict";
// Acts on keys and buttons, and begins.

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
  if (isUndo(event)) {
    // The browser's own undo would put what was typed for an earlier post into this one's note.
    event.preventDefault();
    if (!event.repeat && shown) undo();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target === byID("note")) {
    const isEnd = event.key === "Enter" && !event.shiftKey;
    if (event.key === "Escape" || isEnd) {
      event.preventDefault();
      if (isEnd) saveNote();
      byID("place").focus({ preventScroll: true });
    }
    return;
  }
  if (event.key === "Escape") dismiss();
  if (!byID("keys").checked || !shown) return;
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  // A key that is held must not label one post after the other.
  if (!event.repeat) action();
}

// In the note, Ctrl+Z is the browser's.
function isUndo(event) {
  return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && letterOf(event) === "z"
    && event.target !== byID("note");
}

function actionOf(event) {
  // On some keyboards the digits need the shift key; then the place of the key counts.
  const digit = /^[1-9]$/.test(event.key) ? event.key : (/^(?:Digit|Numpad)([1-9])$/.exec(event.code) || [])[1];
  if (digit) {
    const label = session.labels[digit - 1], last = Math.min(9, session.labels.length);
    return label === undefined ? () => say("Key " + digit + " has no label: the labels have the keys 1 to " + last + ".")
      : () => answer(label, false);
  }
  switch (letterOf(event)) {
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

// A key with another script's letter, such as the Cyrillic one in the place of s, counts by its place.
function letterOf(event) {
  const isOther = event.key.charCodeAt(0) > 127 || event.key === "Process";
  const place = isOther ? /^Key([A-Z])$/.exec(event.code) : null;
  return (place ? place[1] : event.key).toLowerCase();
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
    button.addEventListener("click", (event) => answer(label, event.detail > 1));
    byID("labels").append(button);
  });
  for (const key of document.querySelectorAll("button kbd, label kbd")) key.setAttribute("aria-hidden", "true");
  const clicks = { back: back, forth: forth, skip: skip, undo: undo, again: attempt };
  for (const [name, action] of Object.entries(clicks)) byID(name).addEventListener("click", action);
  byID("drop").addEventListener("click", () => {
    clearTimeout(timer);
    const number = sending ? sending.message.number : at;
    finish();
    say("Post " + number + ": not saved. Answer again.");
  });
  byID("ask").addEventListener("click", () => showModel(byID("model").hidden));
  byID("reveal").addEventListener("click", () => reveal(!isRevealed()));
  byID("picture").addEventListener("pointerdown", () => { if (session.blur) reveal(true); });
  addEventListener("pointerup", (event) => { if (session.blur && event.target.closest("#picture")) reveal(false); });
  addEventListener("keydown", pressed);
  addEventListener("keyup", (event) => {
    if (session.blur && letterOf(event) === "b" && event.target !== byID("note")) reveal(false);
  });
  addEventListener("blur", () => { if (session.blur && shown) reveal(false); });
  addEventListener("input", (event) => { if (event.target === byID("note")) keepDraft(); });
  byID("seen").addEventListener("click", dismiss);
  addEventListener("resize", settle);
  addEventListener("beforeunload", (event) => {
    if (sending || noting || !isDraftKept) event.preventDefault();
  });
}

// Hides the notice, also when the page is loaded again.
function dismiss() {
  byID("notice").hidden = true;
  if (session.notice) write(lasting, "notice", session.notice);
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
  byID("notice").hidden = !session.notice || read(lasting, "notice") === session.notice;
  byID("change").textContent = session.notice || "";
  byID("who").textContent = session.sample + " · " + session.annotator;
  connect();
  await sendKept();
  show(recall());
}

begin();
