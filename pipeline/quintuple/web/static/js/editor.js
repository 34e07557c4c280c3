// The form that changes the active event.

import * as actions from './actions.js'
import { $, el } from './dom.js'
import { t, typeName } from './i18n.js'
import { PARTIES, SLOTS, STATUSES, lacks } from './model.js'
import { activeEvent, events, numberOf, on, state } from './store.js'
import { complain } from './toast.js'
import { rangeOf } from './reader.js'

const box = $('editor')
const SHARES = ['stake', 'growth', 'points', 'other']

let drawn = null // the event that the form shows

export function startEditor() {
  on(['document', 'events', 'active', 'words'], draw)
  box.addEventListener('input', ({ target }) => (target.dataset.typed = ''))
  box.addEventListener('change', ({ target }) => delete target.dataset.typed, { capture: true })
  // What was typed before the form was drawn anew is no change to the browser.
  box.addEventListener('focusout', ({ target }) => 'typed' in target.dataset && target.dispatchEvent(new Event('change', { bubbles: true })))
}

function draw() {
  const event = activeEvent()
  const active = box.contains(document.activeElement) ? document.activeElement : null
  const field = active?.dataset.field
  const typed = active && 'typed' in active.dataset && drawn === event?.id ? active.value : null
  if (typed !== null) delete active.dataset.typed
  drawn = event?.id ?? null
  if (!event) {
    box.replaceChildren(...(events().length ? [el('p', { class: 'small' }, t('editor.none'))] : []))
    return
  }
  const numbers = lacks(event).map((key) => el('p', { class: 'notice warning' }, t(key)))
  box.replaceChildren(head(event), ...numbers, choices(event), ...SLOTS.filter((slot) => slot !== 'action').map((slot) => part(event, slot)), foot(event))
  // Drawn anew, the form must not take the focus from whoever is typing in it.
  const again = field ? box.querySelector(`[data-field="${field}"]`) : null
  again?.focus()
  if (!(again instanceof HTMLInputElement)) return
  if (typed !== null) {
    again.value = typed
    again.dataset.typed = ''
  }
  again.setSelectionRange(again.value.length, again.value.length)
}

function head(event) {
  const judge = (wanted, key, shortcut) =>
    el('button', { type: 'button', class: 'button', data: { field: wanted }, 'aria-pressed': String(event.state === wanted), title: shortcut, on: { click: () => actions.judge(event.id, wanted) } }, t(key))
  return el('header', {}, el('h3', {}, t('editor.title', { number: numberOf(event.id) })), judge('accepted', 'editor.accept', 'Y'), judge('rejected', 'editor.reject', 'X'))
}

function choices(event) {
  const types = [...new Set([...state.session.types, event.action.type])]
  return el(
    'div',
    { class: 'pair' },
    select('type', t('editor.type'), event.action.type, types.map((type) => [type, typeName(type)]), actions.setType),
    select('status', t('editor.status'), event.status, STATUSES.map((status) => [status, t(`status.${status}`)]), actions.setStatus),
  )
}

function part(event, slot) {
  const value = event[slot]
  const needed = slot === 'company' && lacks(event).includes('editor.no_company')
  const name = el('span', { class: 'name' }, t(`slot.${slot}`))
  if (!value) {
    const words = t('editor.missing', { key: SLOTS.indexOf(slot) + 1 })
    return el('div', { class: `part ${slot}` }, name, el('span', { class: needed ? 'absent missing' : 'absent' }, words))
  }
  const spans = slot === 'percentage' ? value.spans : [value]
  const label = t('editor.clear', { slot: t(`slot.${slot}`) })
  return el(
    'div',
    { class: `part ${slot}` },
    name,
    el('span', {}, ...spans.map((span) => evidence(span))),
    el('button', { type: 'button', class: 'remove', title: label, 'aria-label': label, on: { click: () => actions.clear(slot) } }, '✕'),
    ...(PARTIES.includes(slot) ? partyFields(slot, value) : slot === 'date' ? dateFields(event) : shareFields(event)),
  )
}

/** @param {import('./model.js').Evidence} span a button that shows it in the text */
function evidence(span) {
  const show = () => {
    document.body.dataset.tab = 'reader'
    const range = rangeOf(span.start, span.end)
    range.startContainer.parentElement?.scrollIntoView({ block: 'center' })
    document.getSelection()?.removeAllRanges()
    document.getSelection()?.addRange(range)
  }
  return el('button', { type: 'button', class: 'evidence', title: t('editor.show'), on: { click: show } }, span.text)
}

