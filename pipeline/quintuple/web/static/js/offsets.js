// The one place where the browser's offsets (UTF-16 units) become code points and back.

/** A text that is addressed by code points, as the server and every file do. */
export class Offsets {
  /** @param {string} text without halves of characters, which the server replaces */
  constructor(text) {
    this.text = text
    /** UTF-16 places of the characters that take two units. @type {number[]} */
    this.wide = []
    for (let at = 0; at < text.length; at += 1) {
      if (text.codePointAt(at) > 0xffff) {
        this.wide.push(at)
        at += 1
      }
    }
  }

  /** How many code points there are. */
  get length() {
    return this.text.length - this.wide.length
  }

  /** @param {number} place in code points @returns {number} in UTF-16 units */
  toUnits(place) {
    return place + this.#count((index) => this.wide[index] - index < place)
  }

  /**
   * @param {number} unit in UTF-16 units
   * @param {boolean} [end] whether a place within a character counts as behind it
   * @returns {number} in code points
   */
  fromUnits(unit, end = false) {
    const before = this.#count((index) => this.wide[index] < unit)
    const inside = before > 0 && this.wide[before - 1] + 1 === unit
    return unit - before + (inside && end ? 1 : 0)
  }

  /** @param {number} start @param {number} end code points */
  slice(start, end) {
    return this.text.slice(this.toUnits(start), this.toUnits(end))
  }

  /** How many of the wide characters, which are in order, pass a test that holds up to one of them. */
  #count(passes) {
    let low = 0
    let high = this.wide.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (passes(middle)) low = middle + 1
      else high = middle
    }
    return low
  }
}
