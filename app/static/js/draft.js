// Saves the text of a draft as it is written. Without this the buttons of the page do the same.

const form = document.getElementById("draft");
const text = form.elements.text;
const version = form.querySelector("[data-version]");
const status = form.querySelector("[data-saved] span");
const theirs = form.querySelector("[data-theirs]");
const WAIT = 1500;
let timer = 0;
let sending = false;
let dirty = false;
let halted = !theirs.hidden;
let leaving = false;

function say(words, waiting) {
  status.textContent = words;
  status.parentElement.classList.toggle("saved-waiting", Boolean(waiting));
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(send, WAIT);
}

async function send() {
  if (sending || halted) return;
  sending = true;
  dirty = false;
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify({ text: text.value, version: Number(version.value) }),
    });
    answer(response, await response.json());
  } catch {
    dirty = true;
    say(form.dataset.failed, true);
    setTimeout(later, 5000);
  }
  sending = false;
  if (dirty) later();
}

function answer(response, data) {
  if (response.ok) {
    version.value = data.version;
    if (!dirty) say(data.saved);
    return;
  }
  halted = true;
  say(data.error, true);
  if (response.status === 409 && "text" in data) {
    version.value = data.version; // sending the page from here on replaces the other text, knowingly
    theirs.querySelector("textarea").value = data.text;
    theirs.hidden = false;
    theirs.scrollIntoView({ block: "nearest" });
  }
}

text.addEventListener("input", () => {
  dirty = true;
  if (halted) return;
  say(form.dataset.waiting, true);
  later();
});
form.addEventListener("submit", () => { leaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (!leaving && (dirty || sending)) event.preventDefault();
});
