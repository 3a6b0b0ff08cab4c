// Forms work without this. It leads to the first fault, counts characters, shows passwords, asks before what cannot be
// undone, and warns before typed words are left behind.

function leadToFaults(summary) {
  document.title = `${summary.dataset.titlePrefix}: ${document.title}`;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const label = document.querySelector(`label[for="${CSS.escape(target.id)}"]`) || target;
    (target.closest("fieldset") || label).scrollIntoView();
    target.focus({ preventScroll: true });
  });
}

function count(group) {
  const control = group.querySelector("textarea, input");
  const message = group.querySelector(".govuk-character-count__message");
  const most = Number(group.dataset.maxlength);
  let spoken;
  const tell = () => {
    const left = most - [...control.value].length;
    message.textContent = (left < 0 ? group.dataset.over : group.dataset.left).replace("%n", Math.abs(left));
    message.classList.toggle("count-over", left < 0);
    clearTimeout(spoken);
    spoken = setTimeout(() => message.setAttribute("aria-live", left < most / 10 ? "polite" : "off"), 800);
  };
  control.addEventListener("input", tell);
  tell();
}

function revealPassword(wrapper) {
  const input = wrapper.querySelector("input");
  const button = document.createElement("button");
  const label = (shown) => {
    button.textContent = shown ? wrapper.dataset.hide : wrapper.dataset.show;
    button.setAttribute("aria-label", `${button.textContent}: ${wrapper.dataset.what}`);
    input.type = shown ? "text" : "password";
  };
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => label(input.type === "password"));
  input.form?.addEventListener("submit", () => label(false));
  label(false);
  wrapper.append(button);
}

function confirmFirst(form) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
}

function warnOnLeaving(form) {
  const state = () => new URLSearchParams([...new FormData(form)].map(([key, value]) => [key, String(value.name ?? value)])).toString();
  const before = state();
  let sending = false;
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && state() !== before) event.preventDefault();
  });
}

const each = (selector, enhance) => document.querySelectorAll(selector).forEach(enhance);
each('[data-module="error-summary"]', leadToFaults);
each('[data-module="count"]', count);
each('[data-module="password"]', revealPassword);
each("form[data-confirm]", confirmFirst);
each("form[data-leave]", warnOnLeaving);
