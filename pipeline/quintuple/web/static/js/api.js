// Talks to the server.

/** What the server says is wrong. @typedef {{where: string, expected: string, got: string|null}} Detail */

/** An answer that is an error, or none at all (status 0). */
export class ServerError extends Error {
  /** @param {number} status @param {string} message @param {Detail[]} details @param {number} retry seconds */
  constructor(status, message, details = [], retry = 0) {
    super(message)
    this.status = status
    this.details = details
    this.retry = retry
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {any} [body] sent as JSON, a Blob as it is
 * @returns {Promise<any>} the JSON of the answer
 * @throws {ServerError}
 */
export async function call(method, path, body) {
  const raw = body instanceof Blob
  const headers = body === undefined ? {} : { 'Content-Type': raw ? 'application/octet-stream' : 'application/json' }
  let response
  try {
    response = await fetch(path, { method, headers, body: raw ? body : JSON.stringify(body) })
  } catch {
    throw new ServerError(0, '')
  }
  const answer = await response.json().catch(() => ({}))
  if (response.ok) return answer
  const retry = Number(response.headers.get('Retry-After') ?? 0)
  throw new ServerError(response.status, answer.error ?? response.statusText, answer.details ?? [], retry)
}

/** @param {Object<string, any>} values @returns {string} a query of the values that are set */
export function query(values) {
  const set = Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined)
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()
}
