// Who did what to whom: companies and persons as nodes, what one did to the other as arrows.

/** Ties between two parties, each with its events: most frequent first, then those of the busiest parties. */
function ties(left) {
  const found = new Map();
  for (const event of left) {
    const parties = data.groups[group(event.type)]?.parties !== false;
    if (!parties || event.company === null || event.target === null || event.company === event.target) continue;
    const key = `${event.company} ${event.target}`;
    if (!found.has(key)) found.set(key, { from: event.company, to: event.target, events: [] });
    found.get(key).events.push(event);
  }
  const busy = tally([...found.values()], ({ from, to }) => [from, to]);
  const rank = ({ from, to }) => busy.get(from) + busy.get(to);
  return [...found.values()].sort((a, b) => b.events.length - a.events.length || rank(b) - rank(a));
}

function showGraph(width) {
  const container = chart("graph");
  const all = ties(chosen());
  const narrow = width < 640;
  const shown = all.slice(0, narrow ? limits.narrow_edges : limits.edges);
  document.querySelector("#graph .note").textContent = word("graph_note", shown.length, all.length);
  const groups = new Set();
  container.replaceChildren(shown.length ? drawGraph(shown, width, narrow, groups) : nothing());
  legend(document.querySelector("#graph .legend"), groups);
}

function drawGraph(shown, width, narrow, groups) {
  const parties = [...new Set(shown.flatMap(({ from, to }) => [from, to]))];
  const weight = tally(shown.flatMap(({ from, to, events: tied }) => tied.map(() => [from, to])), (pair) => pair);
  const most = Math.max(10, ...weight.values());
  const nodes = parties.map((party) => {
    const label = fit(partyName(party), narrow ? 90 : 150, FONT);
    const r = 4 + 8 * Math.sqrt(weight.get(party) / most);
    return { party, label, r, w: Math.max(2 * r, widthOf(label, FONT) + 6), h: 2 * r + 18 };
  });
  const links = shown.map((tie) => ({ tie, source: parties.indexOf(tie.from), target: parties.indexOf(tie.to) }));
  const height = place(nodes, links, width);
  const arrows = links.map(({ tie, source, target }) => drawTie(tie, nodes[source], nodes[target], groups));
  const heads = [...groups].map((name) =>
    svg("marker", { id: `head-${name}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" },
      svg("path", { d: "M0 0 L8 4 L0 8 z", class: `head group-${name}` })));
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, svg("defs", {}, ...heads), ...arrows, ...nodes.map(drawNode));
}

/** The middle of a node's dot; its label stands below. */
const dotOf = (node) => ({ x: node.x, y: node.y - node.h / 2 + node.r });

function drawNode(node) {
  const { x, y } = dotOf(node);
  return pressable(
    svg("g", { class: "node", "aria-pressed": String(state.party === node.party) },
      svg("circle", { cx: x, cy: y, r: node.r }),
      svg("text", { x, y: y + node.r + 13, "text-anchor": "middle" }, node.label)),
    partyName(node.party), () => chooseParty(node.party),
  );
}

function drawTie(tie, one, other, groups) {
  const kinds = mostFrequent(tally(tie.events, (event) => [event.type]));
  const kind = group(kinds[0][0]);
  groups.add(kind);
  const [start, end] = [dotOf(one), dotOf(other)];
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = Math.max(1, Math.hypot(dx, dy));
  // Bent to one side, so that an arrow back is told from this one.
  const bend = Math.min(24, length * 0.12);
  const middle = { x: (start.x + end.x) / 2 - (dy / length) * bend, y: (start.y + end.y) / 2 + (dx / length) * bend };
  const near = (from, r) => {
    const away = Math.max(1, Math.hypot(middle.x - from.x, middle.y - from.y));
    return { x: from.x + ((middle.x - from.x) / away) * r, y: from.y + ((middle.y - from.y) / away) * r };
  };
  const [a, b] = [near(start, one.r + 1), near(end, other.r + 2)];
  const path = `M${a.x} ${a.y} Q${middle.x} ${middle.y} ${b.x} ${b.y}`;
  const text = kinds.map(([type, count]) => `${typeName(type)} ${number(count)}`).join(", ");
  const width = Math.min(5, 1 + Math.log2(tie.events.length));
  return pressable(
    svg("g", { class: `tie group-${kind}` },
      svg("path", { d: path, class: "hit" }),
      svg("path", { d: path, "stroke-width": width, "marker-end": `url(#head-${kind})` })),
    `${partyName(tie.from)} → ${partyName(tie.to)}: ${text}`,
    () => choose({ company: partyName(tie.from), search: data.parties[tie.to].find((name) => name !== null) }, tie.from),
  );
}
