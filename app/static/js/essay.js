// Counts the words of an essay while it is written, by the rule of grading/kinds/words.py; the server's count holds.
const SIGN = "\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3038-\\u303b\\u3041-\\u312f\\u31a0-\\u31bf\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}";
const UNSPACED = "\\u0e01-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff";
const letter = (which) => `(?=[${which}])[\\p{L}\\p{N}]\\p{M}*`;
const other = `(?![${SIGN}${UNSPACED}])[\\p{L}\\p{N}]\\p{M}*`;
const WORD = new RegExp(`${letter(SIGN)}|((?:${letter(UNSPACED)})+)|(?:${other})+(?:['\\u2019.,\\u2010\\u2011-](?:${other})+)*`, "gu");
const LETTER = new RegExp("[\\p{L}\\p{N}]", "gu");

export function countWords(text) {
  let words = 0;
  for (const found of text.matchAll(WORD)) words += found[1] ? Math.ceil(found[1].match(LETTER).length / 4) : 1;
  return words;
}

class Essay extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.field.addEventListener("input", () => this.count());
    this.closest("form")?.addEventListener("restored", () => this.count());
    this.count();
  }

  count() {
    const words = countWords(this.field.value);
    const isLong = words > Number(this.dataset.most);
    this.querySelector("[data-words]").textContent = words;
    this.querySelector("[data-short]").hidden = words >= Number(this.dataset.least);
    this.querySelector("[data-long]").hidden = !isLong;
    const said = this.querySelector("[data-said]");
    said.textContent = isLong ? said.dataset.sayLong : "";
  }
}
if (!customElements.get("laurel-essay")) customElements.define("laurel-essay", Essay);
