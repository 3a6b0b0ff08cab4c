// Keeps the last heading seen, so that a reader can go on where they left. The page works without it.
const EVERY = 20000;
const own = document.querySelector("script[data-position]");
const headings = [...document.querySelectorAll(".lesson-text :is(h2, h3)[id]")];
let seen = "";
let sent = null;
let sentAt = 0;
let timer = 0;

function send() {
  timer = 0;
  if (seen === sent) return;
  sent = seen;
  sentAt = Date.now();
  fetch(own.dataset.position, {
    method: "PUT",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRFToken": own.dataset.token },
    body: JSON.stringify({ position: sent }),
  }).catch(() => { sent = null; });
}

function soon() {
  if (!timer) timer = setTimeout(send, Math.max(0, sentAt + EVERY - Date.now()));
}

function look() {
  const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2);
  const now = above.length ? above[above.length - 1].id : "";
  if (now !== seen) {
    seen = now;
    soon();
  }
}

if (own) {
  look();
  soon();
  addEventListener("scroll", look, { passive: true });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && seen !== sent) {
      clearTimeout(timer);
      send();
    }
  });
}
