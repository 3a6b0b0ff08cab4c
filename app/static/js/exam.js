// The quiet room works without this, by plain forms. The module saves each answer as it is given, keeps what is not
// saved yet in memory and in localStorage, tries again with growing waits, and counts the time down. The server decides
// everything: what is saved, what is late, when the time is up.
const room = document.querySelector("[data-exam]");
const form = document.querySelector("[data-answer]");
const say = room.dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const token = document.querySelector('[name="csrf_token"]').value;
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

// What a form answers, by the names of its fields: `answer`, `answer.list`, `answer.map.<key>` (items/rendering.py).
function fieldsOf(element) {
  return [...new FormData(element)].filter(([name]) => name === "answer" || name.startsWith("answer."));
}
function readAnswer(fields) {
  const mapped = fields.filter(([name]) => name.startsWith("answer.map."));
  if (mapped.length) return Object.fromEntries(mapped.map(([name, value]) => [name.slice(11), value]));
  const listed = fields.filter(([name]) => name === "answer.list");
  if (listed.length) return listed.map(([, value]) => value);
  return fields.length ? fields[0][1] : null;
}
function isPartial(fields) {
  const filled = fields.filter(([, value]) => value).length;
  return Boolean(form.querySelector("[data-whole]")) && filled > 0 && filled < fields.length;
}
function putBack(fields) {
  for (const control of form.querySelectorAll('[name="answer"], [name^="answer."]')) {
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
  }
  form.dispatchEvent(new Event("restored")); // for what draws the answer in a way of its own
}

// ---- What stands in the corner and in the banner
function showSaved(words, isWaiting) {
  find("saved-words").textContent = words;
  find("saved").classList.remove("saved-none");
  find("saved").classList.toggle("saved-waiting", isWaiting);
}
const offline = { words: find("offline-words").textContent };
function showBanner(words, href) {
  const link = find("offline-link");
  find("offline-words").textContent = words;
  link.hidden = !href;
  if (href) link.href = href;
  find("offline").querySelector("strong").hidden = words !== offline.words;
  find("offline").hidden = false;
}

// ---- The queue: one waiting answer a question, the newest; it outlives a reload
const key = `laurel-exam:${say.exam}`;
const waiting = new Map(load());
let failures = 0;
let sending = null;
let isBlocked = false;
let isStill = false; // the clock stands still: nothing is sent, the question is covered
let partial = false;
let wake = () => {};

function load() {
  try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return []; }
}
function keep() {
  try {
    if (waiting.size) localStorage.setItem(key, JSON.stringify([...waiting]));
    else localStorage.removeItem(key);
  } catch { /* a browser without storage keeps the answers in memory */ }
}
function flush() {
  wake();
  sending ??= drain().finally(() => { sending = null; });
  return sending;
}
async function drain() {
  while (waiting.size && !isBlocked && !isStill) {
    const [position, entry] = waiting.entries().next().value;
    showSaved(say.saySaving, true);
    const reply = await send(entry);
    if (reply && settle(position, entry, reply)) { failures = 0; continue; }
    if (isBlocked || isStill) return;
    failures += 1;
    showSaved(say.sayWaiting, true);
    if (failures >= 2) showBanner(offline.words, "");
    await Promise.race([pause(Math.min(30000, 1000 * 2 ** Math.min(failures - 1, 5))), new Promise((done) => { wake = done; })]);
  }
}
async function send(entry) {
  try {
    const answer = await fetch(entry.address, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
      body: JSON.stringify({ seq: entry.seq, answer: entry.answer, seconds: entry.seconds }),
      signal: AbortSignal.timeout(15000),
    });
    return { status: answer.status, ...(await answer.json()) };
  } catch { return null; }
}
function settle(position, entry, reply) {
  if (reply.status === 200) {
    forget(position, entry);
    moveClock(reply);
    showSaved((reply.late ? say.sayLate : say.saySaved).replace("%t", reply.saved_at), false);
    if (!isBlocked) find("offline").hidden = true;
    markCell(position, reply.answered);
    return true;
  }
  if (reply.status === 410) { waiting.clear(); keep(); location.assign(reply.next); isBlocked = true; return false; }
  if (reply.state === "paused") { cover(true); return false; }
  if (reply.state === "left") { forget(position, entry); showBanner(reply.message, say.room); return true; }
  if (reply.state === "stale") { forget(position, entry); setSeq(reply.seq); showBanner(reply.message, location.href); return true; }
  if (reply.status === 422) { forget(position, entry); showError(reply.message); partial = true; showSaved(say.sayWaiting, true); return true; }
  if (reply.state === "other-device") { isBlocked = true; showSaved(say.sayWaiting, true); showBanner(reply.message, reply.next); return false; }
  if (reply.status === 401 || reply.status === 400) { isBlocked = true; showSaved(say.sayWaiting, true); showBanner(say.saySignIn, location.href); return false; }
  return false;
}
function forget(position, entry) {
  if (waiting.get(position)?.seq === entry.seq) waiting.delete(position);
  keep();
}

