// The text of the article: its slots in colour, chips that tie them to their events, and what is selected in it.

import { $, debounce, el } from './dom.js'
import { t, typeName } from './i18n.js'
import { SLOTS, spans } from './model.js'
import { activate, activeEvent, activeId, events, numberOf, on, state, tell } from './store.js'

/** Pieces of the text, in order; `unit` is the UTF-16 place where one starts. @type {{unit: number, node: Text}[]} */
let pieces = []
/** @type {Map<number, HTMLElement[]>} the slots of each event */
const marked = new Map()
// What a piece is coloured as when it has several slots: the first of these.
const PRIORITY = ['action', 'percentage', 'date', 'target', 'company', 'counterparty']

const box = $('text')

export function startReader() {
  on(['document', 'events', 'words'], draw)
  on(['active', 'hover'], light)
  on(['document', 'words'], drawHead)
  box.addEventListener('mouseover', (event) => hover(idsOf(event.target)))
  box.addEventListener('mouseleave', () => hover([]))
  box.addEventListener('click', choose)
  document.addEventListener('selectionchange', debounce(noteSelection, 120))
}

function drawHead() {
  if (!state.doc) return
  $('document-title').textContent = state.doc.title || state.doc.id
  $('document-id').textContent = state.doc.title ? state.doc.path ?? state.doc.id : ''
  $('document-language').textContent = t(`language.${state.doc.language}`)
  $('published').value = state.work.now.published ?? ''
  $('legend').replaceChildren(...SLOTS.map((slot) => el('li', { class: `slot ${slot}` }, t(`slot.${slot}`))))
}

function draw() {
  if (!state.doc) return
  const { text, offsets } = state.doc
  const all = events().flatMap((event) => spans(event).map((span) => ({ ...span, event })))
  const edges = new Set([0, offsets.length, ...all.flatMap(({ start, end }) => [start, end])])
  const cuts = [...edges].sort((a, b) => a - b)
  const starts = Map.groupBy(all, (span) => span.start)
  let here = []
  pieces = []
  marked.clear()
  const nodes = cuts.slice(0, -1).map((start, at) => {
    here = [...here.filter((span) => span.end > start), ...(starts.get(start) ?? [])]
    const [from, to] = [offsets.toUnits(start), offsets.toUnits(cuts[at + 1])]
    const node = document.createTextNode(text.slice(from, to))
    pieces.push({ unit: from, node })
    return here.length ? slotNode(node, here, cuts[at + 1]) : node
  })
  box.lang = state.doc.language
  box.replaceChildren(...nodes)
  light()
}

/** @param {Text} node @param {any[]} here the spans that cover it @param {number} end where it ends */
function slotNode(node, here, end) {
  const slot = PRIORITY.find((name) => here.some((span) => span.slot === name))
  const ids = [...new Set(here.map((span) => span.event.id))]
  const closing = here.filter((span) => span.end === end)
  const rejected = here.every((span) => span.event.state === 'rejected')
  const made = el('span', {
    class: `slot ${slot}${rejected ? ' rejected' : ''}`,
    data: { events: ids.join(' '), slots: [...new Set(here.map((span) => span.slot))].join(' ') },
  })
  if (closing.length) made.dataset.chip = chip(closing)
  made.append(node)
  for (const id of ids) marked.set(id, [...(marked.get(id) ?? []), made])
  return made
}

/** @param {any[]} closing the spans that end here @returns {string} the numbers of their events, and of a trigger its type */
function chip(closing) {
  const triggers = closing.filter((span) => span.slot === 'action')
  const numbers = (list) => [...new Set(list.map((span) => numberOf(span.event.id)))].join(' ')
  if (!triggers.length) return numbers(closing)
  const types = Map.groupBy(triggers, (span) => span.event.action.type)
  return [...types].map(([type, list]) => `${numbers(list)} ${typeName(type)}`).join(' · ')
}

function light() {
  const chosen = activeId()
  box.classList.toggle('focused', chosen !== null || state.hover.size > 0)
  for (const node of box.querySelectorAll('.lit, .current')) node.classList.remove('lit', 'current')
  for (const id of state.hover) for (const node of marked.get(id) ?? []) node.classList.add('lit')
  for (const node of marked.get(chosen) ?? []) node.classList.add('current')
}

/** Brings the active event into view. */
export function showActive() {
  const event = activeEvent()
  if (!event) return
  const node = marked.get(event.id)?.find((one) => one.dataset.slots.includes('action'))
  node?.scrollIntoView({ block: 'center', behavior: 'instant' })
}

/** @param {any} target @returns {number[]} the events of the piece under the pointer */
const idsOf = (target) => (target.closest?.('[data-events]')?.dataset.events ?? '').split(' ').filter(Boolean).map(Number)

/** @param {number[]} ids */
export function hover(ids) {
  if (ids.length === state.hover.size && ids.every((id) => state.hover.has(id))) return
  state.hover = new Set(ids)
  tell('hover')
}

/** Makes the event of the clicked slot the active one; a slot of several events goes through them. */
function choose(click) {
  const ids = idsOf(click.target)
  if (!ids.length || !document.getSelection()?.isCollapsed) return
  activate(ids[(ids.indexOf(activeId()) + 1) % ids.length])
}

/** @param {Node} node @param {number} offset @returns {number|null} the UTF-16 place in the article, null outside its text */
function unitAt(node, offset) {
  if (!box.contains(node)) return null
  if (node instanceof Text) {
    const piece = pieces.find((one) => one.node === node)
    return piece ? piece.unit + offset : null
  }
  const range = document.createRange()
  range.selectNodeContents(box)
  range.setEnd(node, offset)
  return range.toString().length
}

/** @param {number} place in code points @returns {{node: Node, offset: number}} */
function pointAt(place) {
  const unit = state.doc.offsets.toUnits(place)
  const piece = pieces.findLast((one) => one.unit <= unit) ?? { node: box, unit }
  return { node: piece.node, offset: unit - piece.unit }
}

/** @param {number} start @param {number} end code points @returns {Range} */
export function rangeOf(start, end) {
  const range = document.createRange()
  const [from, to] = [pointAt(start), pointAt(end)]
  range.setStart(from.node, from.offset)
  range.setEnd(to.node, to.offset)
  return range
}

/** @returns {{start: number, end: number}|null} what is selected, without white space at its ends */
function selectedSpan() {
  const selection = document.getSelection()
  if (!state.doc || !selection?.rangeCount || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  if (!range.intersectsNode(box)) return null
  // A triple click ends in the element behind the text.
  const from = unitAt(range.startContainer, range.startOffset) ?? 0
  const to = unitAt(range.endContainer, range.endOffset) ?? state.doc.text.length
  const text = state.doc.text.slice(from, to)
  const start = from + text.length - text.trimStart().length
  const end = from + text.trimEnd().length
  if (start >= end) return null
  return { start: state.doc.offsets.fromUnits(start), end: state.doc.offsets.fromUnits(end, true) }
}

export function noteSelection() {
  const span = selectedSpan()
  if (span?.start === state.selection?.start && span?.end === state.selection?.end) return
  state.selection = span
  tell('selection')
}

export function dropSelection() {
  document.getSelection()?.removeAllRanges()
  noteSelection()
}
