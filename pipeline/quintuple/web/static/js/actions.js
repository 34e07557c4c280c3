// What a reviewer can do to the events of the open article. Keys, buttons and menus all come here.

import { call } from './api.js'
import { t } from './i18n.js'
import * as model from './model.js'
import { activate, activeEvent, commit, events, numberOf, redo, state, tell, undo } from './store.js'
import { complain, toast } from './toast.js'

/** @typedef {import('./model.js').Event} Event @typedef {import('./model.js').Span} Span */

/**
 * Asks the server for the normal forms of an event's spans.
 * @param {Event} event @param {{published?: string|null, status?: null, edtf?: string}} [options]
 */
async function read(event, options = {}) {
  const { text, language, offsets } = state.doc
  const draft = { ...model.draftOf(event), ...('status' in options ? { status: null } : {}) }
  if (options.edtf && draft.date) draft.date.edtf = options.edtf
  const published = 'published' in options ? options.published : state.work.now.published
  const anchor = model.anchorOf(events(), event, offsets)
  pending(1)
  try {
    return await call('POST', '/normalize', { text, language, published: published || null, anchor, event: draft })
  } finally {
    pending(-1)
  }
}

let waiting = 0

/** Shows that the server is being asked. @param {1|-1} by */
function pending(by) {
  waiting += by
  document.body.classList.toggle('pending', waiting > 0)
}

/** @param {Span} span @returns {any} a span with its text */
const evidence = ({ start, end }) => ({ text: state.doc.offsets.slice(start, end), start, end })

/** @param {string} slot @param {Span[]} spans @returns {any} the slot before the server has read it */
function unread(slot, spans) {
  const whole = evidence({ start: spans[0].start, end: spans.at(-1).end })
  if (slot === 'percentage') {
    return { ...whole, spans: spans.map(evidence), values: [], from: null, to: null, by: null, kind: 'other' }
  }
  if (slot === 'date') return { ...whole, edtf: null, earliest: null, latest: null }
  return { ...whole, name: whole.text, id: null, kind: 'company' }
}

/**
 * Gives the selected text to a slot of the active event.
 * @param {string} slot @param {{further?: boolean}} [options] `further` adds a percentage to those there are
 */
export async function assign(slot, { further = false } = {}) {
  const span = state.selection
  const event = activeEvent()
  if (!span) return toast(t('marker.select'))
  if (!event) return slot === 'action' ? create() : toast(t('marker.pick'))
  if (slot === 'action') {
    return commit({ events: model.change(events(), event.id, { action: { ...evidence(span), type: event.action.type } }) })
  }
  const old = further ? model.percentSpans(event) : []
  if (old.some((other) => other.start < span.end && span.start < other.end)) return toast(t('marker.overlap'))
  const made = unread(slot, [...old, span].sort((a, b) => a.start - b.start))
  return reread({ ...event, [slot]: made }, slot)
}

/** Puts the normal form of a slot, which its event has unread, into the list. @param {Event} event @param {string} slot */
async function reread(event, slot) {
  const answer = await read(event).catch(complain)
  const now = model.find(events(), event.id)
  if (!now) return
  const hand = { ...now.hand, [slot]: false }
  commit({ events: model.change(events(), event.id, { [slot]: answer ? answer[slot] : event[slot], hand }) })
}

/** Makes an event whose action is the selected text. */
export async function create() {
  const span = state.selection
  if (!span || !state.work) return toast(t('marker.select'))
  const action = { ...evidence(span), type: model.guessType(evidence(span).text, state.session.hints) }
  const slots = { company: null, target: null, percentage: null, date: null, counterparty: null }
  const event = model.adopt({ ...slots, action, status: 'occurred', origin: null, state: 'accepted', confidence: null })
  const answer = await read(event, { status: null }).catch(complain)
  commit({ events: model.add(events(), { ...event, status: answer?.status ?? 'occurred' }), active: event.id })
}

/** Empties a slot. @param {string} slot */
export function clear(slot) {
  const event = activeEvent()
  if (!event || slot === 'action' || !event[slot]) return
  commit({ events: model.change(events(), event.id, { [slot]: null }) })
}

