// Small helpers for building the page. Text goes in as text nodes, never as HTML.

/** @param {string} id @returns {any} the element, which the template is known to have */
export const $ = (id) => document.getElementById(id)

/**
 * Makes an element.
 * @param {string} tag
 * @param {{class?: string, data?: Object<string, any>, on?: Object<string, (event: any) => void>, [name: string]: any}} [props]
 *   `data` and `on` are data attributes and listeners, `class` is the class; any other name is an attribute, left out
 *   when its value is null, undefined or false
 * @param {...(Node|string|null|undefined|false)} children
 */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag)
  const { class: classes, data = {}, on = {}, ...attributes } = props
  if (classes) made.className = classes
  Object.assign(made.dataset, data)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    made.setAttribute(name, value === true ? '' : String(value))
  }
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener)
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return made
}

/** Replaces the options of a select. @param {HTMLSelectElement} select @param {[string, string][]} pairs value, words */
export function fillSelect(select, pairs) {
  const chosen = select.value
  select.replaceChildren(...pairs.map(([value, words]) => el('option', { value }, words)))
  if (pairs.some(([value]) => value === chosen)) select.value = chosen
}

/** Calls a function once, soon after the last of several calls. @param {() => void} run @param {number} wait ms */
export function debounce(run, wait) {
  let timer = 0
  return () => {
    clearTimeout(timer)
    timer = setTimeout(run, wait)
  }
}
