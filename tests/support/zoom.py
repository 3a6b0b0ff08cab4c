"""A page magnified four times: 1280 by 1024 pixels leave 320 by 256. (WCAG 2.2, 1.4.10 and 2.4.11)"""

from typing import Any

ZOOMED = {"width": 320, "height": 256}
MOST_COVERED = 0.35

FAULTS = """(mostCovered) => {
  const room = document.scrollingElement, found = [];
  const scrolls = (node) => {
    for (let at = node; at; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const called = (node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""}`;
  if (room.scrollWidth > room.clientWidth) found.push(`scrolls sideways: ${room.scrollWidth}`);
  for (const node of document.body.querySelectorAll("*")) {
    if (!node.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) continue;
    if (node.closest(".govuk-visually-hidden, .hidden-visually, .skip-link, .strip, .band")) continue;
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (!box.width || !box.height || style.clipPath !== "none") continue;  // the last are for listeners only
    if ((box.right > room.clientWidth + 1 || box.left < -1) && !scrolls(node)) found.push(`sticks out: ${called(node)}`);
    const cuts = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
    const isControl = ["INPUT", "SELECT", "TEXTAREA"].includes(node.tagName);
    if (cuts && !isControl && node.scrollWidth > node.clientWidth + 1) found.push(`cut off: ${called(node)}`);
    const floats = ["sticky", "fixed"].includes(style.position);
    if (floats && box.height > innerHeight * mostCovered) found.push(`covers the page: ${called(node)}`);
  }
  return found.slice(0, 5);
}"""


def faults_at_zoom(page: Any) -> list[str]:
    """What scrolls sideways, sticks out, is cut off or covers the page at 400 % zoom; the view is put back afterwards."""
    before = page.viewport_size
    page.set_viewport_size(ZOOMED)
    try:
        return page.evaluate(FAULTS, MOST_COVERED)
    finally:
        page.set_viewport_size(before)
