// A caret in the text, so that a slot can be selected without a mouse.

import { $, el } from './dom.js'
import { activeEvent, on, state } from './store.js'
import { dropSelection, noteSelection, rangeOf } from './reader.js'

/** @type {{anchor: number, focus: number}|null} in code points */
let caret = null
const mark = el('div', { class: 'caret', 'aria-hidden': true })
const box = $('text')

/** Keeps the caret where the text is drawn anew; what was selected has become a slot. */
export function startCaretKeeping() {
  on(['events'], () => {
    if (!caret) return
    caret.anchor = caret.focus
    show()
  })
}

export const isCaretOn = () => caret !== null

/** Puts the caret before the active event's action, else at the start of the text. */
export function startCaret() {
  if (!state.doc) return
  const place = activeEvent()?.action.start ?? 0
  caret = { anchor: place, focus: place }
  $('reader').append(mark)
  box.focus({ preventScroll: true })
  show()
}

export function stopCaret() {
  caret = null
  mark.remove()
  dropSelection()
}

/** @param {KeyboardEvent} event @returns {boolean} whether the key moved the caret */
export function moveCaret(event) {
  if (!caret) return false
  const byWord = event.ctrlKey || event.altKey || event.metaKey
  const next = target(event.key, byWord)
  if (next === null) return false
  caret = { anchor: event.shiftKey ? caret.anchor : next, focus: next }
  show()
  return true
}

/** @param {string} key @param {boolean} byWord @returns {number|null} */
function target(key, byWord) {
  const { offsets } = state.doc
  if (key === 'ArrowLeft' || key === 'ArrowRight') return stepped(key === 'ArrowLeft' ? -1 : 1, byWord)
  if (key === 'ArrowUp' || key === 'ArrowDown') return onLine(key === 'ArrowUp' ? -1 : 1)
  if (key === 'Home') return byWord ? 0 : lineEdge(-1)
  if (key === 'End') return byWord ? offsets.length : lineEdge(1)
  return null
}

/** @param {1|-1} direction @param {boolean} byWord @returns {number} the next edge of a character or word */
function stepped(direction, byWord) {
  const { offsets, language } = state.doc
  const unit = offsets.toUnits(caret.focus)
  // Enough text on both sides for one word; segmenting the whole article at each key would be slow.
  const low = offsets.toUnits(offsets.fromUnits(Math.max(0, unit - 200)))
  const text = offsets.text.slice(low, unit + 200)
  const segments = new Intl.Segmenter(language, { granularity: byWord ? 'word' : 'grapheme' }).segment(text)
  const edges = [...segments].filter((one) => !byWord || one.isWordLike).map((one) => low + one.index + (byWord && direction > 0 ? one.segment.length : 0))
  const last = Math.min(unit + 200, offsets.text.length)
  const next = direction > 0 ? [...edges, last].find((edge) => edge > unit) : [low, ...edges].findLast((edge) => edge < unit)
  return offsets.fromUnits(next ?? unit)
}

/** @returns {DOMRect} where the caret stands */
function place() {
  const { length } = state.doc.offsets
  const { focus } = caret
  const range = focus < length ? rangeOf(focus, focus + 1) : rangeOf(Math.max(0, length - 1), length)
  const rect = range.getClientRects()[0] ?? range.getBoundingClientRect()
  return new DOMRect(focus < length ? rect.left : rect.right, rect.top, 2, rect.height)
}

/** @param {1|-1} direction @returns {number} the place above or below */
function onLine(direction) {
  const from = place()
  const line = parseFloat(getComputedStyle(box).lineHeight)
  for (let step = 1; step <= 4; step += 1) {
    const found = placeAt(from.left, from.top + from.height / 2 + direction * step * (line / 2))
    if (found !== null && found !== caret.focus && Math.abs(topOf(found) - from.top) > line / 2) return found
  }
  return direction < 0 ? 0 : state.doc.offsets.length
}

/** @param {number} at @returns {number} */
function topOf(at) {
  const end = Math.min(at + 1, state.doc.offsets.length)
  return (rangeOf(Math.min(at, end), end).getClientRects()[0] ?? place()).top
}

/** @param {1|-1} direction @returns {number} the edge of the line */
function lineEdge(direction) {
  const from = place()
  const bounds = box.getBoundingClientRect()
  return placeAt(direction < 0 ? bounds.left + 1 : bounds.right - 1, from.top + from.height / 2) ?? caret.focus
}

/** @param {number} x @param {number} y @returns {number|null} the place of the text under a point of the window */
function placeAt(x, y) {
  const found = document.caretPositionFromPoint
    ? document.caretPositionFromPoint(x, y)
    : legacy(document.caretRangeFromPoint?.(x, y))
  if (!found || !box.contains(found.offsetNode)) return null
  const range = document.createRange()
  range.selectNodeContents(box)
  range.setEnd(found.offsetNode, found.offset)
  return state.doc.offsets.fromUnits(range.toString().length)
}

const legacy = (range) => (range ? { offsetNode: range.startContainer, offset: range.startOffset } : null)

function show() {
  const [from, to] = [rangeOf(caret.anchor, caret.anchor), rangeOf(caret.focus, caret.focus)]
  document
    .getSelection()
    .setBaseAndExtent(from.startContainer, from.startOffset, to.startContainer, to.startOffset)
  const pane = $('reader')
  let rect = place()
  const frame = pane.getBoundingClientRect()
  if (rect.top < frame.top + 20 || rect.bottom > frame.bottom - 40) {
    pane.scrollTop += rect.top - frame.top - frame.height / 2
    rect = place()
  }
  mark.style.left = `${rect.left - frame.left + pane.scrollLeft}px`
  mark.style.top = `${rect.top - frame.top + pane.scrollTop}px`
  mark.style.height = `${rect.height}px`
  noteSelection()
}
