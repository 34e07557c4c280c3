// Saving an article, the counters, and how to train on what was saved.

import { call } from './api.js'
import { $, el } from './dom.js'
import { t } from './i18n.js'
import { lacks, payloadOf } from './model.js'
import { activate, events, isDirty, numberOf, on, state, tell } from './store.js'
import { complain, toast } from './toast.js'
import { walkArticles } from './library.js'

export function startSaving() {
  on(['session', 'words'], drawCounter)
  on(['document', 'events', 'words'], drawTools)
  $('save').addEventListener('click', () => save())
  $('save-next').addEventListener('click', () => save({ next: true }))
  $('retrain').addEventListener('click', () => retrain().catch(complain))
  addEventListener('beforeunload', (event) => {
    if ([...state.works.values()].some(isDirty)) event.preventDefault()
  })
}

function drawCounter() {
  const { reviewed, corrections, output } = state.session
  $('counter').textContent = reviewed ? t('bar.counter', { corrections, articles: reviewed }) : t('bar.counter_none')
  $('counter').title = output
}

function drawTools() {
  const checked = events().filter((event) => event.state !== 'open').length
  $('progress').textContent = events().length ? t('editor.progress', { checked, total: events().length }) : ''
  $('undo').disabled = !state.work?.past.length
  $('redo').disabled = !state.work?.future.length
  $('save').disabled = !state.doc
  $('save-next').disabled = !state.doc
}

/** Saves the open article; events that nobody has checked need a second press. @param {{next?: boolean}} [options] */
export async function save({ next = false } = {}) {
  const { doc, work } = state
  if (!doc || !work) return toast(t('editor.nothing'))
  const kept = events().filter((event) => event.state !== 'rejected')
  const lacking = kept.flatMap((event) => lacks(event).map((key) => ({ id: event.id, message: `${t('editor.title', { number: numberOf(event.id) })}: ${t(key)}` })))
  if (lacking.length) return showProblems(lacking)
  const open = kept.filter((event) => event.state === 'open').length
  if (open && work.checked !== work.now.events) {
    work.checked = work.now.events
    return toast(t('editor.unchecked', { count: open }))
  }
  const sent = work.now
  $('save').disabled = true
  try {
    const body = { published: sent.published || null, events: kept.map(payloadOf) }
    const answer = await call('PUT', `/review/documents/${doc.key}`, body)
    done(doc, work, sent, answer)
    if (next) await walkArticles(1)
  } catch (error) {
    if (error.status === 422 && error.details.length) showProblems(error.details.map((detail) => problemOf(detail, kept)))
    else complain(error)
  }
  drawTools()
}

function done(doc, work, sent, answer) {
  // What was saved unchecked was taken as it is.
  const events = sent.events.map((event) => (event.state === 'open' ? { ...event, state: 'accepted' } : event))
  work.saved = sent
  if (work.now === sent) work.saved = work.now = { ...sent, events }
  showProblems([])
  Object.assign(state.session, { reviewed: answer.reviewed, corrections: answer.corrections })
  state.list = state.list.map((entry) => (entry.key === doc.key ? { ...entry, state: 'reviewed' } : entry))
  tell('session', 'list', 'events')
  toast(answer.changed ? t('editor.saved', { changed: answer.changed }) : t('editor.saved_none'))
}

/** @param {import('./api.js').Detail} detail @param {import('./model.js').Event[]} kept @returns {{id: number|null, message: string}} */
function problemOf({ where, expected, got }, kept) {
  // Rules of the data say "event 3: …", counting what was sent from 1; fields are named events.2.…
  const named = /^event (\d+)/.exec(expected)
  const field = /events\.(\d+)/.exec(where)
  const event = kept[named ? Number(named[1]) - 1 : field ? Number(field[1]) : -1]
  const number = event ? numberOf(event.id) : ''
  const words = where === 'events' ? t(`problem.${got}`, { number, text: expected }) : `${where}: ${expected}`
  return { id: event?.id ?? null, message: words.startsWith('problem.') ? expected : words }
}

/** @param {{id: number|null, message: string}[]} problems none hides them */
function showProblems(problems) {
  const box = $('save-problems')
  box.hidden = !problems.length
  const line = ({ id, message }) =>
    el('li', {}, id === null ? message : el('button', { type: 'button', class: 'problem', on: { click: () => activate(id) } }, message))
  box.querySelector('ul').replaceChildren(...problems.map(line))
  if (!problems.length) return
  if (problems[0].id !== null) activate(problems[0].id)
  document.body.dataset.tab = 'events'
  box.scrollIntoView({ block: 'nearest' })
}

async function retrain() {
  const answer = await call('POST', '/review/retrain')
  const body = $('retrain-dialog').querySelector('.body')
  const summary = t('retrain.summary', { corrections: answer.corrections, articles: answer.reviewed, path: answer.output })
  body.replaceChildren(
    ...(answer.reviewed
      ? [
          el('p', {}, summary),
          el('p', {}, t('retrain.commands')),
          ...answer.commands.map(command),
          el('p', { class: 'small' }, t('retrain.config', { path: answer.config })),
          ...(answer.weights ? [] : [el('p', { class: 'notice warning' }, t('retrain.weights'))]),
        ]
      : [el('p', {}, t('retrain.nothing'))]),
  )
  $('retrain-dialog').showModal()
}

function command(line) {
  const code = el('code', {}, line)
  const copy = async () => {
    // Only pages of this machine or of https may write to the clipboard; elsewhere the line is selected.
    if (navigator.clipboard) await navigator.clipboard.writeText(line)
    else document.getSelection()?.selectAllChildren(code)
    toast(t('copied'))
  }
  return el('div', { class: 'command' }, code, el('button', { type: 'button', class: 'button', on: { click: copy } }, t('copy')))
}
