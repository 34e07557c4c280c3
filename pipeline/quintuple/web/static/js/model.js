// Events and what can be done to them: pure functions from lists of events to lists of events.

/**
 * @typedef {{start: number, end: number}} Span in code points
 * @typedef {Span & {text: string}} Evidence
 * @typedef {Evidence & {name: string, id: string|null, kind: string}} Party
 * @typedef {Evidence & {spans: Evidence[], values: number[], from: number|null, to: number|null, by: number|null,
 *   kind: string}} Percentage
 * @typedef {Evidence & {edtf: string|null, earliest: string|null, latest: string|null}} DateSlot
 * @typedef {{id: number, origin: number|null, state: 'open'|'accepted'|'rejected', hand: Object<string, boolean>,
 *   company: Party|null, action: Evidence & {type: string}, target: Party|null, percentage: Percentage|null,
 *   date: DateSlot|null, counterparty: Party|null, status: string, confidence: number|null}} Event
 *   `origin` is the place of the model's event it was made from, `hand` the slots whose values were written by hand
 */

/** The slots in the order of the digits that set them. */
export const SLOTS = ['company', 'action', 'target', 'percentage', 'date', 'counterparty']
export const PARTIES = ['company', 'target', 'counterparty']
export const STATUSES = ['occurred', 'planned', 'rumoured', 'cancelled', 'denied']
/** The types whose company may be missing. */
const WITHOUT_COMPANY = new Set(['rule', 'penalize', 'investigate'])
/** How far before a date another one may stand that it leans on, in code points. */
const ANCHOR_REACH = 300

let lastId = 0

/** @param {any} given an event of the server @returns {Event} */
export const adopt = (given) => ({ hand: {}, state: 'open', ...given, id: (lastId += 1) })

/** @param {Event[]} events @param {number|null} id @returns {Event|undefined} */
export const find = (events, id) => events.find((event) => event.id === id)

/** @param {Event[]} events @returns {Event[]} in text order */
export const inTextOrder = (events) =>
  [...events].sort((a, b) => a.action.start - b.action.start || a.action.end - b.action.end || a.id - b.id)

/** @param {Event[]} events @returns {Event[]} the least confident first; what the reviewer added comes last */
export const byConfidence = (events) => [...events].sort((a, b) => (a.confidence ?? 2) - (b.confidence ?? 2))

/**
 * Changes an event; whoever changes it has looked at it.
 * @param {Event[]} events @param {number} id @param {Partial<Event>} changes @returns {Event[]}
 */
export const change = (events, id, changes) =>
  inTextOrder(events.map((event) => (event.id === id ? { ...event, state: 'accepted', ...changes } : event)))

/** @param {Event[]} events @param {Event} event @returns {Event[]} */
export const add = (events, event) => inTextOrder([...events, event])

/** @param {Event[]} events @param {number} id @returns {Event[]} */
export const remove = (events, id) => events.filter((event) => event.id !== id)

/**
 * Copies an event for another target, which is still to be selected.
 * @param {Event[]} events @param {number} id @returns {{events: Event[], copy: Event}}
 */
export function split(events, id) {
  const event = find(events, id)
  const copy = adopt({ ...event, origin: null, confidence: null, state: 'accepted', target: null })
  return { events: add(change(events, id, {}), copy), copy }
}

/**
 * Joins two events: what the first one lacks, the second one gives.
 * @param {Event[]} events @param {number} id the one that stays @param {number} other @returns {Event[]}
 */
export function merge(events, id, other) {
  const [first, second] = [find(events, id), find(events, other)]
  const slots = Object.fromEntries(SLOTS.map((slot) => [slot, first[slot] ?? second[slot]]))
  return change(remove(events, other), id, slots)
}

/** @param {Event} event @returns {Span[]} the spans of its percentage */
export const percentSpans = (event) => (event.percentage ? event.percentage.spans : [])

/** @param {Event} event @returns {{slot: string, start: number, end: number}[]} every span of an event */
export function spans(event) {
  return SLOTS.flatMap((slot) => {
    if (slot === 'percentage') return percentSpans(event).map(({ start, end }) => ({ slot, start, end }))
    return event[slot] ? [{ slot, start: event[slot].start, end: event[slot].end }] : []
  })
}

/** @param {Event} event @returns {string[]} keys of what must be there before it can be saved */
export function lacks(event) {
  const missing = []
  if (!event.company && !WITHOUT_COMPANY.has(event.action.type)) missing.push('editor.no_company')
  if (event.percentage && !event.percentage.values.length) missing.push('editor.no_value')
  return missing
}

/**
 * @param {Event[]} events @param {Event} event @param {import('./offsets.js').Offsets} text
 * @returns {string|null} the EDTF of the last date before the event in its paragraph, which its own may lean on
 */
export function anchorOf(events, event, text) {
  const before = events
    .filter((other) => other.id !== event.id && other.date?.edtf && other.date.end <= event.action.start)
    .map((other) => other.date)
    .sort((a, b) => b.end - a.end)[0]
  if (!before || event.action.start - before.end > ANCHOR_REACH) return null
  return text.slice(before.end, event.action.start).includes('\n') ? null : before.edtf
}

/** @param {Event} event @returns {any} the spans of an event as POST /normalize takes them */
export function draftOf(event) {
  const place = (slot) => (event[slot] ? { start: event[slot].start, end: event[slot].end } : null)
  return {
    action: { ...place('action'), type: event.action.type },
    company: place('company'),
    target: place('target'),
    counterparty: place('counterparty'),
    percentage: percentSpans(event).map(({ start, end }) => ({ start, end })),
    date: place('date'),
    status: event.status,
  }
}

/** @param {Event} event @returns {any} an event as it is saved */
export function payloadOf(event) {
  const pick = (slot, ...names) => event[slot] && Object.fromEntries(names.map((name) => [name, event[slot][name]]))
  const party = (slot) => pick(slot, 'start', 'end', 'name', 'id', 'kind')
  return {
    company: party('company'),
    action: pick('action', 'start', 'end', 'type'),
    target: party('target'),
    percentage: pick('percentage', 'spans', 'values', 'from', 'to', 'by', 'kind'),
    date: pick('date', 'start', 'end', 'edtf'),
    counterparty: party('counterparty'),
    status: event.status,
    origin: event.origin,
  }
}

/** @param {string} text the words of a trigger @param {Object<string, string[]>} hints @returns {string} a likely type */
export function guessType(text, hints) {
  const folded = text.toLowerCase()
  let best = ['', 'other']
  for (const [type, list] of Object.entries(hints)) {
    for (const hint of list) {
      // "acquired" begins with "acquire", and "raises" shares all but its end with "raise".
      const stem = hint.toLowerCase().split(' ')[0].replace(/e$/, '')
      if (folded.includes(stem) && stem.length > best[0].length) best = [stem, type]
    }
  }
  return best[1]
}
