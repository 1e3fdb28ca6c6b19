const STATUSES = ["missing", "planned", "acknowledged", "asserted", "evidenced", "not_applicable"];
const GAPS = new Set(STATUSES.slice(0, 3));
const IMPORTANCE = ["core", "common", "extended"];

const table = one("#gaps");
const paper = one("#paper");
const panes = one("#panes");
const card = one("#card");
const search = one("#search");
const rows = all("tbody.row");
const clauses = all("tbody.clause");
const order = [...table.tBodies];
const byIndex = new Map(rows.map((row) => [row.dataset.i, row]));
const contents = new Map();
const state = { show: "gaps", importance: "", clause: "", query: "", sorted: false, unfolded: new Set(), revealed: new Set() };
const narrow = window.matchMedia("(max-width: 860px)");
const title = (row) => one(".title", row).textContent;

// ---- which rows are shown

function textOf(row) {
  if (!contents.has(row)) contents.set(row, row.textContent.toLowerCase());
  return contents.get(row);
}

function fits(row, show) {
  const { s, w, g } = row.dataset;
  if (show === "gaps" ? !GAPS.has(s) : show === "flags" ? row.dataset.flag === undefined : show !== "all" && s !== show) return false;
  return (!state.importance || w === state.importance) && (!state.clause || g === state.clause) && state.query.split(/\s+/).every((word) => textOf(row).includes(word));
}

function apply() {
  let count = 0;
  const folded = new Map();
  const live = new Set();
  for (const row of rows) {
    const g = row.dataset.g;
    const asked = fits(row, state.show);
    const foldable = !asked && state.show === "gaps" && fits(row, "all");
    if (foldable) folded.set(g, (folded.get(g) || 0) + 1);
    const shown = asked || state.revealed.has(row) || (foldable && state.unfolded.has(g));
    row.classList.toggle("off", !shown);
    count += shown;
    if (shown || foldable) live.add(g);
  }
  for (const clause of clauses) {
    const g = clause.dataset.g;
    clause.classList.toggle("off", !live.has(g));
    clause.classList.toggle("bare", state.sorted);
    more(clause, state.sorted ? 0 : folded.get(g) || 0);
  }
  one("#shown").textContent = say("shown", { shown: count, total: rows.length });
  one("#nothing").hidden = count > 0 || live.size > 0;
  one("#reset").hidden = state.show === "gaps" && !state.importance && !state.clause && !state.query;
  all("[data-show]", one(".quick")).forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.show === state.show)));
  one("#status").value = STATUSES.includes(state.show) ? state.show : "";
}

// What is covered stays folded under its clause until it is asked for.
function more(clause, count) {
  let button = one(".more", clause);
  if (!button && count) {
    button = element("button", { type: "button", class: "more" });
    button.addEventListener("click", () => {
      const g = clause.dataset.g;
      state.unfolded[state.unfolded.has(g) ? "delete" : "add"](g);
      apply();
    });
    one("th div", clause).append(button);
  }
  if (!button) return;
  const open = state.unfolded.has(clause.dataset.g);
  button.hidden = !count;
  button.setAttribute("aria-expanded", String(open));
  button.textContent = open ? words.fold : say("folded", { count });
}

function filter(change) {
  state.revealed.clear();
  Object.assign(state, change);
  apply();
}

function reset() {
  search.value = "";
  all(".tools select").forEach((select) => (select.value = ""));
  state.unfolded.clear();
  filter({ show: "gaps", importance: "", clause: "", query: "" });
}

all("[data-show]").forEach((control) =>
  control.addEventListener("click", (event) => {
    filter({ show: control.dataset.show });
    if (control.tagName === "A") {
      event.preventDefault();
      pane("list");
      one("#obligations").scrollIntoView();
    }
  }),
);
all("a[data-clause]").forEach((link) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    one("#clause").value = link.dataset.clause;
    filter({ show: "all", clause: link.dataset.clause });
    pane("list");
    one("#obligations").scrollIntoView();
  }),
);
one("#status").addEventListener("change", (event) => filter({ show: event.target.value || "all" }));
one("#importance").addEventListener("change", (event) => filter({ importance: event.target.value }));
one("#clause").addEventListener("change", (event) => filter({ clause: event.target.value }));
search.addEventListener("input", () => filter({ query: search.value.trim().toLowerCase() }));
one("#reset").addEventListener("click", () => {
  reset();
  search.focus();
});

const KEYS = {
  status: (row) => STATUSES.indexOf(row.dataset.s),
  id: (row) => row.id,
  importance: (row) => IMPORTANCE.indexOf(row.dataset.w),
  score: (row) => (row.dataset.n === "" ? 101 : Number(row.dataset.n)),
};
sorting(table, (key, sign) => {
  state.sorted = key !== "order" || sign < 0;
  const place = new Map(order.map((body, at) => [body, at]));
  const sorted = state.sorted
    ? [...clauses, ...[...rows].sort((a, b) => sign * (key === "order" ? place.get(a) - place.get(b) : compare(KEYS[key](a), KEYS[key](b))) || place.get(a) - place.get(b))]
    : order;
  table.append(...sorted);
  apply();
});
