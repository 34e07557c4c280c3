// Stake changes: a bar from the stake before to the stake after.

function showStakes() {
  const changes = chosen()
    .filter((event) => event.from !== null && event.to !== null && (event.stake || group(event.type) === "stakes"))
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from) || a.order - b.order);
  if (!changes.length) return chart("stakes").replaceChildren(nothing());
  const most = Math.max(...changes.flatMap(({ from, to }) => [from, to]));
  const scale = [1, 5, 10, 25, 50, 100].find((step) => step >= most) ?? most;
  const shown = changes.slice(0, view.stakes);
  const rest = Math.min(limits.stakes, changes.length - shown.length);
  const more = () => {
    view.stakes += limits.stakes;
    showStakes();
  };
  chart("stakes").replaceChildren(
    ...shown.map((event) => stakeRow(event, scale)),
    ...(rest > 0 ? [html("button", { type: "button", class: "more", onclick: more }, word("more", rest))] : []),
  );
  return undefined;
}

function stakeRow(event, scale) {
  const [low, high] = [Math.min(event.from, event.to), Math.max(event.from, event.to)];
  const at = (value) => `${(100 * value) / scale}%`;
  const rose = event.to > event.from;
  return html("div", { class: `stake ${rose ? "up" : "down"}` },
    html("span", { class: "who" }, html("bdi", {}, partyName(event.company)), " → ", html("bdi", {}, partyName(event.target)),
      html("small", {}, [event.edtf ? readable(event.edtf).join("") : (event.date ?? event.source.published), statusName(event.status)].filter(Boolean).join(" · "))),
    html("span", { class: "track", "aria-hidden": "true" },
      html("i", { style: { left: at(low), width: at(high - low) } }),
      html("b", { style: { left: at(event.to) } })),
    html("span", { class: "count" }, `${number(event.from)} → ${number(event.to)} %`));
}
