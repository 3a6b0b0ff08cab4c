// The item bank: filters answer as they are ticked, and a draft is saved and shown as it is written. Without this the
// buttons of the pages do the same.

const filter = document.querySelector("[data-filter]");
if (filter && matchMedia("(min-width: 1100px)").matches) {
  filter.querySelector(".bank-apply").hidden = true;
  filter.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") filter.requestSubmit();
  });
}

const form = document.querySelector("[data-item-form]");
if (form) keepDraft(form);

function keepDraft(form) {
  const mark = form.elements.mark;
  const status = form.querySelector("[data-saved] span");
  const preview = form.querySelector("[data-preview]");
  const WAIT = 1500;
  let timer = 0;
  let sending = false;
  let dirty = false;
  let halted = !form.hasAttribute("data-autosave");
  let leaving = false;

  const say = (words, waiting) => {
    status.textContent = words;
    status.parentElement.classList.toggle("saved-waiting", Boolean(waiting));
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };

  async function send() {
    if (sending || halted || leaving) return;
    sending = true;
    dirty = false;
    try {
      const data = new FormData(form);
      data.set("act", "autosave");
      data.delete("picture"); // a picture goes with the button, not with every letter
      const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      answer(response, await response.json());
    } catch {
      dirty = true;
      say(form.dataset.failed, true);
      later(5000);
    }
    sending = false;
    if (dirty) later(WAIT);
  }

  function answer(response, data) {
    if (!response.ok) {
      halted = true;
      say(data.error, true);
      return;
    }
    mark.value = data.mark;
    if (!dirty) say(data.saved);
    preview.innerHTML = data.preview;
  }

  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-preview]")) return;
    dirty = true;
    if (halted) return;
    say(form.dataset.waiting, true);
    later(WAIT);
  });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (dirty || sending)) event.preventDefault();
  });
}
