// Pasting an article, and opening or dropping a file.

import { call } from './api.js'
import { $ } from './dom.js'
import { currentLanguage, t } from './i18n.js'
import { state, tell } from './store.js'
import { complain, explain, toast } from './toast.js'
import { load, open, show, wait } from './library.js'

const form = $('compose')

export function startCompose() {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send()
  })
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  })
  for (const button of form.querySelectorAll('[data-sample]')) {
    button.addEventListener('click', () => sample(button.dataset.sample))
  }
  $('file').addEventListener('change', () => openFiles([...$('file').files]))
  startDropping()
}

/** Shows the form. */
export function compose() {
  state.doc = null
  state.work = null
  document.body.dataset.tab = 'reader'
  history.replaceState(null, '', location.pathname)
  show('compose')
  tell('document', 'events', 'active', 'list')
  form.elements.text.focus()
}

function sample(language) {
  form.elements.text.value = t(`compose.sample_${language}`)
  form.elements.published.value = '2022-01-10'
  form.elements.language.value = ''
  send()
}

/** @param {string} [message] nothing hides it */
function refuse(message) {
  $('compose-error').hidden = !message
  $('compose-error').textContent = message ?? ''
}

async function send() {
  const { text, published, language } = form.elements
  const limit = state.session.limits.max_text
  if (!text.value.trim()) return refuse(t('compose.empty'))
  if (text.value.length > limit) return refuse(t('compose.too_long', { limit, got: text.value.length }))
  refuse()
  wait('extracting')
  try {
    const body = { text: text.value, published: published.value || null, language: language.value || null }
    const entry = await call('POST', '/review/documents', body)
    text.value = ''
    await load()
    await open(entry.key)
  } catch (error) {
    show('compose')
    refuse(explain(error))
  }
}

/** @param {File[]} files */
async function openFiles(files) {
  const limit = state.session.limits.max_file
  const problems = []
  const opened = []
  wait('loading')
  for (const file of files) {
    if (file.size > limit) {
      const values = { name: file.name, limit: megabytes(limit), got: megabytes(file.size) }
      problems.push(t('compose.too_large', values))
      continue
    }
    try {
      const name = encodeURIComponent(file.name.slice(-300))
      const answer = await call('POST', `/review/files?name=${name}`, file.slice())
      opened.push(...answer.items)
      problems.push(...answer.problems)
    } catch (error) {
      problems.push(`${file.name}: ${explain(error)}`)
    }
  }
  $('file').value = ''
  if (opened.length) await load()
  if (opened.length) await open(opened[0].key)
  else compose()
  refuse(problems.join('\n') || undefined)
  if (problems.length) toast(problems.join('\n'), true)
  else toast(t('compose.opened', { count: opened.length }))
}

const megabytes = (bytes) => new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 }).format(bytes / 1e6)

function startDropping() {
  let depth = 0
  const over = (by) => {
    depth = by === null ? 0 : depth + by
    $('drop').hidden = depth <= 0
  }
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files')
  addEventListener('dragenter', (event) => hasFiles(event) && over(1))
  addEventListener('dragleave', (event) => hasFiles(event) && over(-1))
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault())
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    over(null)
    openFiles([...event.dataTransfer.files]).catch(complain)
  })
}
