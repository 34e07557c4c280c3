// The bar beside selected text: what is it?

import { assign, create } from './actions.js'
import { $, el } from './dom.js'
import { t } from './i18n.js'
import { SLOTS } from './model.js'
import { activeEvent, on, state } from './store.js'
import { dropSelection, rangeOf } from './reader.js'

const bar = $('marker')

export function startMarker() {
  on(['selection', 'active', 'document', 'words'], draw)
  // A press would take the selection away before the click arrives.
  bar.addEventListener('pointerdown', (event) => event.preventDefault())
  bar.addEventListener('mousedown', (event) => event.preventDefault())
  $('reader').addEventListener('scroll', place, { passive: true })
  addEventListener('resize', place)
}

function draw() {
  bar.hidden = !state.selection
  if (!state.selection) return
  const event = activeEvent()
  const slots = SLOTS.map((slot, at) => [slot, String(at + 1), t(`slot.${slot}`), () => assign(slot)])
  const buttons = [
    ...(event ? slots : []),
    ...(event?.percentage ? [['percentage', '+', t('marker.add_percentage'), () => assign('percentage', { further: true })]] : []),
    ['other', 'A', t('marker.new'), create],
  ]
  bar.replaceChildren(...buttons.map(([slot, key, words, run]) => button(slot, key, words, run)))
  place()
}

/** @param {string} slot @param {string} key @param {string} words @param {() => any} run */
function button(slot, key, words, run) {
  const done = async () => {
    await run()
    dropSelection()
  }
  return el('button', { type: 'button', class: `slot ${slot}`, on: { click: done } }, el('kbd', { 'aria-hidden': true }, key), words)
}

function place() {
  if (bar.hidden || !state.selection) return
  const rect = rangeOf(state.selection.start, state.selection.end).getBoundingClientRect()
  const { width, height } = bar.getBoundingClientRect()
  const top = rect.bottom + 8 + height < innerHeight ? rect.bottom + 8 : Math.max(8, rect.top - height - 8)
  bar.style.top = `${top}px`
  bar.style.left = `${Math.min(Math.max(8, rect.left), innerWidth - width - 8)}px`
}