// ---- The question on this page
let seq = form ? Number(form.dataset.seq) : 0;
let last = form ? JSON.stringify(readAnswer(fieldsOf(form))) : "";
let typing;
let typingSince = null; // who writes without a pause is saved every ten seconds

// How long this question was before the candidate since it was last told of; a hint for reports.
let since = Date.now();
let counted = 0;
function spent() {
  const seconds = Math.round((counted + (document.hidden ? 0 : Date.now() - since)) / 1000);
  counted = 0;
  since = Date.now();
  return seconds;
}

function setSeq(number) {
  seq = Math.max(seq, number);
  form.elements.seq.value = seq + 1;
}
function showError(words) {
  const error = find("answer-error");
  error.hidden = !words;
  error.textContent = words;
}
function take() {
  clearTimeout(typing);
  typingSince = null;
  const fields = fieldsOf(form);
  const answer = readAnswer(fields);
  if (JSON.stringify(answer) === last) return;
  partial = isPartial(fields);
  showError("");
  if (partial) { showSaved(say.sayWaiting, true); return; }
  last = JSON.stringify(answer);
  setSeq(seq + 1);
  const unsent = waiting.get(form.dataset.position)?.seconds ?? 0;
  waiting.set(form.dataset.position, { seq, answer, fields, address: form.action, seconds: unsent + spent() });
  keep();
  flush();
}
function markCell(position, isAnswered) {
  const cell = document.querySelector(`[data-cell="${position}"]`);
  if (!cell) return;
  cell.classList.toggle("cell-answered", isAnswered);
  const words = cell.getAttribute("aria-label").split(", ");
  words[1] = isAnswered ? say.sayAnswered : say.sayOpen;
  cell.setAttribute("aria-label", words.join(", "));
  find("answered").textContent = document.querySelectorAll("[data-cell].cell-answered").length;
}
async function emptied(most) {
  await Promise.race([flush(), pause(most)]);
  return waiting.size === 0;
}
async function leave(target) {
  if (await emptied(4000)) location.assign(target);
  else showBanner(offline.words, "");
}
// One way only: the form itself goes, once what was given is saved, so that the server notes that the question is left.
async function goOn(pressed) {
  if (!(await emptied(4000))) { showBanner(offline.words, ""); return; }
  const go = document.createElement("input");
  go.type = "hidden";
  go.name = "go";
  go.value = pressed.value;
  form.append(go);
  form.elements.seq.value = seq + 1;
  form.submit();
}
function clearAnswer() {
  putBack([]);
  partial = false;
  take();
}
async function toggleFlag(button) {
  const isOn = button.getAttribute("aria-pressed") !== "true";
  const body = new URLSearchParams({ csrf_token: token, flag: isOn ? "on" : "off" });
  const reply = await fetch(button.dataset.flag, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (!reply || (reply.type !== "opaqueredirect" && !reply.ok)) { showBanner(offline.words, ""); return; }
  button.setAttribute("aria-pressed", String(isOn));
  button.value = isOn ? "off" : "on";
  const cell = document.querySelector(`[data-cell="${form.dataset.position}"]`);
  cell.querySelector(".cell-flag")?.remove();
  const words = cell.getAttribute("aria-label").split(", ").slice(0, 2);
  if (isOn) {
    cell.append(document.querySelector(".legend .cell-flag").cloneNode(true));
    words.push(say.sayFlagged);
  }
  cell.setAttribute("aria-label", words.join(", "));
}

if (form) {
  const own = waiting.get(form.dataset.position);
  if (own && own.seq > seq) { putBack(own.fields); last = JSON.stringify(own.answer); setSeq(own.seq); }
  form.addEventListener("change", take);
  form.addEventListener("input", (event) => {
    if (event.target.type !== "text" && event.target.type !== "textarea") return;
    clearTimeout(typing);
    typingSince ??= Date.now();
    typing = setTimeout(take, Math.min(900, Math.max(0, typingSince + 10000 - Date.now())));
  });
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (pressed?.hasAttribute("formaction")) return; // files go by the plain form
    take();
    if (partial && pressed?.name !== "clear") return; // the server says what is missing, and keeps what was typed
    event.preventDefault();
    if ("oneway" in form.dataset && pressed?.name === "go" && pressed.value !== form.dataset.position) { goOn(pressed); return; }
    if (pressed?.name === "clear") clearAnswer();
    else if (pressed?.name === "flag") toggleFlag(pressed);
    else if (pressed?.value === "review") leave(say.review);
    else if (pressed?.value === "section") leave(say.section);
    else if (pressed?.value && pressed.value !== form.dataset.position) leave(`${say.room}?q=${pressed.value}`);
  });
}
for (const handIn of document.querySelectorAll("form[data-submit]")) {
  handIn.addEventListener("submit", async (event) => {
    if (!waiting.size) return;
    event.preventDefault();
    if (await emptied(8000)) handIn.submit();
    else showBanner(offline.words, "");
  });
}
window.addEventListener("online", () => { failures = 0; flush(); });
window.addEventListener("beforeunload", (event) => { if (waiting.size && !isUp) event.preventDefault(); });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { counted += Date.now() - since; if (form) take(); return; }
  since = Date.now();
  sync();
});
flush();

