// Practice works without this: it only brings the feedback in without leaving the page, and leads to it.
document.addEventListener("submit", async (event) => {
  const card = event.target.closest("[data-practice]");
  if (!card || event.defaultPrevented) return;
  event.preventDefault();
  const form = event.target;
  try {
    const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Fragment": "1" } });
    if (![200, 422].includes(reply.status)) throw new Error(String(reply.status));
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[data-practice]");
    card.replaceWith(fresh);
    (fresh.querySelector("[data-told]") || fresh.querySelector("[data-answer-error]"))?.focus({ preventScroll: true });
  } catch {
    form.submit();
  }
});
document.querySelector("form.practice [data-told]")?.focus({ preventScroll: true });
