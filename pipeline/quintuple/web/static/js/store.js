// What the page knows, the history of one article's edits, and who is told when something changes.

import { inTextOrder } from './model.js'

/**
 * @typedef {import('./model.js').Event} Event
 * @typedef {{events: Event[], active: number|null, published: string|null}} Snapshot
 * @typedef {{past: Snapshot[], future: Snapshot[], saved: Snapshot, now: Snapshot, checked: Snapshot|null}} Work
 *   `saved` is what the server has; `checked` is what the reviewer was warned about before saving
 */

export const state = {
  /** @type {any} */ session: null,
  /** @type {any} the article that is open */ doc: null,
  /** @type {Work|null} */ work: null,
  /** Edits of articles that are not saved, by key. @type {Map<number, Work>} */ works: new Map(),
  /** @type {Set<number>} events that the pointer is on */ hover: new Set(),
  /** @type {{start: number, end: number}|null} selected text, in code points */ selection: null,
  /** @type {any[]} */ list: [],
  total: 0,
  /** @type {Object<string, any>} */ filters: {},
  /** @type {'confidence'|'text'} */ order: 'confidence',
}

/** @typedef {'session'|'list'|'document'|'events'|'active'|'hover'|'selection'|'words'} Topic */

/** @type {Map<Topic, (() => void)[]>} */
const listeners = new Map()
/** @type {Set<() => void>} */
const due = new Set()

/** @param {Topic[]} topics @param {() => void} run called once after any number of changes */
export function on(topics, run) {
  for (const topic of topics) listeners.set(topic, [...(listeners.get(topic) ?? []), run])
}

/** @param {...Topic} topics */
export function tell(...topics) {
  const idle = !due.size
  for (const topic of topics) for (const run of listeners.get(topic) ?? []) due.add(run)
  // Later, so that a field that is being left has lost its focus before it is drawn anew.
  if (idle && due.size) setTimeout(flush, 0)
}

function flush() {
  const runs = [...due]
  due.clear()
  for (const run of runs) run()
}

/** @returns {Event[]} */
export const events = () => state.work?.now.events ?? []
/** @returns {number|null} */
export const activeId = () => state.work?.now.active ?? null
/** @returns {Event|undefined} */
export const activeEvent = () => events().find((event) => event.id === activeId())
/** @returns {number} the number by which people call an event: its place in the text */
export const numberOf = (id) => events().findIndex((event) => event.id === id) + 1

/** @param {Work} [work] @returns {boolean} whether there is something to save */
export const isDirty = (work = state.work) => Boolean(work) && !same(work.now, work.saved)

const same = (a, b) => a.events === b.events && a.published === b.published

/** Starts work on an article. @param {Event[]} list @param {string|null} published @returns {Work} */
export function startWork(list, published) {
  const now = { events: inTextOrder(list), active: null, published }
  return { past: [], future: [], saved: now, now, checked: null }
}

/** Makes a change that can be undone. @param {Partial<Snapshot>} changes */
export function commit(changes) {
  const work = state.work
  if (!work) return
  work.past.push(work.now)
  work.future = []
  work.now = { ...work.now, ...changes }
  state.works.set(state.doc.key, work)
  tell('events', 'active', 'list')
}

/** @param {'past'|'future'} from @param {'past'|'future'} to @returns {boolean} whether there was a step to take */
function step(from, to) {
  const work = state.work
  const snapshot = work?.[from].pop()
  if (!snapshot) return false
  work[to].push(work.now)
  work.now = snapshot
  tell('events', 'active', 'list', 'document')
  return true
}

export const undo = () => step('past', 'future')
export const redo = () => step('future', 'past')

/** @param {number|null} id */
export function activate(id) {
  if (!state.work || activeId() === id) return
  // No step of its own: undo brings back changes, not looks.
  state.work.now = { ...state.work.now, active: id }
  tell('active')
}