// ---- The clock: the server's, counted on here. It is asked every ten seconds, so that time that is given and a pause
// reach this page without a reload.
const clock = find("clock");
let ahead = Date.parse(clock.dataset.now) - Date.now();
let ends = Date.parse(clock.dataset.deadline);
const started = Date.parse(clock.dataset.started);
let isUp = false;
let before = Infinity;

function moveClock(reply) {
  if (!reply.deadline || ("section" in reply && String(reply.section) !== say.part)) return;
  const later = Date.parse(reply.deadline) - ends;
  ahead = Date.parse(reply.now) - Date.now();
  ends += later;
  if (Math.abs(later) > 1500) before = Infinity; // an edge that was passed may come again
  if (later > 1500 && !isStill) announceMore();
}
function announceMore() {
  tick();
  const words = say.sayMore.replace("%t", inWords(secondsLeft()));
  find("announce").textContent = words;
  find("more").textContent = words;
  find("more").hidden = false;
}
async function sync() {
  const reply = await fetch(say.clockAddress, { headers: { Accept: "application/json" } }).then((r) => r.json()).catch(() => null);
  if (!reply?.now || isUp) return;
  if (!["in_progress", "paused"].includes(reply.state) || String(reply.section) !== say.part) {
    if (!waiting.size) location.assign(say.room);
    return;
  }
  moveClock(reply);
  cover(reply.state === "paused");
}
function cover(covers) {
  if (covers === isStill) return;
  isStill = covers;
  clock.classList.toggle("clock-still", covers);
  const questions = find("covered");
  if (questions) { questions.inert = covers; questions.hidden = covers; }
  if (find("still")) find("still").hidden = !covers;
  find("announce").textContent = covers ? say.sayPaused : say.sayOn;
  if (covers) find("still")?.focus();
  else { failures = 0; find("offline").hidden = true; flush(); }
}
function secondsLeft() {
  return Math.max(0, Math.ceil((ends - Date.now() - ahead) / 1000));
}
function inWords(seconds) {
  if (seconds < 90) return say.saySeconds.replace("%n", seconds);
  return say.sayMinutes.replace("%n", Math.round(seconds / 60));
}
async function timeUp() {
  isUp = true;
  find("announce").textContent = say.sayUp;
  showBanner(say.sayUp, "");
  if (form) take();
  await emptied(20000);
  if (say.last !== "1") { location.assign(say.room); return; }
  const handIn = document.createElement("form");
  handIn.method = "post";
  handIn.action = say.submit;
  handIn.innerHTML = '<input type="hidden" name="csrf_token">';
  handIn.firstChild.value = token;
  document.body.append(handIn);
  handIn.submit();
}
function tick() {
  if (isStill) return;
  const left = secondsLeft();
  const whole = ends - started;
  find("clock-left").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  clock.classList.toggle("clock-low", left * 1000 <= whole * 0.05);
  for (const share of [0.2, 0.05]) {
    const edge = Math.floor(whole * share / 1000);
    if (before > edge && left <= edge && before !== Infinity) find("announce").textContent = inWords(left);
  }
  before = left;
  if (left === 0 && !isUp) timeUp();
}
tick();
setInterval(tick, 1000);
setInterval(sync, 10000);

// ---- The case beside its questions: on a narrow screen it is folded once it has been read for the first time
const told = find("case");
if (told && matchMedia("(max-width: 999px)").matches) {
  const seen = `${key}:case:${told.querySelector("summary").textContent.trim()}`;
  if (sessionStorage.getItem(seen)) told.open = false;
  sessionStorage.setItem(seen, "1");
}
