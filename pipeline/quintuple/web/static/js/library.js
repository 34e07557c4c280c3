// The list of articles, and opening one.

import { call, query } from './api.js'
import { $, el } from './dom.js'
import { t } from './i18n.js'
import { adopt, byConfidence } from './model.js'
import { Offsets } from './offsets.js'
import { activate, isDirty, on, startWork, state, tell } from './store.js'
import { complain, explain, toast } from './toast.js'
import { dropSelection } from './reader.js'
import { stopCaret } from './caret.js'

let wanted = 0

export function startLibrary() {
  on(['list', 'document', 'words'], draw)
  $('more').addEventListener('click', () => load(state.list.length))
}

/** Loads the list from an entry on. @param {number} [offset] */
export async function load(offset = 0) {
  const { listed } = state.session.limits
  const asked = query({ ...state.filters, offset, limit: listed })
  try {
    const answer = await call('GET', `/review/documents?${asked}`)
    state.list = offset ? [...state.list, ...answer.items] : answer.items
    state.total = answer.total
  } catch (error) {
    complain(error)
  }
  tell('list')
}

function draw() {
  const { list, total, session, doc } = state
  const none = session?.articles || total ? 'library.nothing' : 'library.empty'
  $('list-count').textContent = list.length ? t('library.count', { shown: list.length, total }) : t(none)
  $('list').replaceChildren(...list.map((entry) => item(entry, entry.key === doc?.key)))
  $('more').hidden = list.length >= total
}

function item(entry, current) {
  const work = state.works.get(entry.key)
  const unsaved = work && isDirty(work)
  const mark = unsaved ? 'library.edited' : entry.state === 'reviewed' ? 'library.reviewed' : null
  const count = entry.events === null ? t('library.unread') : t(entry.events === 1 ? 'library.event' : 'library.events', { count: entry.events })
  const least = entry.confidence === null || entry.confidence === 1 || entry.state === 'reviewed' ? null : t('library.least', { share: Math.floor(entry.confidence * 100) })
  return el(
    'li',
    {},
    el(
      'button',
      { type: 'button', title: entry.id, 'aria-current': current ? 'true' : null, on: { click: () => open(entry.key) } },
      el('span', { class: 'label', lang: entry.language }, entry.label),
      el('span', { class: 'facts' }, el('span', {}, count), least && el('span', {}, least), mark && el('span', { class: unsaved ? 'state unsaved' : 'state' }, t(mark))),
    ),
  )
}

/** Shows what the reader pane holds. @param {'compose'|'document'|'busy'|'failure'} view */
export function show(view) {
  for (const name of ['compose', 'document', 'busy', 'failure']) $(name).hidden = name !== view
  if (view !== 'document') dropSelection()
}

/** @param {string} key words of what is waited for */
export function wait(key) {
  $('busy-text').textContent = t(key)
  show('busy')
}

/** Opens an article. @param {number} key */
export async function open(key) {
  wanted = key
  stopCaret()
  const known = state.list.find((entry) => entry.key === key)
  const waiting = setTimeout(() => wanted === key && wait(known?.events === null ? 'extracting' : 'loading'), 150)
  document.body.dataset.tab = 'reader'
  try {
    const answer = await call('GET', `/review/documents/${key}`)
    if (wanted === key) enter(answer)
  } catch (error) {
    if (wanted === key) fail(key, error)
  } finally {
    clearTimeout(waiting)
  }
}

function enter(answer) {
  const { entry, text, title, path, events } = answer
  state.doc = { key: entry.key, id: entry.id, text, title, path, language: entry.language ?? 'en', offsets: new Offsets(text) }
  const done = entry.state === 'reviewed' ? 'accepted' : 'open'
  const begun = state.works.get(entry.key)
  state.work = begun ?? startWork(events.map((event) => adopt({ ...event, state: done })), entry.published)
  state.list = state.list.map((one) => (one.key === entry.key ? entry : one))
  state.hover = new Set()
  show('document')
  $('reader').scrollTop = 0
  $('save-problems').hidden = true
  history.replaceState(null, '', `#${entry.key}`)
  tell('document', 'events', 'active', 'list')
  if (!begun && done === 'open') activate(byConfidence(state.work.now.events)[0]?.id ?? null)
}

function fail(key, error) {
  state.doc = null
  state.work = null
  $('failure').querySelector('p').textContent = `${t('reader.failed')} ${explain(error)}`
  $('failure').querySelector('button').onclick = () => open(key)
  show('failure')
  tell('document', 'events', 'active')
}

/** Opens the article before or after the open one. @param {1|-1} step */
export async function walkArticles(step) {
  const at = state.list.findIndex((entry) => entry.key === state.doc?.key)
  if (at + step >= state.list.length && state.list.length < state.total) await load(state.list.length)
  const next = state.list[at + step]
  if (next) await open(next.key)
  else toast(t('editor.no_next'))
}
