// What is chosen, and which events that leaves.

const form = document.getElementById("form");
const state = { search: "", company: "", party: null, type: "", status: "", language: "", repeats: "", from: "", to: "", confidence: 0 };
const view = { page: 0, sort: "first", down: true, stakes: limits.stakes, printing: false };

const tests = {
  search: (event) => haystack(event).includes(state.search.toLowerCase()),
  company: (event) =>
    state.party !== null ? event.parties.includes(state.party) : event.parties.some((party) => found.has(party)),
  type: (event) => event.type === state.type,
  status: (event) => event.status === state.status,
  language: (event) => event.source.language === state.language,
  repeats: (event) => (state.repeats === "only") === (event.source.duplicate_of !== null),
  from: (event) => event.last !== null && event.last >= state.from,
  to: (event) => event.first !== null && event.first <= state.to,
  confidence: (event) => (event.confidence ?? 1) >= state.confidence,
};

/** Parties whose name holds what is typed, when it is no party's whole name. */
let found = new Set();

/** Everything that can be read of an event, in small letters; made when it is first asked for. */
function haystack(event) {
  event.text ??= [
    ...event.parties.flatMap((party) => data.parties[party]),
    event.type, data.types[event.type]?.zh, data.types[event.type]?.en, event.trigger, event.status,
    data.statuses[event.status]?.zh, event.percentage, event.date, event.edtf, event.source.id, event.source.path,
    event.source.title, data.sentences[event.sentence],
  ].join("\n").toLowerCase();
  return event.text;
}

/** The events that pass every test but those named: a chart does not filter itself. */
function chosen(...without) {
  const active = Object.keys(tests).filter((name) => state[name] && !without.includes(name)).map((name) => tests[name]);
  return active.length ? events.filter((event) => active.every((test) => test(event))) : events;
}

function readForm() {
  const entries = new FormData(form);
  for (const name of Object.keys(tests)) state[name] = String(entries.get(name) ?? "").trim();
  state.confidence = Number(state.confidence);
  const typed = state.company.toLowerCase();
  const named = data.parties.map((names) => names.filter((name) => name !== null).map((name) => name.toLowerCase()));
  // A name picked from a chart stays that party, though another may share it.
  const kept = state.party !== null && named[state.party].includes(typed);
  const party = kept ? state.party : named.findIndex((names) => names.includes(typed));
  state.party = typed && party >= 0 ? party : null;
  found = new Set(typed ? named.flatMap((names, index) => (names.some((name) => name.includes(typed)) ? [index] : [])) : []);
  Object.assign(view, { page: 0, stakes: limits.stakes });
}

/** Set fields of the form, or clear those that already say so; then show everything anew. */
function choose(values, party = null) {
  const undo = Object.entries(values).every(([name, value]) => form.elements[name].value === value);
  for (const [name, value] of Object.entries(values)) form.elements[name].value = undo ? "" : value;
  state.party = undo ? null : (party ?? state.party);
  readForm();
  show();
}

const chooseParty = (party) => choose({ company: partyName(party) }, party);

function fillSelect(name, values, nameOf) {
  const select = form.elements[name];
  const kept = select.value;
  const options = mostFrequent(values).map(([value, count]) =>
    html("option", { value }, `${nameOf(value)} (${number(count)})`),
  );
  select.replaceChildren(html("option", { value: "" }, word("all")), ...options);
  select.value = kept;
}

/** Offered only where some articles are marked. */
function fillRepeats() {
  const select = form.elements.repeats;
  select.parentElement.hidden = articles.every((article) => article.duplicate_of === null);
  for (const option of select.options) option.textContent = word(option.value ? `repeats_${option.value}` : "all");
}

function fillForm() {
  fillSelect("type", tally(events, (event) => [event.type]), typeName);
  fillSelect("status", tally(events, (event) => [event.status]), statusName);
  fillSelect("language", tally(events, (event) => [event.source.language]), languageName);
  fillRepeats();
  const names = mostFrequent(tally(events, (event) => event.parties)).slice(0, limits.suggestions);
  document.getElementById("companies").replaceChildren(...names.map(([party]) => html("option", { value: partyName(party) })));
  if (state.party !== null) form.elements.company.value = partyName(state.party);
}