function partyFields(slot, value) {
  const kinds = ['company', 'person'].map((kind) => [kind, t(`editor.kind_${kind}`)])
  const named = (name) => name && actions.write(slot, { name, id: null })
  return [
    el(
      'div',
      { class: 'fields' },
      input(`${slot}.name`, t('editor.name'), value.name, named, { maxlength: 500 }),
      select(`${slot}.kind`, t('editor.kind'), value.kind, kinds, (kind) => actions.write(slot, { kind })),
    ),
  ]
}

function shareFields(event) {
  const { percentage } = event
  const number = (role) =>
    input(`percentage.${role}`, t(`editor.${role}`), percentage[role] ?? '', (text, node) => {
      const value = text === '' ? null : Number(text)
      if (value !== null && !Number.isFinite(value)) return refuse(node, t('editor.bad_number'))
      return actions.write('percentage', { [role]: value })
    }, { inputmode: 'decimal' })
  const list = (text, node) => {
    const values = text.split(/[,;，；、\s]+/).filter(Boolean).map(Number)
    if (!values.length || !values.every(Number.isFinite)) return refuse(node, t('editor.bad_values'))
    return actions.write('percentage', { values })
  }
  const kinds = SHARES.map((kind) => [kind, t(`editor.share_${kind}`)])
  return [
    el(
      'div',
      { class: 'fields four' },
      el('div', { class: 'all' }, input('percentage.values', t('editor.values'), percentage.values.join(', '), list, { inputmode: 'decimal' })),
      number('from'),
      number('to'),
      number('by'),
      select('percentage.kind', t('editor.share'), percentage.kind, kinds, (kind) => actions.write('percentage', { kind })),
    ),
    readBy(event, 'percentage', ''),
  ]
}

function dateFields(event) {
  const { date } = event
  const written = (text, node) =>
    actions.writeDate(text).catch((error) => (error.details?.length ? refuse(node, error.details[0].expected) : complain(error)))
  const open = t('editor.open_end')
  const bounds = date.edtf
    ? t('editor.bounds', { earliest: date.earliest ?? open, latest: date.latest ?? open })
    : t('editor.unresolved')
  return [
    el('div', { class: 'fields' }, el('div', { class: 'all' }, input('date.edtf', t('editor.edtf'), date.edtf ?? '', written, { maxlength: 100, placeholder: '2022-01' }))),
    readBy(event, 'date', bounds),
  ]
}

/** Says whether a value was read by rule or written by hand, and offers to read it again. */
function readBy(event, slot, words) {
  const hand = event.hand[slot]
  return el(
    'p',
    { class: 'read small' },
    el('span', {}, [words, t(hand ? 'editor.by_hand' : 'editor.by_rule')].filter(Boolean).join(' · ')),
    hand && el('button', { type: 'button', data: { field: `${slot}.rule` }, on: { click: () => actions.byRule(slot) } }, t('editor.reread')),
  )
}

function foot(event) {
  const others = events().filter((other) => other.id !== event.id)
  const options = others.map((other) => [String(other.id), `${numberOf(other.id)} ${typeName(other.action.type)} ${other.target?.name ?? ''}`])
  const merge = el('select', { data: { field: 'merge' }, 'aria-label': t('editor.merge'), title: 'M', disabled: !others.length, on: { change: (change) => actions.merge(Number(change.target.value)) } })
  merge.append(el('option', { value: '' }, t('editor.merge')), ...options.map(([value, words]) => el('option', { value }, words)))
  const button = (field, key, shortcut, run) =>
    el('button', { type: 'button', class: 'button', data: { field }, title: shortcut, on: { click: run } }, t(key))
  return el('footer', {}, button('split', 'editor.split', '/', actions.split), merge, button('delete', 'editor.delete', 'Delete', actions.remove))
}

function select(field, words, value, pairs, run) {
  const made = el('select', { data: { field }, on: { change: (change) => run(change.target.value) } }, ...pairs.map(([name, text]) => el('option', { value: name }, text)))
  made.value = value
  return el('label', {}, el('span', {}, words), made)
}

/** @param {string} field @param {string} words @param {any} value @param {(text: string, node: HTMLInputElement) => any} run */
function input(field, words, value, run, attributes = {}) {
  const changed = (change) => run(change.target.value.trim(), change.target)
  return el('label', {}, el('span', {}, words), el('input', { value, data: { field }, autocomplete: 'off', ...attributes, on: { change: changed } }))
}

/** Says beside a field what was expected. @param {HTMLInputElement} node @param {string} message */
function refuse(node, message) {
  node.setAttribute('aria-invalid', 'true')
  node.setCustomValidity(message)
  node.reportValidity()
  node.addEventListener('input', () => node.setCustomValidity(''), { once: true })
}

/** Goes to a field of the form. @param {string} field */
export const focusField = (field) => box.querySelector(`[data-field="${field}"]`)?.focus()
