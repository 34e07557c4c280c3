// The words of the page, and the language it is shown in.

/** @type {Object<string, string>} */
let words = {}
let language = document.documentElement.lang

/** Loads a language and writes it into everything that the template made. @param {string} wanted */
export async function useLanguage(wanted) {
  const response = await fetch(`/static/messages/${wanted}.json`)
  words = await response.json()
  language = wanted
  document.documentElement.lang = wanted
  document.title = `${t('title')} · quintuple`
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t)
  for (const node of document.querySelectorAll('[data-t-placeholder]')) {
    node.setAttribute('placeholder', t(node.dataset.tPlaceholder))
  }
  for (const node of document.querySelectorAll('[data-t-label]')) {
    node.setAttribute('aria-label', t(node.dataset.tLabel))
    if (node.hasAttribute('title')) node.title = t(node.dataset.tLabel)
  }
}

/** @returns {string} 'zh' or 'en' */
export const currentLanguage = () => language

/**
 * @param {string} key
 * @param {Object<string, string|number>} [values] what {name} stands for
 * @returns {string} the words of a key
 */
export function t(key, values = {}) {
  const found = words[key] ?? key
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

/** @param {string} type @returns {string} the name of an action type; one of another scheme keeps its own */
export const typeName = (type) => words[`type.${type}`] ?? type
