// A tap on the picture chooses the place nearest to it, as its line in the list does; the list alone is enough.
const NEAR = 100; // thousandths of the width: 34 px on a phone, so that nobody needs a sure hand

class Hotspot extends HTMLElement {
  connectedCallback() {
    if (this.picture) return;
    this.picture = this.querySelector("[data-picture]");
    this.picture.addEventListener("click", (event) => this.choose(event));
    this.addEventListener("change", () => this.show());
    this.closest("form")?.addEventListener("restored", () => this.show());
    this.classList.add("hotspot-live");
    this.show();
  }

  choose(event) {
    const box = this.picture.getBoundingClientRect();
    const scale = 1000 / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const far = (spot) => Math.hypot(spot.dataset.x - x, spot.dataset.y - y);
    const nearest = [...this.querySelectorAll("[data-spot]")].sort((one, other) => far(one) - far(other))[0];
    if (far(nearest) <= NEAR) this.querySelector(`input[value="${nearest.dataset.spot}"]`).click();
  }

  show() {
    for (const spot of this.querySelectorAll("[data-spot]")) {
      const input = this.querySelector(`input[value="${spot.dataset.spot}"]`);
      spot.classList.toggle("spot-on", input.checked);
    }
  }
}
customElements.define("laurel-hotspot", Hotspot);
