// The marking room works without this. It saves each criterion as it is marked, keeps the line of what is missing
// up to date, and adds the keys 0-9, J, K and C, which can be switched off.

const form = document.getElementById("marks");
const saved = document.querySelector("[data-saved] span");
const keysOn = document.querySelector("[data-keys-on]");
const parts = [...form.querySelectorAll("[data-code]")];
const criteria = parts.filter((part) => part.matches("details"));
const state = new Map(parts.map((part) => [part, { timer: 0, sending: false, dirty: false, halted: false }]));
const WAIT = 900;

const find = (part, selector) => part.querySelector(selector);
const read = (part) => ({
  level: find(part, "input[type=radio]:checked")?.value ?? "",
  comment: find(part, "textarea").value,
  version: Number(find(part, "[data-version]").value),
});

function say(text) {
  saved.textContent = text;
  saved.parentElement.classList.toggle("saved-waiting", text === form.dataset.waiting || text === form.dataset.failed);
}

async function send(part) {
  const own = state.get(part);
  if (own.sending || own.halted) return;
  own.sending = true;
  own.dirty = false;
  try {
    const response = await fetch(form.dataset.autosave.replace("CODE", part.dataset.code), {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify(read(part)),
    });
    answer(part, response, await response.json());
  } catch {
    own.dirty = true;
    say(form.dataset.failed);
    setTimeout(() => touch(part), 5000);
  }
  own.sending = false;
  if (own.dirty) later(part);
}

function answer(part, response, data) {
  if (response.ok) {
    find(part, "[data-version]").value = data.version;
    if ([...state.values()].every((own) => !own.dirty)) say(data.saved);
    document.querySelector("[data-held]").textContent = data.held;
    progress(data);
    return;
  }
  say(data.error);
  state.get(part).halted = true;
  if (response.status === 409 && "version" in data) showBoth(part, data);
}

function showBoth(part, theirs) {
  const box = find(part, "[data-other]");
  const line = (text, strong) => {
    const element = document.createElement("p");
    element.append(strong ? Object.assign(document.createElement("strong"), { textContent: text }) : text);
    return element;
  };
  const choice = (label, act) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.className = "govuk-button govuk-button--secondary button-small";
    button.addEventListener("click", () => {
      act();
      find(part, "[data-version]").value = theirs.version;
      state.get(part).halted = false;
      box.hidden = true;
      mirror(part);
      send(part);
    });
    return button;
  };
  const acts = document.createElement("div");
  acts.className = "acts";
  acts.append(
    choice(form.dataset.keep, () => {}),
    choice(form.dataset.use, () => {
      for (const radio of part.querySelectorAll("input[type=radio]")) radio.checked = radio.value === theirs.level;
      find(part, "textarea").value = theirs.comment;
    }),
  );
  box.replaceChildren(line(form.dataset.other, true), line(theirs.level_word ?? ""), line(theirs.comment), acts);
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

function progress(data) {
  const gaps = new Set(data.gaps);
  document.querySelector("[data-count]").textContent = data.complete;
  document.querySelector("[data-missing-line]").textContent = data.missing ? `${form.dataset.still} ${data.missing}` : form.dataset.complete;
  document.querySelector("[data-stands]").textContent = data.as_it_stands;
  for (const link of document.querySelectorAll("[data-jump]")) link.hidden = !gaps.has(link.dataset.jump);
  const marks = document.querySelectorAll("[data-segments] rect");
  criteria.forEach((part, n) => {
    const { level, comment } = read(part);
    marks[n].setAttribute("class", !gaps.has(part.dataset.code) ? "bar-part" : level || comment ? "bar-warning" : "bar-track");
  });
}

function mirror(part) {
  if (!part.matches("details")) return;
  const chosen = find(part, "input[type=radio]:checked");
  const comment = find(part, "textarea").value.trim();
  if (comment) find(part, "[data-line]").textContent = comment;
  if (chosen) {
    const points = Object.assign(document.createElement("b"), { textContent: chosen.dataset.key });
    find(part, "[data-mark]").replaceChildren(`${chosen.dataset.word} `, points);
  }
}

function later(part) {
  const own = state.get(part);
  clearTimeout(own.timer);
  own.timer = setTimeout(() => send(part), WAIT);
}

function touch(part) {
  state.get(part).dirty = true;
  if (!state.get(part).halted) say(form.dataset.waiting);
  mirror(part);
  later(part);
}

form.addEventListener("input", (event) => {
  const part = event.target.closest("[data-code]");
  if (part) touch(part);
});
let leaving = false;
form.addEventListener("submit", () => { leaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (!leaving && [...state.values()].some((own) => own.dirty || own.sending)) event.preventDefault();
});

function open(part, target) {
  if (!part) return;
  for (const other of criteria) other.open = other === part;
  part.scrollIntoView({ block: "nearest" });
  (target ?? find(part, "summary")).focus({ preventScroll: !target });
}

for (const link of document.querySelectorAll("[data-jump]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const part = criteria.find((other) => other.dataset.code === link.dataset.jump);
    open(part, find(part, "input[type=radio]:checked") ? find(part, "textarea") : find(part, "input[type=radio]"));
  });
}

const acts = {
  j: (here) => open(criteria[Math.min(criteria.indexOf(here) + 1, criteria.length - 1)]),
  k: (here) => open(criteria[Math.max(criteria.indexOf(here) - 1, 0)]),
  c: (here) => open(here, here && find(here, "textarea")),
};

function press(event) {
  const typing = event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (typing && event.key === "Escape") typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keysOn.checked) return;
  const here = criteria.find((part) => part.open) ?? criteria[0];
  const cell = /^\d$/.test(event.key) && find(here, `[data-key="${event.key}"]`);
  const act = acts[event.key.toLowerCase()];
  if (!cell && !act) return;
  event.preventDefault();
  if (act) return act(here);
  here.open = true;
  cell.checked = true;
  touch(here);
}

document.querySelector("[data-save]").hidden = true;
document.querySelector("[data-keys]").hidden = false;
keysOn.checked = localStorage.getItem("marking-keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("marking-keys", keysOn.checked ? "on" : "off"));
document.addEventListener("keydown", press);
