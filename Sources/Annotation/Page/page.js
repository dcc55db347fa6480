"use strict";
// Labels a sample's posts. Each answer is in the store before the next post is shown; the next posts and their pictures
// are fetched ahead. Texts reach the page only as text, never as HTML.

const byID = (name) => document.getElementById(name);
const AHEAD = 5, BEHIND = 3, LONGEST_PAUSE = 120000;
// For so many milliseconds after a key has shown a post, the same key is taken for a double press.
const ECHO = 400;

let session;                    // what the server says at the beginning
let at = 0;                     // the number of the shown post
let shown = null;               // the shown post
let sending = null;             // the answer that is not stored yet
let timer = 0;                  // of the next attempt to send it
let labelled = new Set();       // the numbers of the posts that have a label
let skipped = new Set();        // the numbers of skipped posts
let past = [];                  // what undo takes back, the latest last
let cause = null;               // what showed the post: a label, the function skip, or null
let noting = null;              // the note that is being stored alone
let isDraftKept = true;         // whether the browser has the note that is not stored
let pauses = [];                // milliseconds that the last answers took
let since = 0;                  // when the post was shown
const posts = new Map();        // fetched posts and pictures, by number

class Refusal extends Error {
  constructor(status, body) {
    super(body && body.error || "The server answered " + status + ".");
    this.status = status;
    this.body = body;
  }
}

async function ask(path, options) {
  const response = await fetch(path, Object.assign({ cache: "no-store", credentials: "omit", redirect: "error" }, options));
  if (path.startsWith("picture/") && response.ok) return response.blob();
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(response.status, body);
  return body;
}

// Fetches a post and its picture, once.
function load(number) {
  let entry = posts.get(number);
  if (!entry) {
    entry = fetchPost(number);
    posts.set(number, entry);
    entry.catch(() => posts.delete(number));
  }
  return entry;
}

async function fetchPost(number) {
  const post = await ask("post/" + number);
  if (!post.picture) return post;
  try {
    const image = new Image();
    post.address = URL.createObjectURL(await ask("picture/" + number));
    image.src = post.address;
    image.alt = "The post’s picture";
    image.draggable = false;
    await image.decode();
    image.style.setProperty("--ratio", image.naturalWidth / image.naturalHeight);
    post.image = image;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    post.lack = error.message;
  }
  return post;
}

// Keeps the posts that are near in memory, and no others.
function prepare() {
  const near = upcoming(at, AHEAD).concat(past.slice(-BEHIND).map((step) => step.number), [at, at - 1, at + 1]);
  for (const number of near) if (number >= 1 && number <= session.count) load(number).catch(() => {});
  for (const [number, entry] of posts) {
    if (near.includes(number)) continue;
    posts.delete(number);
    entry.then((post) => { if (post.address) URL.revokeObjectURL(post.address); }, () => {});
  }
}

// The next posts without a label: those after the shown one, those before it, then the skipped ones.
function upcoming(from, count) {
  const found = [], later = [];
  for (let step = 1; step <= session.count && found.length < count; step++) {
    const number = (from - 1 + step) % session.count + 1;
    if (labelled.has(number) || number === at) continue;
    (skipped.has(number) ? later : found).push(number);
  }
  return found.concat(later).slice(0, count);
}

async function show(number, because = null) {
  at = number;
  let post;
  try {
    post = await load(number);
  } catch (error) {
    if (at !== number) return;
    alertUser("Post " + number + " cannot be loaded: " + words(error) + " Trying again …");
    clearTimeout(timer);
    timer = setTimeout(() => { if (at === number) show(number, because); }, 3000);
    return;
  }
  if (at !== number) return;
  shown = post;
  clearAlert();
  draw();
  prepare();
  remember();
  cause = because;
  since = performance.now();
}

// Whether a key was pressed twice: it has shown the post a moment ago, which nobody can have seen since.
function isEcho(action) { return action === cause && performance.now() - since < ECHO; }

