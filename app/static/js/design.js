// Draws a design anew while it is written. Without this a button of the page does the same.

const form = document.querySelector("[data-design]");
const [picture, none, said] = ["picture", "none", "said"].map((name) => form.querySelector(`[data-${name}]`));
const sheet = picture.parentElement;
const WAIT = 450;
const WIDEST = 992;
const shrunk = new WeakMap();
let timer = 0;
let running = null;

// A photograph of some megabytes would be sent with every letter: a small copy is enough for looking.
async function small(file) {
  if (shrunk.has(file)) return shrunk.get(file);
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, WIDEST / bitmap.width);
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const copy = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
  shrunk.set(file, copy);
  return copy;
}

async function typed() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (!(value instanceof File)) continue;
    if (!value.size) data.delete(name);
    else data.set(name, await small(value).catch(() => value), "signature.png");
  }
  return data;
}

function unmark() {
  form.querySelectorAll("[data-live]").forEach((message) => {
    const control = document.getElementById(message.dataset.live);
    control?.removeAttribute("aria-invalid");
    const rest = (control?.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== message.id);
    control?.setAttribute("aria-describedby", rest.join(" "));
    control?.closest(".govuk-form-group").classList.remove("govuk-form-group--error");
    message.remove();
  });
}

function mark(name, words) {
  const found = form.elements[name];
  const control = found instanceof RadioNodeList ? found[0] : found;
  const group = control?.closest(".govuk-form-group");
  if (!group || group.querySelector(".govuk-error-message")) return;
  const message = document.createElement("p");
  message.className = "govuk-error-message";
  message.id = `live-${control.id}`;
  message.dataset.live = control.id;
  message.textContent = words;
  group.classList.add("govuk-form-group--error");
  (control.closest(".design-pick, .govuk-radios") || control).before(message);
  control.closest("details")?.setAttribute("open", "");
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") || ""} ${message.id}`.trim());
}

function show(data) {
  unmark();
  if (data.picture) {
    picture.src = data.picture;
    picture.removeAttribute("width");
    picture.removeAttribute("height");
    picture.hidden = false;
    none.hidden = true;
  }
  Object.entries(data.faults || {}).forEach(([name, words]) => mark(name, words));
  said.textContent = data.picture ? form.dataset.drawn : form.dataset.faulty;
}

async function draw() {
  running?.abort();
  const mine = running = new AbortController();
  sheet.classList.add("design-waits");
  said.textContent = form.dataset.drawing;
  try {
    const response = await fetch(form.dataset.preview, {
      method: "POST", body: await typed(), signal: mine.signal, headers: { Accept: "application/json" },
    });
    if (!response.ok) throw new Error(response.status);
    show(await response.json());
  } catch (fault) {
    if (fault.name === "AbortError") return;
    said.textContent = form.dataset.failed;
  }
  if (mine === running) sheet.classList.remove("design-waits");
}

function offerPicker(input) {
  const picker = document.createElement("input");
  const isColour = (text) => /^#[0-9a-f]{6}$/i.test(text);
  const follow = () => { picker.value = isColour(input.value) ? input.value : input.dataset.colour; };
  picker.type = "color";
  picker.setAttribute("aria-label", `${form.dataset.pick}: ${form.querySelector(`label[for="${input.id}"]`).textContent.trim()}`);
  const pair = document.createElement("div");
  pair.className = "design-pick";
  input.replaceWith(pair);
  pair.append(input, picker);
  follow();
  input.addEventListener("input", follow);
  picker.addEventListener("input", () => {
    input.value = picker.value.toUpperCase();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

form.querySelectorAll("[data-colour]").forEach(offerPicker);
form.querySelector("[data-refresh]").hidden = true;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(draw, WAIT);
});
