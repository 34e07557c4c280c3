// Dates as people write them; the form keeps EDTF.

import { t } from './i18n.js'

/** Years with a season (21–24), a quarter (33–36) or a half (40, 41). */
const PART = /^(\d{4})-(2[1-4]|3[3-6]|4[01])$/
const DECADE = /^(\d{3})X$/

/** @param {string} edtf @returns {string[]} its parts to read: 2021-36 is 2021 Q4; an interval has two, a set several */
export function readable(edtf) {
  if (/^[[{]/.test(edtf)) return edtf.slice(1, -1).split(',').map(single).flatMap((part, at) => (at ? [', ', part] : [part]))
  const [first, last] = edtf.split('/').map(single)
  return last === undefined ? [first] : [`${first} – `, last]
}

function single(edtf) {
  const sure = edtf.trim().replace(/[~?%]$/, '')
  const [, year, code] = PART.exec(sure) ?? []
  const [, decade] = DECADE.exec(sure) ?? []
  const date = year ? t(`part.${code}`, { year }) : decade ? t('date.decade', { year: `${decade}0` }) : sure.replace('..', '…')
  return sure === edtf.trim() ? date : t('date.about', { date })
}
