// Short messages at the bottom of the page.

import { ServerError } from './api.js'
import { $, el } from './dom.js'
import { t } from './i18n.js'

/** @param {string} message @param {boolean} [error] */
export function toast(message, error = false) {
  const shown = el('p', { class: error ? 'toast error' : 'toast' }, message)
  $('toasts').replaceChildren(shown)
  setTimeout(() => shown.remove(), error ? 9000 : 4500)
}

/** @param {any} error @returns {string} what to tell people */
export function explain(error) {
  if (!(error instanceof ServerError)) return t('error.unknown', { message: String(error?.message ?? error) })
  if (error.status === 0) return t('error.network')
  if (error.status === 401) return t('error.token')
  if (error.status === 503) return t('error.busy', { seconds: error.retry })
  const details = error.details.map((one) => `${one.where}: ${one.expected}`).join('; ')
  return t('error.unknown', { message: [error.message, details].filter(Boolean).join(' – ') })
}

/** @param {any} error */
export const complain = (error) => toast(explain(error), true)