function draw() {
  const post = shown;
  byID("post").hidden = byID("answer").hidden = false;
  byID("post").classList.toggle("with-picture", post.picture);
  byID("figure").hidden = !post.picture;
  const lack = document.createElement("p");
  lack.textContent = post.lack || "";
  byID("picture").replaceChildren(...(post.picture ? [post.image || lack] : []));
  byID("reveal").hidden = !session.blur || !post.image;
  reveal(false);
  const text = byID("text"), isEmpty = post.text.trim() === "";
  text.textContent = isEmpty ? "This post has no text." : post.text;
  text.classList.toggle("empty", isEmpty);
  text.lang = isEmpty ? "en" : language(post.text);
  byID("key").textContent = "Post " + post.key;
  byID("prediction").hidden = !session.prediction;
  showModel(false);
  // A new field has nothing of another post that the browser could bring back.
  const note = byID("note").cloneNode(false);
  byID("note").replaceWith(note);
  note.value = draft(at) ?? post.note;
  byID("done").hidden = labelled.size < session.count;
  byID("done").textContent = "Every post has a label. You can close this page and end clfa annotate with Ctrl-C. "
    + "A label key still changes the label of the post that is shown, post " + at + ".";
  drawLabels();
  drawProgress();
  byID("place").focus({ preventScroll: true });
  settle();
  scrollTo(0, 0);
}

// Many labels would hide the post if they stayed at the bottom of a small window.
function settle() {
  const part = byID("answer").offsetHeight || byID("labels").offsetHeight;
  byID("answer").classList.toggle("tall", part > 0.45 * innerHeight);
}

function drawLabels() {
  byID("place").textContent = "Post " + shown.number + " of " + session.count
    + (shown.label === null ? "" : ", labelled " + shown.label);
  for (const button of byID("labels").children) {
    button.setAttribute("aria-pressed", String(button.dataset.label === shown.label));
  }
}

function drawProgress() {
  const done = labelled.size, left = session.count - done;
  byID("bar").max = session.count;
  byID("bar").value = done;
  byID("progress").textContent = done + " of " + session.count + " labelled" + (left ? remaining(left) : "");
  byID("undo").setAttribute("aria-disabled", String(past.length === 0));
  byID("back").setAttribute("aria-disabled", String(at <= 1));
  byID("forth").setAttribute("aria-disabled", String(at >= session.count));
  document.title = done + "/" + session.count + " – " + session.sample;
}

// The time that the other posts will take: their number times the median of the last answers.
function remaining(left) {
  if (pauses.length < 3) return "";
  const sorted = pauses.slice().sort((one, other) => one - other);
  const minutes = Math.ceil(sorted[Math.floor(sorted.length / 2)] * left / 60000);
  if (minutes < 60) return ", about " + minutes + (minutes === 1 ? " minute left" : " minutes left");
  const hours = Math.floor(minutes / 60), rest = Math.round(minutes % 60 / 5) * 5;
  return ", about " + hours + " h" + (rest && rest < 60 ? " " + rest + " min" : "") + " left";
}

// The script decides which shapes Han characters have, and which voice reads them.
function language(text) {
  if (/[\u3040-\u30ff]/.test(text)) return "ja";
  if (/[\uac00-\ud7af]/.test(text)) return "ko";
  return /[\u4e00-\u9fff]/.test(text) ? "zh" : "";
}

function say(text) { byID("status").textContent = text; }

function alertUser(text) {
  byID("alert").textContent = text;
  byID("alert").hidden = false;
  byID("alert").scrollIntoView({ block: "nearest" });
}

function clearAlert() {
  byID("alert").hidden = byID("retry").hidden = true;
  byID("alert").textContent = "";
}

function words(error) {
  return error instanceof Refusal ? error.message
    : "clfa annotate does not answer. If it has ended, start it again and open the address that it prints.";
}
