// A long table of which only the rows in sight exist. The row that has the focus always does.
export class Rows {
  // box scrolls; inside it lies body, as high as all the rows. draw(from, to) is called when others come into sight.
  constructor(box, draw) {
    this.box = box;
    this.draw = draw;
    this.count = 0;
    this.height = 1;
    this.from = this.to = 0;
    box.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => { this.measured = false; this.show(); }).observe(box);
  }

  // slack is how many rows beyond the edges exist too, so that scrolling shows no gaps.
  static slack = 10;

  later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const [from, to] = this.sight();
      if (from !== this.from || to !== this.to) this.show();
    });
  }

  sight() {
    const first = Math.floor(this.box.scrollTop / this.height);
    const seen = Math.ceil(this.box.clientHeight / this.height);
    return [Math.max(0, first - Rows.slack), Math.min(this.count, first + seen + Rows.slack)];
  }

  show() {
    if (!this.box.isConnected) return; // locked meanwhile
    if (!this.measured) {
      // The height of a row is that of the style sheet, which knows narrow windows and large letters.
      this.height = parseFloat(getComputedStyle(this.box).getPropertyValue("--row")) *
        parseFloat(getComputedStyle(document.documentElement).fontSize) || 36;
      this.measured = true;
    }
    [this.from, this.to] = this.sight();
    this.draw(this.from, this.to);
  }

  // reveal scrolls until a row is in sight.
  reveal(i) {
    const top = i * this.height;
    const head = this.box.querySelector("[role=row]")?.offsetHeight ?? 0;
    const room = this.box.clientHeight - head;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + this.height > this.box.scrollTop + room) this.box.scrollTop = top + this.height - room;
  }

  // page is how many rows are in sight.
  get page() { return Math.max(1, Math.floor(this.box.clientHeight / this.height) - 2); }
}
