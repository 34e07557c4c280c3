// The table of quintuples.

import { judge } from './actions.js'
import { readable } from './dates.js'
import { $, el } from './dom.js'
import { t, typeName } from './i18n.js'
import { byConfidence, lacks } from './model.js'
import { activate, activeId, events, numberOf, on, state } from './store.js'
import { hover } from './reader.js'
import { fits, isFiltering } from './filters.js'

const box = $('table')

/** @returns {import('./model.js').Event[]} what the table shows, in its order */
export function shownEvents() {
  const fitting = events().filter(fits)
  return state.order === 'confidence' ? byConfidence(fitting) : fitting
}

export function startTable() {
  on(['document', 'events', 'words', 'list'], draw)
  on(['active', 'hover'], light)
}

function draw() {
  $('tab-count').textContent = String(events().length || '')
  if (!state.doc) return box.replaceChildren(el('p', { class: 'empty' }, t('table.none')))
  const focused = box.contains(document.activeElement) && document.activeElement.matches('tr')
  const shown = shownEvents()
  const hidden = events().length - shown.length
  const columns = ['number', 'company', 'action', 'target', 'percentage', 'date', 'check']
  const head = columns.map((name) => el('th', { scope: 'col' }, columnName(name)))
  const table = el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...shown.map(row)))
  box.replaceChildren(
    events().length ? table : el('p', { class: 'empty' }, t('table.empty')),
    ...(hidden && isFiltering() ? [el('p', { class: 'empty' }, t('table.hidden', { count: hidden }))] : []),
  )
  light()
  // Whoever walks through the rows must not lose their place when the table is drawn anew.
  if (focused) box.querySelector('tr[aria-selected="true"]')?.focus({ preventScroll: true })
}

const columnName = (name) => (['number', 'percentage', 'check'].includes(name) ? t(`table.${name}`) : t(`slot.${name}`))

/** @param {import('./model.js').Event} event */
function row(event) {
  const number = numberOf(event.id)
  const text = [event.company?.name, typeName(event.action.type), event.target?.name].filter(Boolean).join(' – ')
  const select = () => activate(event.id)
  return el(
    'tr',
    {
      class: event.state === 'rejected' ? 'rejected' : null,
      data: { event: event.id },
      tabindex: -1,
      'aria-label': t('table.row', { number, text }),
      on: {
        click: select,
        focus: select,
        mouseenter: () => hover([event.id]),
        mouseleave: () => hover([]),
      },
    },
    el('td', { class: 'number' }, String(number), ...confidence(event.confidence)),
    lacks(event).includes('editor.no_company') ? el('td', { class: 'missing' }, t('editor.no_company')) : cell(event.company?.name),
    el('td', {}, el('span', { class: 'kind' }, typeName(event.action.type)), el('span', { class: 'status' }, t(`status.${event.status}`))),
    cell(event.target?.name),
    lacks(event).includes('editor.no_value') ? el('td', { class: 'missing' }, event.percentage.text) : cell(percentageText(event.percentage)),
    dateCell(event.date),
    el('td', { class: 'check' }, ...checks(event, number)),
  )
}

const cell = (text) => (text ? el('td', {}, text) : el('td', { class: 'absent' }, t('none')))

/** @param {import('./model.js').DateSlot|null} date an interval may break between its days */
function dateCell(date) {
  if (!date) return cell(null)
  if (!date.edtf) return el('td', {}, date.text)
  return el('td', { class: 'day', title: date.edtf }, ...readable(date.edtf).flatMap((part) => [el('wbr'), part]))
}

/** @param {number|null} value none for what the reviewer added */
function confidence(value) {
  if (value === null) return []
  const level = value < 0.5 ? ' low' : value < 0.8 ? ' middle' : ''
  const share = `${Math.floor(value * 100)}%`
  const fill = el('i')
  fill.style.width = share
  return [el('span', { class: 'share', title: t('table.confidence') }, share), el('span', { class: `meter${level}`, 'aria-hidden': true }, fill)]
}

function checks(event, number) {
  const press = (wanted) => (click) => {
    click.stopPropagation()
    judge(event.id, wanted)
  }
  const make = (wanted, sign, css, words) =>
    el('button', { type: 'button', class: css, title: words, 'aria-label': words, 'aria-pressed': String(event.state === wanted), on: { click: press(wanted) } }, sign)
  return [
    make('accepted', '✓', 'yes', t('table.accept', { number })),
    make('rejected', '✕', 'no', t('table.reject', { number })),
  ]
}

/** @param {import('./model.js').Percentage|null} percentage @returns {string|null} such as 21.3→18.7 % */
export function percentageText(percentage) {
  if (!percentage) return null
  const { from, to, values } = percentage
  const tidy = (value) => String(Math.round(value * 100) / 100)
  if (from !== null && to !== null) return `${tidy(from)}→${tidy(to)}\u00a0%`
  return `${values.map(tidy).join(', ')}\u00a0%`
}

function light() {
  const chosen = activeId()
  const lines = [...box.querySelectorAll('tbody tr')]
  const stop = lines.find((line) => Number(line.dataset.event) === chosen) ?? lines[0]
  for (const line of lines) {
    const id = Number(line.dataset.event)
    line.classList.toggle('lit', state.hover.has(id))
    line.setAttribute('aria-selected', String(id === chosen))
    line.tabIndex = line === stop ? 0 : -1
    if (id === chosen) line.scrollIntoView({ block: 'nearest' })
  }
}
