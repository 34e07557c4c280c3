// The table: sorted, one page at a time, each event with its sentence and the slots marked in it.

const COLUMNS = {
  first: { word: "when", key: (event) => event.first, cell: whenCell },
  company: { word: "company", key: (event) => nameKey(event.company), cell: (event) => nameCell(event.company) },
  type: { word: "action", key: (event) => typeName(event.type), cell: (event) => html("span", { class: `chip group-${group(event.type)}` }, typeName(event.type)) },
  target: { word: "target", key: (event) => nameKey(event.target), cell: (event) => nameCell(event.target) },
  share: { word: "percentage", key: (event) => event.to ?? event.from ?? firstValue(event), cell: percentage },
  status: { word: "status", key: (event) => statusName(event.status), cell: (event) => statusName(event.status) },
  confidence: { word: "confidence", key: (event) => event.confidence, cell: (event) => event.confidence?.toFixed(2) ?? "" },
  article: { word: "article", key: (event) => event.source.id, cell: articleCell },
};

const nameKey = (party) => (party === null ? null : partyName(party));
const nameCell = (party) =>
  party === null ? "" : html("button", { type: "button", class: "link", onclick: () => chooseParty(party) }, partyName(party));
const firstValue = (event) => (event.percentage === null ? null : Number(event.percentage.split(" ")[0]));

/** A date breaks between the days of an interval only. */
function whenCell({ edtf, date }) {
  if (edtf === null) return date ?? "";
  return html("span", { title: edtf }, ...readable(edtf).map((part) => html("span", { class: "day" }, part)));
}

function percentage(event) {
  if (event.percentage === null) return "";
  if (event.from !== null && event.to !== null) return `${number(event.from)} → ${number(event.to)} %`;
  return `${event.percentage.split(" ").map((value) => number(Number(value))).join(", ")} %`;
}

function articleCell({ source }) {
  const published = source.published === null ? [] : [html("small", {}, word("published", source.published))];
  if (source.duplicate_of !== null) published.push(html("small", {}, word("duplicate", source.duplicate_of)));
  return html("span", { title: [source.title, source.path].filter(Boolean).join("\n") }, source.id, ...published);
}

/** Missing values last, whichever way it goes; equal ones in the order of the articles. */
function sorted(left) {
  const { key } = COLUMNS[view.sort];
  const names = new Intl.Collator(language, { numeric: true });
  // Numbers and ISO days compare as they are, which is many times faster.
  const plain = ["first", "share", "confidence"].includes(view.sort);
  const compare = plain ? (a, b) => (a > b) - (a < b) : names.compare;
  const keyed = left.map((event) => ({ event, value: key(event) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return (a.value === null) - (b.value === null) || a.event.order - b.event.order;
    return (view.down ? -1 : 1) * compare(a.value, b.value) || a.event.order - b.event.order;
  });
  return keyed.map(({ event }) => event);
}

/** A sentence with its marks; where they overlap, the shorter one shows. */
function evidence(event) {
  const text = data.sentences[event.sentence];
  const marks = [];
  for (let at = 0; at < event.marks.length; at += 3) {
    marks.push({ slot: data.slots[event.marks[at]], start: event.marks[at + 1], end: event.marks[at + 2] });
  }
  marks.sort((a, b) => a.end - a.start - (b.end - b.start));
  const edges = [...new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return edges.slice(1).map((end, index) => {
    const piece = text.slice(edges[index], end);
    const mark = marks.find((one) => one.start <= edges[index] && end <= one.end);
    return mark ? html("mark", { class: `slot-${mark.slot}`, title: word(mark.slot) }, piece) : piece;
  });
}

function row(event) {
  const cells = Object.entries(COLUMNS).map(([name, column]) => {
    const cell = column.cell(event);
    return html("td", { "data-label": word(column.word), class: cell === "" ? `${name} empty` : name }, cell);
  });
  const rows = [html("tr", {}, ...cells)];
  if (event.sentence !== null) {
    const span = Object.keys(COLUMNS).length;
    rows.push(html("tr", { class: "evidence" }, html("td", { colspan: span, lang: event.source.language, dir: "auto" }, ...evidence(event))));
  }
  return html("tbody", {}, ...rows);
}

function head() {
  const cells = Object.entries(COLUMNS).map(([name, column]) => {
    const press = () => {
      Object.assign(view, { down: view.sort === name ? !view.down : name === "first" || name === "confidence" || name === "share", sort: name, page: 0 });
      showTable();
    };
    const order = view.sort !== name ? "none" : view.down ? "descending" : "ascending";
    return html("th", { scope: "col", class: name, "aria-sort": order }, html("button", { type: "button", onclick: press }, word(column.word)));
  });
  return html("thead", {}, html("tr", {}, ...cells));
}

function pager(pages) {
  const go = (step) => () => {
    view.page += step;
    showTable();
    document.getElementById("table").scrollIntoView();
  };
  return html("nav", { class: "pager" },
    html("button", { type: "button", disabled: view.page === 0 ? "" : null, onclick: go(-1) }, word("previous")),
    html("span", {}, word("page", view.page + 1, pages)),
    html("button", { type: "button", disabled: view.page + 1 >= pages ? "" : null, onclick: go(1) }, word("next")));
}

function showTable() {
  const left = sorted(chosen());
  const pages = Math.max(1, Math.ceil(left.length / limits.page_rows));
  const start = view.printing ? 0 : view.page * limits.page_rows;
  const shown = left.slice(start, start + (view.printing ? limits.print_rows : limits.page_rows));
  const note = view.printing && shown.length < left.length ? word("printed", shown.length, left.length) : "";
  const bare = events.length && !data.sentences.length ? word("no_text") : "";
  document.querySelector("#table .note").textContent = [note, bare].filter(Boolean).join(" ");
  document.getElementById("slots").replaceChildren(
    ...(bare ? [] : data.slots.map((slot) => html("mark", { class: `slot-${slot}` }, word(slot)))),
  );
  if (!shown.length) return chart("table").replaceChildren(nothing());
  chart("table").replaceChildren(html("table", {}, head(), ...shown.map(row)), ...(pages > 1 ? [pager(pages)] : []));
  return undefined;
}
