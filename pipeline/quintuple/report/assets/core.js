"use strict";
// The data, the words, and how elements are made. Text from the data only ever becomes text nodes and attributes.

const data = JSON.parse(document.getElementById("data").textContent);
const limits = data.limits;

const read = (row, fields) => Object.fromEntries(fields.map((name, index) => [name, row[index]]));
const articles = data.articles.map((row) => read(row, data.article_fields));
const events = data.events.map((row, order) => {
  const event = { ...read(row, data.fields), order };
  event.source = articles[event.article];
  event.parties = [...new Set([event.company, event.target, event.counterparty])].filter((party) => party !== null);
  event.first = event.earliest ?? event.latest ?? event.source.published;
  event.last = event.latest ?? event.first;
  return event;
});

const groupOf = Object.fromEntries(
  Object.entries(data.groups).flatMap(([group, { types }]) => types.map((type) => [type, group])),
);
const group = (type) => groupOf[type] ?? "other";

let language = data.language;

const word = (key, n, m) =>
  data.words[key][language].replace("{n}", () => number(n)).replace("{m}", () => number(m));
const PLACES = { maximumFractionDigits: 2 };
const formats = { zh: new Intl.NumberFormat("zh", PLACES), en: new Intl.NumberFormat("en", PLACES) };
const number = (value) => (typeof value === "number" ? formats[language].format(value) : String(value));
const typeName = (type) => data.types[type]?.[language] ?? type;
const statusName = (status) => data.statuses[status]?.[language] ?? status;
const languageName = (code) => ({ zh: "中文", en: "English" })[code] ?? code;

const PART = /^(\d{4})-(2[1-4]|3[3-6]|4[01])$/;
const DECADE = /^(\d{3})X$/;

/** The parts of an EDTF date as people write them: 2021-36 is 2021 Q4; an interval has two, a set several. */
function readable(edtf) {
  if (/^[[{]/.test(edtf)) return edtf.slice(1, -1).split(",").map(single).flatMap((part, at) => (at ? [", ", part] : [part]));
  const [first, last] = edtf.split("/").map(single);
  return last === undefined ? [first] : [`${first} – `, last];
}

function single(edtf) {
  const sure = edtf.trim().replace(/[~?%]$/, "");
  const [, year, code] = PART.exec(sure) ?? [];
  const [, decade] = DECADE.exec(sure) ?? [];
  const day = year ? word(`part_${code}`, year) : decade ? word("decade", `${decade}0`) : sure.replace("..", "…");
  return sure === edtf.trim() ? day : word("about", day);
}

/** A party's name in the language of the page, where articles in that language name it. */
function partyName(party) {
  if (party === null) return word("unnamed");
  const [chinese, english] = data.parties[party];
  return language === "zh" ? (chinese ?? english) : (english ?? chinese);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, setting);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** Make an SVG element work like a button. */
function pressable(element, label, press) {
  const onkey = (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      press();
    }
  };
  return fill(element, { tabindex: 0, role: "button", "aria-label": label, onclick: press, onkeydown: onkey }, [
    svg("title", {}, label),
  ]);
}

const nothing = () => html("p", { class: "nothing" }, word("nothing"));
const chart = (id) => document.querySelector(`#${id} .chart`);

function tally(items, keysOf) {
  const counts = new Map();
  for (const item of items) for (const key of keysOf(item)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const mostFrequent = (counts) => [...counts].sort((a, b) => b[1] - a[1]);

const canvas = document.createElement("canvas").getContext("2d");

/** Width of a text in pixels, at a font size. */
function widthOf(text, size) {
  canvas.font = `${size}px system-ui, sans-serif`;
  return canvas.measureText(text).width;
}

/** A text cut to a width in pixels. */
function fit(text, width, size) {
  if (widthOf(text, size) <= width) return text;
  const characters = [...text.slice(0, 200)];
  while (characters.length > 1 && widthOf(characters.join("") + "…", size) > width) characters.pop();
  return characters.join("") + "…";
}

function legend(container, groups) {
  container.replaceChildren(
    ...Object.keys(data.groups)
      .filter((name) => groups.has(name))
      .map((name) => html("li", { class: `group-${name}` }, data.groups[name][language])),
  );
}
