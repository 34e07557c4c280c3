// Events by month, and the companies' timeline over the same months.

const UNITS = { month: 1, quarter: 3, year: 12 };
const AXIS = 22;
const FONT = 12;

/** Number of the month since year 0, of `YYYY-MM`. */
const monthIndex = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;

const day = (index, last) => {
  const year = String(Math.floor(index / 12)).padStart(4, "0");
  const month = (index % 12) + 1;
  // Day 0 of the next month is the last of this one.
  const date = last ? new Date(Date.UTC(Number(year), month, 0)).getUTCDate() : 1;
  return `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
};

/** Bins over all dated events, as fine as the width allows. */
function makeBins(dated, width) {
  const months = dated.map((event) => monthIndex(event.month));
  const low = months.reduce((a, b) => Math.min(a, b));
  const high = months.reduce((a, b) => Math.max(a, b));
  const fits = Object.keys(UNITS).find((unit) => ((high - low) / UNITS[unit] + 1) * 7 <= width);
  const unit = fits ?? "year";
  const size = UNITS[unit];
  const start = Math.floor(low / size);
  const count = Math.floor(high / size) - start + 1;
  return {
    unit, count, step: width / count,
    of: (event) => Math.floor(monthIndex(event.month) / size) - start,
    range: (index) => ({ from: day((start + index) * size, false), to: day((start + index + 1) * size - 1, true) }),
    label: (index) => {
      const year = Math.floor(((start + index) * size) / 12);
      const part = (start + index) % (12 / size);
      return { month: `${year}-${String(part + 1).padStart(2, "0")}`, quarter: `${year} Q${part + 1}`, year: String(year) }[unit];
    },
  };
}

/** Labels under the bins, as many as fit and none beyond the edge. */
function axis(bins, left, height) {
  const wide = 62;
  const every = Math.ceil(wide / bins.step);
  const edge = left + bins.count * bins.step;
  const ticks = [];
  for (let index = 0; index < bins.count; index += every) {
    const x = left + (index + 0.5) * bins.step;
    if (index > 0 && x + wide / 2 > edge + 4) break;
    ticks.push(svg("text", { x, y: height - 6, "text-anchor": "middle", class: "tick" }, bins.label(index)));
  }
  return ticks;
}

function showMonths(width) {
  const place = chart("months");
  const dated = chosen("from", "to").filter((event) => event.month !== null);
  if (!dated.length) return place.replaceChildren(nothing());
  const [left, height] = [34, 170];
  const bins = makeBins(dated, width - left);
  document.querySelector("#months h2").textContent = word(`by_${bins.unit}`);
  const counts = tally(dated, (event) => [bins.of(event)]);
  const most = Math.max(...counts.values());
  const floor = height - AXIS;
  const columns = [...counts].map(([index, count]) => {
    const { from, to } = bins.range(index);
    const tall = Math.max(1, ((floor - 16) * count) / most);
    const box = { x: left + index * bins.step + bins.step * 0.1, width: Math.max(1, bins.step * 0.8) };
    return pressable(
      svg("g", { class: "column", "aria-pressed": String(state.from === from && state.to === to) },
        svg("rect", { ...box, y: 0, height: floor, class: "hit" }),
        svg("rect", { ...box, y: floor - tall, height: tall, rx: 2 })),
      `${bins.label(index)}: ${number(count)}`,
      () => choose({ from, to }),
    );
  });
  const top = svg("text", { x: left - 6, y: 20, "text-anchor": "end", class: "tick" }, number(most));
  const ground = svg("line", { x1: left, x2: width, y1: floor, y2: floor, class: "axis" });
  place.replaceChildren(svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, top, ground, ...columns, ...axis(bins, left, height)));
  return undefined;
}

function showTimeline(width) {
  const place = chart("timeline");
  const left = chosen();
  const acts = tally(left, (event) => (event.company === null || event.month === null ? [] : [event.company]));
  const lanes = mostFrequent(acts).slice(0, limits.lanes).map(([party]) => party);
  const dated = left.filter((event) => event.month !== null && lanes.includes(event.company));
  const groups = new Set();
  if (dated.length) place.replaceChildren(drawLanes(lanes, dated, width, groups));
  else place.replaceChildren(nothing());
  const undated = left.filter((event) => event.month === null).length;
  if (undated) place.append(html("p", { class: "note" }, word("undated", undated)));
  legend(document.querySelector("#timeline .legend"), groups);
}

function drawLanes(lanes, dated, width, groups) {
  const tall = 30;
  const label = Math.min(200, width * 0.3);
  const margin = 14;
  const height = lanes.length * tall + AXIS + 4;
  const bins = makeBins(dated, width - label - 2 * margin);
  const cells = new Map();
  for (const event of dated) {
    const key = `${lanes.indexOf(event.company)} ${bins.of(event)}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(event);
  }
  const most = Math.max(...[...cells.values()].map((cell) => cell.length));
  const largest = Math.min(13, Math.max(5, bins.step * 0.6));
  const rows = lanes.map((party, lane) => {
    const y = (lane + 0.5) * tall;
    return svg("g", {},
      svg("line", { x1: label, x2: width, y1: y, y2: y, class: "lane" }),
      pressable(svg("text", { x: label - 8, y: y + 4, "text-anchor": "end", class: "press" }, fit(partyName(party), label - 10, FONT)),
        partyName(party), () => chooseParty(party)));
  });
  const dots = [...cells].map(([key, cell]) => {
    const [lane, index] = key.split(" ").map(Number);
    const kinds = mostFrequent(tally(cell, (event) => [event.type]));
    const kind = mostFrequent(tally(cell, (event) => [group(event.type)]))[0][0];
    groups.add(kind);
    const text = kinds.map(([type, count]) => `${typeName(type)} ${number(count)}`).join(", ");
    const dot = { cx: label + margin + (index + 0.5) * bins.step, cy: (lane + 0.5) * tall, r: 3 + (largest - 3) * Math.sqrt(cell.length / most) };
    const press = () => choose({ company: partyName(lanes[lane]), ...bins.range(index) }, lanes[lane]);
    return pressable(svg("circle", { ...dot, class: `dot group-${kind}` }), `${partyName(lanes[lane])}, ${bins.label(index)}: ${text}`, press);
  });
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, ...rows, ...dots, ...axis(bins, label + margin, height));
}
