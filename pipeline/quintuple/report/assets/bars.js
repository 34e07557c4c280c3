// Events by type and by company: rows with a bar, which filter when pressed.

function bar({ label, dark, light = 0, most, selected, kind = "", press }) {
  const share = (count) => ({ width: `${(100 * count) / most}%` });
  return html(
    "button",
    { type: "button", class: `bar ${kind}`, "aria-pressed": String(selected), onclick: press, title: label },
    html("span", { class: "label" }, label),
    html("span", { class: "track" }, html("i", { style: share(dark) }), html("i", { class: "light", style: share(light) })),
    html("span", { class: "count" }, number(dark + light)),
  );
}

function showTypes() {
  const counts = mostFrequent(tally(chosen("type"), (event) => [event.type]));
  const bars = counts.map(([type, count]) =>
    bar({
      label: typeName(type), dark: count, most: counts[0][1], selected: state.type === type, kind: `group-${group(type)}`,
      press: () => choose({ type }),
    }),
  );
  chart("types").replaceChildren(...(bars.length ? bars : [nothing()]));
}

/** Side by side, both lists are equally long. */
const rows = () =>
  matchMedia("(min-width: 901px)").matches ? Math.max(limits.companies, chart("types").children.length) : limits.companies;

function showParties() {
  const left = chosen("company");
  const acts = tally(left, (event) => (event.company === null ? [] : [event.company]));
  const all = tally(left, (event) => event.parties);
  const counts = mostFrequent(new Map([...all].filter(([party]) => acts.has(party)))).slice(0, rows());
  const bars = counts.map(([party, count]) =>
    bar({
      label: partyName(party), dark: acts.get(party), light: count - acts.get(party), most: counts[0][1],
      selected: state.party === party, press: () => chooseParty(party),
    }),
  );
  chart("parties").replaceChildren(...(bars.length ? bars : [nothing()]));
}
