// The keyboard: one table for what keys do and for the list of them.

import * as actions from './actions.js'
import { $, el } from './dom.js'
import { t } from './i18n.js'
import { SLOTS } from './model.js'
import { activeId, on } from './store.js'
import { isCaretOn, moveCaret, startCaret, stopCaret } from './caret.js'
import { compose } from './compose.js'
import { focusField } from './editor.js'
import { walkArticles } from './library.js'
import { dropSelection, showActive } from './reader.js'
import { save } from './saving.js'
import { shownEvents } from './table.js'

/** @typedef {{keys: string[], shown?: string, help: string, run?: () => any}} Key */

const walk = (step) => () => {
  actions.walk(shownEvents(), step)
  showActive()
}
const judge = (wanted) => () => {
  const id = activeId()
  if (id === null) return
  actions.judge(id, wanted)
  walk(1)()
}
const field = (name) => () => {
  document.body.dataset.tab = 'events'
  focusField(name)
}

/** @type {Object<string, Key[]>} */
const KEYS = {
  events: [
    { keys: ['j', 'ArrowDown'], shown: 'J ↓', help: 'next_event', run: walk(1) },
    { keys: ['k', 'ArrowUp'], shown: 'K ↑', help: 'previous_event', run: walk(-1) },
    { keys: ['l'], help: 'least', run: () => actions.toLeastConfident() && showActive() },
    { keys: ['y'], help: 'accept', run: judge('accepted') },
    { keys: ['x'], help: 'reject', run: judge('rejected') },
    { keys: ['t'], help: 'type', run: field('type') },
    { keys: ['s'], help: 'status', run: field('status') },
    { keys: ['r'], help: 'percent_field', run: field('percentage.values') },
    { keys: ['e'], help: 'date_field', run: field('date.edtf') },
    { keys: ['/'], help: 'split', run: actions.split },
    { keys: ['m'], help: 'merge', run: field('merge') },
    { keys: ['Delete', 'Backspace'], shown: 'Delete', help: 'delete', run: actions.remove },
  ],
  text: [
    { keys: ['v'], help: 'caret', run: startCaret },
    { keys: ['a'], help: 'new', run: actions.create },
    ...SLOTS.map((slot, at) => ({ keys: [String(at + 1)], help: slot, run: () => actions.assign(slot) })),
    { keys: ['+', '='], shown: '+', help: 'add', run: () => actions.assign('percentage', { further: true }) },
    { keys: [], shown: '⇧ 1 … 6', help: 'clear' },
  ],
  list: [
    { keys: ['n'], help: 'next', run: () => walkArticles(1) },
    { keys: ['p'], help: 'previous', run: () => walkArticles(-1) },
    { keys: ['c'], help: 'compose', run: compose },
  ],
  page: [
    { keys: ['Ctrl+s'], help: 'save', run: () => save() },
    { keys: ['Ctrl+Enter'], help: 'save_next', run: () => save({ next: true }) },
    { keys: ['u', 'Ctrl+z'], shown: 'U Ctrl+Z', help: 'undo', run: actions.back },
    { keys: ['Ctrl+Shift+z', 'Ctrl+y'], shown: 'Ctrl+Y', help: 'redo', run: actions.forth },
    { keys: ['Escape'], shown: 'Esc', help: 'escape', run: leave },
    { keys: ['?'], help: 'help', run: showKeys },
  ],
}

export function startKeys() {
  addEventListener('keydown', press)
  on(['words'], fill)
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.isComposing || document.querySelector('dialog[open]')) return
  const typing = event.target instanceof Element && event.target.matches('input, select, textarea')
  const name = nameOf(event)
  if (typing) {
    // In a field, keys belong to the field; Ctrl+Z there is the browser's.
    if (name === 'Escape') document.activeElement.blur()
    if (name === 'Ctrl+s') act(event, () => save())
    return
  }
  if (isCaretOn() && moveCaret(event)) return event.preventDefault()
  const digit = /^Digit([1-6])$/.exec(event.code)
  if (event.shiftKey && !event.ctrlKey && !event.metaKey && digit) {
    return act(event, () => actions.clear(SLOTS[Number(digit[1]) - 1]))
  }
  const pressed = event.target instanceof Element && event.target.matches('button, summary, a, label')
  if (pressed && (name === 'Enter' || name === ' ')) return
  const found = Object.values(KEYS).flat().find((key) => key.keys.includes(name))
  if (found?.run) act(event, found.run)
}

function act(event, run) {
  event.preventDefault()
  run()
}

/** @param {KeyboardEvent} event @returns {string} such as `j` or `Ctrl+Shift+z` */
function nameOf(event) {
  const single = event.key.length === 1
  const ctrl = event.ctrlKey || event.metaKey
  if (event.altKey) return ''
  return [ctrl && 'Ctrl+', ctrl && event.shiftKey && 'Shift+', single ? event.key.toLowerCase() : event.key].filter(Boolean).join('')
}

function leave() {
  if (isCaretOn()) stopCaret()
  else dropSelection()
}

export function showKeys() {
  $('help-dialog').showModal()
}

function fill() {
  const groups = Object.entries(KEYS).map(([group, keys]) => el('section', {}, el('h3', {}, t(`help.${group}`)), el('dl', {}, ...keys.flatMap(line))))
  $('help-dialog').querySelector('.body').replaceChildren(el('div', { class: 'keys' }, ...groups))
}

/** @param {Key} key */
function line(key) {
  const shown = key.shown ?? key.keys[0].replace(/(^|\+)([a-z])$/, (_, plus, letter) => plus + letter.toUpperCase())
  const caps = shown.split(/ (?!…|\d)/).flatMap((one) => [el('kbd', {}, one), ' '])
  return [el('dt', {}, ...caps), el('dd', {}, t(`help.${key.help}`))]
}
