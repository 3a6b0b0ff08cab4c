// Labels are dragged, tapped, or carried by keys onto their places. The lists of the plain form stay underneath and hold
// the answer: each move sets a list and says so by a change event, so that saving and putting back work as ever.
const FAR_ENOUGH = 6; // pixels after which a press is a drag and no tap
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

class Placing extends HTMLElement {
  connectedCallback() {
    if (this.board) return;
    this.board = this.querySelector("[data-board]");
    this.slots = [...this.board.querySelectorAll("[data-slot]")]; // the tray, whose code is empty, comes first
    this.board.addEventListener("pointerdown", (event) => this.press(event));
    this.board.addEventListener("click", (event) => this.tap(event));
    this.board.addEventListener("keydown", (event) => this.key(event));
    this.querySelector("[data-picture]")?.addEventListener("click", (event) => this.tapPicture(event));
    this.querySelector("[data-lists]").addEventListener("change", () => this.show());
    this.closest("form")?.addEventListener("restored", () => this.show());
    this.querySelector("[data-to-lists]").addEventListener("click", () => this.use(false));
    this.querySelector("[data-to-board]").addEventListener("click", () => this.use(true));
    this.querySelector("[data-ways]").hidden = false;
    this.use(true);
  }

  use(isBoard) {
    this.letGo();
    this.board.hidden = !isBoard;
    this.querySelector("[data-lists]").hidden = isBoard;
    this.querySelector("[data-to-lists]").hidden = !isBoard;
    this.querySelector("[data-to-board]").hidden = isBoard;
    this.show();
  }

  // ---- What stands where
  list(chip) { return this.querySelector(`[data-list="${chip.dataset.label}"]`); }
  slotOf(chip) { return this.slots.find((slot) => slot.dataset.slot === this.list(chip).value); }
  show() {
    for (const chip of this.board.querySelectorAll("[data-label]")) {
      if (chip.parentElement !== this.slotOf(chip)) this.slotOf(chip).append(chip);
    }
    const filled = (slot) => Boolean(slot.querySelector("[data-label]"));
    for (const slot of this.slots) slot.classList.toggle("zone-filled", filled(slot));
    for (const spot of this.querySelectorAll("[data-spot]")) {
      spot.classList.toggle("spot-on", this.slots.some((slot) => slot.dataset.slot === spot.dataset.spot && filled(slot)));
    }
  }
  put(chip, slot) {
    const before = this.list(chip).value;
    const hasFocus = chip === document.activeElement;
    this.letGo();
    if (slot.dataset.slot !== before) {
      const other = "oneEach" in this.dataset && slot.dataset.slot ? slot.querySelector("[data-label]") : null;
      if (other) this.list(other).value = before;
      this.list(chip).value = slot.dataset.slot;
      this.list(chip).dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (hasFocus) chip.focus();
    this.say(slot.dataset.slot ? this.dataset.sayPut : this.dataset.sayBack, chip, slot);
  }
  say(words, chip, slot) {
    const name = slot ? slot.dataset.name : "";
    this.querySelector("[data-said]").textContent = words.replace("%l", chip.textContent.trim()).replace("%p", name);
  }

  // ---- Picking up, by tap or by key
  pick(chip) {
    this.letGo();
    this.held = chip;
    chip.setAttribute("aria-pressed", "true");
    this.classList.add("placing-held");
    this.aim(this.slotOf(chip));
    this.say(this.dataset.sayPicked, chip);
  }
  aim(slot) {
    this.aimed = slot;
    for (const other of this.slots) other.classList.toggle("zone-aimed", other === slot);
    for (const spot of this.querySelectorAll("[data-spot]")) {
      spot.classList.toggle("spot-aimed", Boolean(slot) && spot.dataset.spot === slot.dataset.slot);
    }
  }
  letGo() {
    this.held?.setAttribute("aria-pressed", "false");
    this.held = null;
    this.classList.remove("placing-held");
    this.aim(null);
  }
  tap(event) {
    if (this.wasDrag) { this.wasDrag = false; return; }
    const chip = event.target.closest("[data-label]");
    const slot = event.target.closest("[data-slot]");
    if (event.detail === 0) return; // a key: `key` has seen to it
    if (this.held && slot && chip !== this.held) this.put(this.held, slot);
    else if (chip) { if (this.held) this.cancel(); else this.pick(chip); }
  }
  tapPicture(event) {
    const slot = this.held && this.slotAt(event.clientX, event.clientY);
    if (slot) this.put(this.held, slot);
  }
  cancel() {
    const chip = this.held;
    this.letGo();
    this.say(this.dataset.sayLeft, chip);
  }
  key(event) {
    const chip = event.target.closest("[data-label]");
    if (!chip || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (this.held === chip) this.put(chip, this.aimed);
      else this.pick(chip);
    } else if (this.held && event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    } else if (this.held && event.key in STEPS) {
      event.preventDefault();
      const next = this.slots.indexOf(this.aimed) + STEPS[event.key];
      this.aim(this.slots[(next + this.slots.length) % this.slots.length]);
      this.say(this.dataset.sayOver, chip, this.aimed);
    } else if (this.held && event.key === "Tab") this.cancel();
  }

  // ---- Dragging
  press(event) {
    const chip = event.target.closest("[data-label]");
    this.wasDrag = false;
    if (!chip || event.button !== 0) return;
    const from = { x: event.clientX, y: event.clientY };
    const move = (moved) => this.drag(chip, from, moved);
    const end = (ended) => {
      for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) chip.removeEventListener(name, act);
      this.drop(chip, ended);
    };
    chip.setPointerCapture(event.pointerId);
    for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) chip.addEventListener(name, act);
  }
  drag(chip, from, event) {
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!this.dragged && Math.hypot(x, y) < FAR_ENOUGH) return;
    if (!this.dragged) { this.letGo(); this.dragged = chip; chip.classList.add("chip-dragged"); }
    chip.style.transform = `translate(${x}px, ${y}px)`;
    this.aim(this.slotAt(event.clientX, event.clientY));
  }
  drop(chip, event) {
    if (!this.dragged) return;
    const slot = event.type === "pointerup" ? this.slotAt(event.clientX, event.clientY) : null;
    this.dragged = null;
    this.wasDrag = true;
    chip.classList.remove("chip-dragged");
    chip.style.transform = "";
    if (slot) this.put(chip, slot);
    else { this.letGo(); this.say(this.dataset.sayLeft, chip); }
  }
  slotAt(x, y) {
    const under = document.elementsFromPoint(x, y);
    const slot = under.map((element) => element.closest("[data-slot]")).find((found) => found && this.contains(found));
    if (slot) return slot;
    const picture = under.find((element) => element.closest("[data-picture]") && this.contains(element));
    return picture ? this.nearest(x, y) : null;
  }
  nearest(x, y) {
    const far = (spot) => {
      const box = spot.getBoundingClientRect();
      return Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y);
    };
    const spot = [...this.querySelectorAll("[data-spot]")].sort((one, other) => far(one) - far(other))[0];
    return far(spot) < 60 ? this.slots.find((slot) => slot.dataset.slot === spot.dataset.spot) : null;
  }
}
customElements.define("laurel-placing", Placing);
