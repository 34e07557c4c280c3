// The filters: the server applies them to the list of articles, the page to the events of the open one.

import { $, debounce, fillSelect } from './dom.js'
import { t, typeName } from './i18n.js'
import { STATUSES } from './model.js'
import { on, state, tell } from './store.js'

const form = $('filter-form')

/** @param {() => void} apply what to do when a filter has changed */
export function startFilters(apply) {
  on(['words', 'session'], fill)
  const read = () => {
    const given = Object.fromEntries(new FormData(form))
    const share = (text) => (text === '' ? '' : Math.min(Math.max(Number(text) / 100, 0), 1))
    state.filters = { ...given, company: given.company.trim(), least: share(given.least), most: share(given.most) }
    const set = Object.entries(state.filters).filter(([name, value]) => value !== '' && name !== 'order').length
    $('filter-count').textContent = set ? `(${set})` : ''
    tell('events')
    apply()
  }
  form.addEventListener('input', debounce(read, 250))
  form.addEventListener('reset', () => setTimeout(read, 0))
  form.addEventListener('submit', (event) => event.preventDefault())
}

function fill() {
  const any = ['', t('any')]
  const { type, status, language, state: review, order } = form.elements
  fillSelect(type, [any, ...(state.session?.types ?? []).map((name) => [name, typeName(name)])])
  fillSelect(status, [any, ...STATUSES.map((name) => [name, t(`status.${name}`)])])
  fillSelect(language, [any, ['zh', t('language.zh')], ['en', t('language.en')]])
  fillSelect(review, [any, ['open', t('filter.state_open')], ['reviewed', t('filter.state_reviewed')]])
  fillSelect(order, [['confidence', t('filter.order_confidence')], ['file', t('filter.order_file')]])
}

/** @returns {boolean} whether events may be hidden */
export const isFiltering = () =>
  ['company', 'type', 'status', 'least', 'most', 'earliest', 'latest'].some((name) => (state.filters[name] ?? '') !== '')

/** @param {import('./model.js').Event} event @returns {boolean} */
export function fits(event) {
  const { company, type, status, least, most, earliest, latest } = state.filters
  const confidence = event.confidence ?? 1
  if (company && !partyNames(event).includes(company.toLowerCase())) return false
  if ((type && event.action.type !== type) || (status && event.status !== status)) return false
  if (confidence < (least || 0) || confidence > (most === '' || most === undefined ? 1 : most)) return false
  if (!earliest && !latest) return true
  const first = event.date?.earliest ?? event.date?.latest
  const last = event.date?.latest ?? event.date?.earliest
  return Boolean(first) && !(earliest && last < earliest) && !(latest && first > latest)
}

const partyNames = (event) =>
  [event.company, event.target, event.counterparty]
    .flatMap((party) => (party ? [party.name, party.text] : []))
    .join('\n')
    .toLowerCase()
