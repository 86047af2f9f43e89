// @ts-check
// Virtual scrolling: of a long table only the rows in sight exist, and some beyond the edges.
export class Rows {
  count = 0; // of all the rows
  height = 1; // of one, in pixels
  from = 0; // the first row in sight
  to = 0; // and the first one after it that is not
  #measured = false;
  #frame = 0;

  /**
   * box scrolls; inside it lies a body as high as all the rows. draw is called when others come into sight.
   * @param {HTMLElement} box
   * @param {(from: number, to: number) => void} draw
   */
  constructor(box, draw) {
    this.box = box;
    this.draw = draw;
    box.addEventListener("scroll", () => this.#later(), { passive: true });
    new ResizeObserver(() => { this.#measured = false; this.show(); }).observe(box);
  }

  // slack is how many rows beyond the edges exist too, so that scrolling shows no gaps.
  static slack = 10;

  // later is a debounce: it looks once for each frame.
  #later() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const [from, to] = this.#sight();
      if (from !== this.from || to !== this.to) this.show();
    });
  }

  #sight() {
    const first = Math.floor(this.box.scrollTop / this.height);
    const seen = Math.ceil(this.box.clientHeight / this.height);
    return [Math.max(0, first - Rows.slack), Math.min(this.count, first + seen + Rows.slack)];
  }

  // measure: the height of a row is that of the style sheet, which knows narrow windows and large letters.
  measure() {
    this.height = parseFloat(getComputedStyle(this.box).getPropertyValue("--row")) *
      parseFloat(getComputedStyle(document.documentElement).fontSize) || 36;
    this.#measured = true;
  }

  show() {
    if (!this.box.isConnected) return; // locked meanwhile
    if (!this.#measured) this.measure();
    [this.from, this.to] = this.#sight();
    this.draw(this.from, this.to);
  }

  /**
   * reveal scrolls until a row is in sight.
   * @param {number} i
   */
  reveal(i) {
    const top = i * this.height;
    const head = this.box.querySelector("[role=row]");
    const room = this.box.clientHeight - (head instanceof HTMLElement ? head.offsetHeight : 0);
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + this.height > this.box.scrollTop + room) this.box.scrollTop = top + this.height - room;
  }

  // page is how many rows are in sight.
  get page() { return Math.max(1, Math.floor(this.box.clientHeight / this.height) - 2); }
}
