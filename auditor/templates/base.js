"use strict";
const words = JSON.parse(document.getElementById("words").textContent);
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = (key, values) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function icon(status) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", `icon s-${status}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${status}`);
  svg.append(use);
  return svg;
}

// The header of the column that orders the table tells so; one that is chosen again turns round.
function sorting(table, order) {
  all("[data-sort]", table).forEach((button) => {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const turned = head.getAttribute("aria-sort") === (button.dataset.first || "ascending");
      const first = button.dataset.first || "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      all("th[aria-sort]", table).forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", turned ? other : first);
      order(button.dataset.sort, (turned ? other : first) === "ascending" ? 1 : -1);
    });
  });
}

const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh-CN"));
const typing = (event) => event.target.matches("input, select, textarea");
