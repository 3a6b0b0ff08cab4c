// The console of a sitting: the list renews itself every five seconds, and acts answer in their rows. Without this the
// page does the same by being sent and read again. On the page of a candidate who waits it looks whether to go on.
const EVERY = 5000;
const form = document.querySelector("form[data-roster]");
const live = document.querySelector("[data-live]");
let last = new Date();
let busy = false;

function put(row, name, words) {
  const cell = row.querySelector(`[data-cell="${name}"]`);
  if (cell && cell.textContent !== words) cell.textContent = words;
}

function show(data) {
  for (const one of data.rows) {
    const row = form.querySelector(`tr[data-seat="${one.seat}"]`);
    if (!row) { location.reload(); return; } // somebody was seated since
    for (const name of ["state", "identity", "saved", "answered", "left", "flags"]) put(row, name, one[name]);
    row.querySelector('[data-cell="state"]').className = `tag tag-${one.tone}`;
    for (const act of ["authorise", "resume"]) row.querySelector(`[data-if="${act}"]`).hidden = !one[act];
  }
  document.querySelectorAll("[data-count]").forEach((cell, n) => { cell.textContent = data.counts[n]; });
  const state = document.querySelector("[data-sitting-state] .tag");
  if (state.textContent !== data.state) { state.textContent = data.state; state.className = `tag tag-${data.tone}`; }
  if (data.outcomes.length) form.querySelectorAll("[data-said]").forEach((cell) => { cell.textContent = ""; });
  for (const said of data.outcomes) {
    const cell = form.querySelector(`tr[data-seat="${said.seat}"] [data-said]`);
    cell.textContent = said.words;
    cell.classList.toggle("is-refused", !said.done);
  }
  last = new Date();
  live.textContent = "";
}

async function renew() {
  if (busy || document.hidden) return;
  try {
    const response = await fetch(form.dataset.roster, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    show(await response.json());
  } catch {
    const time = last.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    live.textContent = live.dataset.lost.replace("{time}", time);
  }
}

function complain(message) {
  const place = form.querySelector("[data-error]");
  place.textContent = message;
  place.hidden = !message;
}

function plainly(button) {
  const carried = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
  form.append(carried);
  form.submit(); // without the module: whatever has to be asked is asked, and what was typed is kept
}

async function act(event) {
  const button = event.submitter;
  if (!button || button.name !== "do") return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  complain("");
  const data = new FormData(form);
  data.append(button.name, button.value);
  try {
    const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(data) });
    if (!(response.headers.get("Content-Type") || "").includes("json")) { plainly(button); return; } // signed out meanwhile
    const answer = await response.json();
    if (response.ok) show(answer);
    else complain(answer.message);
  } catch {
    complain(live.dataset.lost.replace("{time}", last.toLocaleTimeString()));
  }
  busy = false;
  if (button.closest("[hidden]")) button.closest("tr").querySelector(".console-tick").focus(); // its button has gone
}

if (form) {
  const all = form.querySelector("[data-all]");
  all.hidden = false;
  all.addEventListener("change", () => form.querySelectorAll('input[name="seat"]').forEach((box) => { box.checked = all.checked; }));
  form.addEventListener("submit", act);
  setInterval(renew, EVERY);
} else if (document.querySelector("[data-wait]")) {
  setTimeout(() => location.reload(), 2 * EVERY);
}
