// The receipt of an exam that is being scored: looks a few times whether the result is there, then leaves it to the button.
const key = "laurel-await";
const tries = Number(sessionStorage.getItem(key) || 0);
if (tries < 6) {
  sessionStorage.setItem(key, String(tries + 1));
  setTimeout(() => location.reload(), 1500 + tries * 1000);
} else {
  sessionStorage.removeItem(key);
}
