// Starts the page.

import { back, forth, setPublished } from './actions.js'
import { call } from './api.js'
import { startCaretKeeping } from './caret.js'
import { compose, startCompose } from './compose.js'
import { $, el } from './dom.js'
import { startEditor } from './editor.js'
import { startFilters } from './filters.js'
import { currentLanguage, t, useLanguage } from './i18n.js'
import { showKeys, startKeys } from './keys.js'
import { load, open, startLibrary, wait } from './library.js'
import { startMarker } from './marker.js'
import { startReader } from './reader.js'
import { startSaving } from './saving.js'
import { on, state, tell } from './store.js'
import { startTable } from './table.js'
import { complain } from './toast.js'

const THEMES = ['', 'light', 'dark']

/** What the browser remembers, if it may. */
const memory = {
  get: (name) => {
    try {
      return localStorage.getItem(name)
    } catch {
      return null
    }
  },
  set: (name, value) => {
    try {
      localStorage.setItem(name, value)
    } catch {
      // A page without storage keeps its looks until it is closed.
    }
  },
}

function startBar() {
  $('new').addEventListener('click', compose)
  $('help').addEventListener('click', showKeys)
  $('all-keys').addEventListener('click', showKeys)
  $('language').addEventListener('click', async () => {
    await useLanguage(currentLanguage() === 'zh' ? 'en' : 'zh').catch(complain)
    tell('words')
  })
  $('theme').addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme ?? '') + 1) % THEMES.length]
    useTheme(next)
    memory.set('theme', next)
  })
  $('undo').addEventListener('click', back)
  $('redo').addEventListener('click', forth)
  $('published').addEventListener('change', () => setPublished($('published').value))
  $('event-order').addEventListener('change', () => {
    state.order = $('event-order').value
    tell('events')
  })
  for (const button of document.querySelectorAll('.tabs [data-tab]')) {
    button.addEventListener('click', () => (document.body.dataset.tab = button.dataset.tab))
  }
  new MutationObserver(drawTabs).observe(document.body, { attributeFilter: ['data-tab'] })
  drawTabs()
}

function drawTabs() {
  for (const button of document.querySelectorAll('.tabs [data-tab]')) {
    button.setAttribute('aria-pressed', String(button.dataset.tab === document.body.dataset.tab))
  }
}

function useTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
}

function drawProblems() {
  const { problems } = state.session
  $('problems').hidden = !problems.length
  $('problems').querySelector('summary').textContent = t('library.problems', { count: problems.length })
  $('problems').querySelector('ul').replaceChildren(...problems.slice(0, 100).map((line) => el('li', {}, line)))
}

async function start() {
  useTheme(memory.get('theme') ?? '')
  await useLanguage(currentLanguage())
  startBar()
  startReader()
  startCaretKeeping()
  startMarker()
  startTable()
  startEditor()
  startLibrary()
  startCompose()
  startSaving()
  startKeys()
  on(['session', 'words'], drawProblems)
  state.session = await call('GET', '/review/session')
  startFilters(load)
  tell('session', 'words', 'document')
  if (state.session.articles) wait('loading')
  await load()
  const key = /^#(\d+)$/.exec(location.hash)?.[1]
  if (key !== undefined) await open(Number(key))
  else if (state.list.length) await open(state.list[0].key)
  else compose()
  document.documentElement.dataset.ready = 'true'
}

start().catch(complain)
