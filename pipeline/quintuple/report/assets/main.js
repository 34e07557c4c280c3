// Shows everything, and again when a filter, the language or the width changes.

function showTotals() {
  const acting = new Set(events.map((event) => event.company).filter((party) => party !== null));
  const days = events.map((event) => event.month).filter((month) => month !== null).sort();
  const totals = { articles: number(articles.length), events: number(events.length), companies: number(acting.size) };
  if (days.length) totals.period = [...new Set([days[0], days.at(-1)])].join(" – ");
  document.getElementById("totals").replaceChildren(
    ...Object.entries(totals).map(([key, value]) => html("div", {}, html("dd", {}, value), html("dt", {}, word(key)))),
  );
}

function showWords() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = word(element.dataset.hint);
  const other = language === "zh" ? "en" : "zh";
  const button = document.getElementById("language");
  button.textContent = languageName(other);
  button.lang = other;
  document.getElementById("theme").setAttribute("aria-label", word("theme"));
  document.querySelector("footer").textContent = word("made_by", data.version);
}

function showCharts() {
  // Asked for once: each question makes the browser lay the page out again.
  const width = chart("months").clientWidth;
  showMonths(width);
  showTimeline(width);
  showGraph(width);
}

function show() {
  document.getElementById("shown").textContent = word("shown", chosen().length, events.length);
  document.getElementById("confidence").textContent = state.confidence.toFixed(2);
  showCharts();
  showTypes();
  showParties();
  showStakes();
  showTable();
}

function showAll() {
  showWords();
  showTotals();
  fillForm();
  readForm();
  show();
}

let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    readForm();
    show();
  }, 150);
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => {
  // The fields are empty only after this event.
  setTimeout(() => {
    readForm();
    show();
  });
});

document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  showAll();
});

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});

let shownWidth = 0;
new ResizeObserver(() => {
  const width = chart("months").clientWidth;
  if (width === shownWidth || view.printing) return;
  shownWidth = width;
  requestAnimationFrame(showCharts);
}).observe(document.querySelector("main"));

addEventListener("beforeprint", () => {
  view.printing = true;
  showTable();
});
addEventListener("afterprint", () => {
  view.printing = false;
  showTable();
});

if (matchMedia("(max-width: 700px)").matches) document.getElementById("filters").open = false;
showAll();