/** @param {string} type */
export async function setType(type) {
  const event = activeEvent()
  if (!event || event.action.type === type) return
  const changes = { action: { ...event.action, type } }
  if (event.percentage && !event.hand.percentage) {
    // Which figure is from, to or by depends on the action.
    const answer = await read({ ...event, ...changes }).catch(complain)
    if (answer) changes.percentage = answer.percentage
  }
  if (model.find(events(), event.id)) commit({ events: model.change(events(), event.id, changes) })
}

/** @param {string} status */
export function setStatus(status) {
  const event = activeEvent()
  if (event && event.status !== status) commit({ events: model.change(events(), event.id, { status }) })
}

/** Changes a value by hand. @param {string} slot @param {Object<string, any>} values */
export function write(slot, values) {
  const event = activeEvent()
  if (!event?.[slot]) return
  const hand = { ...event.hand, [slot]: true }
  commit({ events: model.change(events(), event.id, { [slot]: { ...event[slot], ...values }, hand }) })
}

/** Writes a date by hand; the server works out its bounds. @param {string} edtf */
export async function writeDate(edtf) {
  const event = activeEvent()
  if (!event?.date) return
  if (!edtf) return write('date', { edtf: null, earliest: null, latest: null })
  const answer = await read(event, { edtf })
  const { earliest, latest } = answer.date
  write('date', { edtf, earliest, latest })
}

/** Forgets what was written by hand. @param {string} slot */
export async function byRule(slot) {
  const event = activeEvent()
  if (event?.[slot]) await reread(event, slot)
}

/** @param {number|null} id @param {'accepted'|'rejected'} wanted taken back when it is so already */
export function judge(id, wanted) {
  const event = model.find(events(), id)
  if (!event) return
  const next = event.state === wanted ? 'open' : wanted
  commit({ events: model.change(events(), event.id, { state: next }), active: event.id })
}

export function split() {
  const event = activeEvent()
  if (!event) return
  const { events: list, copy } = model.split(events(), event.id)
  commit({ events: list, active: copy.id })
  toast(t('editor.split_done'))
}

/** @param {number} other the event that goes into the active one */
export async function merge(other) {
  const event = activeEvent()
  const second = model.find(events(), other)
  if (!event || !second || other === event.id) return
  let list = model.merge(events(), event.id, other)
  const both = [...model.percentSpans(event), ...model.percentSpans(second)]
  const spans = both.filter((one, at) => both.findIndex((two) => two.start < one.end && one.start < two.end) === at)
  if (spans.length > model.percentSpans(event).length && event.percentage) {
    const made = unread('percentage', spans.sort((a, b) => a.start - b.start))
    const answer = await read({ ...model.find(list, event.id), percentage: made }).catch(complain)
    list = model.change(list, event.id, { percentage: answer?.percentage ?? made })
  }
  commit({ events: list, active: event.id })
  toast(t('editor.merged'))
}

export function remove() {
  const event = activeEvent()
  if (!event) return
  const number = numberOf(event.id)
  const next = events()[number] ?? events()[number - 2]
  commit({ events: model.remove(events(), event.id), active: next?.id ?? null })
  toast(t('editor.deleted', { number }))
}

/** Sets the day of publication, against which dates are read anew. @param {string} day */
export async function setPublished(day) {
  const published = day || null
  const dated = events().filter((event) => event.date && !event.hand.date)
  const answers = await Promise.all(dated.map((event) => read(event, { published }))).catch(complain)
  if (!answers) return tell('document')
  const dates = new Map(dated.map((event, at) => [event.id, answers[at].date]))
  const list = events().map((event) => (dates.has(event.id) ? { ...event, date: dates.get(event.id) } : event))
  commit({ events: list, published })
}

export const back = () => toast(t(undo() ? 'editor.undone' : 'editor.nothing_undo'))
export const forth = () => toast(t(redo() ? 'editor.redone' : 'editor.nothing_redo'))

/** @param {Event[]} shown the events of the table, in its order @param {1|-1} step */
export function walk(shown, step) {
  if (!shown.length) return
  const at = shown.findIndex((event) => event.id === activeEvent()?.id)
  const next = at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1)
  activate(shown[next].id)
}

/** Goes to the least confident event that nobody has looked at. @returns {boolean} whether there was one */
export function toLeastConfident() {
  const open = model.byConfidence(events().filter((event) => event.state === 'open'))
  if (!open.length) {
    toast(t('editor.all_checked'))
    return false
  }
  activate(open[0].id)
  return true
}
