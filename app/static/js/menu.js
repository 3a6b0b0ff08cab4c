// Folding menus open and close by themselves (details); this adds Escape, a click elsewhere, and one open at a time.
const folds = [...document.querySelectorAll('[data-module="fold"]')];

function close(fold, focus) {
  if (!fold.open) return;
  fold.open = false;
  if (focus) fold.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") folds.forEach((fold) => close(fold, fold.contains(document.activeElement)));
});
document.addEventListener("click", (event) => {
  folds.filter((fold) => !fold.contains(event.target)).forEach((fold) => close(fold, false));
});
