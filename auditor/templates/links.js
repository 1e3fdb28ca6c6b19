// ---- from an obligation to its passages

let chosen = null;
let step = -1;

function pane(name) {
  if (!narrow.matches || panes.dataset.pane === name) return;
  const kept = window.scrollY;
  const before = panes.dataset.pane;
  panes.dataset.pane = name;
  all("#tabs button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.pane === name)));
  places[before] = kept;
  window.scrollTo(0, places[name] ?? panes.offsetTop);
}
const places = {};
all("#tabs button").forEach((button) => button.addEventListener("click", () => pane(button.dataset.pane)));

function open(row, wide = true) {
  row.classList.toggle("open", wide);
  one(".fold", row).setAttribute("aria-expanded", String(wide));
}

function unmark() {
  all(".on, .now", paper).forEach((piece) => piece.classList.remove("on", "now"));
}

function choose(row, { jump = true } = {}) {
  if (chosen && chosen !== row) {
    chosen.classList.remove("chosen");
    one(".at", chosen).textContent = "";
  }
  hint([]);
  if (row !== chosen) step = -1;
  chosen = row;
  row.classList.add("chosen");
  if (row.classList.contains("off")) {
    state.revealed.add(row);
    apply();
  }
  open(row);
  const hash = `#${encodeURIComponent(row.id)}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
  unmark();
  all(`[data-f~="${row.dataset.i}"], [data-n~="${row.dataset.i}"]`, paper).forEach((piece) => piece.classList.add("on"));
  const links = all("a[data-to]", row);
  if (links.length && jump) passage(links[(step = (step + 1) % links.length)], row, step, links.length);
}

// A link to a passage leads to its first piece and names its last one.
const first = (link) => Number(link.hash.slice("#s".length));

function passage(link, row, at, of) {
  const pieces = [];
  for (let number = first(link); number <= Number(link.dataset.to); number++) pieces.push(one(`#s${number}`));
  all(".now", paper).forEach((piece) => piece.classList.remove("now"));
  pieces.forEach((piece) => piece.classList.add("now"));
  if (row) {
    const label = one(".at", row);
    label.textContent = say("passages", { at: at + 1, of });
    label.title = of > 1 ? words.locate : "";
  }
  reveal(pieces[0]);
  return pieces[0];
}

// A third down in what is seen of the text: the page itself keeps still.
function reveal(piece) {
  if (narrow.matches) {
    pane("text");
    piece.scrollIntoView({ block: "center" });
    return;
  }
  const box = paper.getBoundingClientRect();
  const top = Math.max(box.top, 0);
  const bottom = Math.min(box.bottom, window.innerHeight);
  if (bottom - top < 120) {
    piece.scrollIntoView({ block: "center" });
    return;
  }
  paper.scrollTop += piece.getBoundingClientRect().top - (top + (bottom - top) / 3);
}

function toRow(row, focus = true) {
  pane("list");
  if (row.classList.contains("off")) {
    state.revealed.add(row);
    apply();
  }
  row.scrollIntoView({ block: "nearest" });
  if (focus) one(".title", row).focus({ preventScroll: true });
}

table.addEventListener("click", (event) => {
  const row = event.target.closest("tbody.row");
  if (!row) return;
  const link = event.target.closest("a[data-to]");
  if (link) {
    event.preventDefault();
    choose(row, { jump: false });
    const links = all("a[data-to]", row);
    step = links.indexOf(link);
    const piece = passage(link, row, step, links.length);
    if (narrow.matches) rove(piece);
  } else if (event.target.closest(".fold")) {
    open(row, !row.classList.contains("open"));
  } else if (event.target.closest(".head") && !String(getSelection())) {
    if (narrow.matches) {
      const wide = !row.classList.contains("open");
      choose(row, { jump: false });
      open(row, wide);
    } else {
      const again = row === chosen && row.matches(".open") && !one("a[data-to]", row);
      choose(row);
      if (again) open(row, false);
    }
  }
});

table.addEventListener("keydown", (event) => {
  if (!event.target.matches(".title") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const seen = [...table.tBodies].filter((body) => body.matches(".row:not(.off)"));
  const next = seen[seen.indexOf(event.target.closest("tbody")) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    one(".title", next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
});

// ---- from a passage to its obligations

function hint(hinted) {
  all(".hinted").forEach((row) => row.classList.remove("hinted"));
  hinted.forEach((row) => row.classList.add("hinted"));
}

function close() {
  card.hidden = true;
  card.replaceChildren();
  hint([]);
}

function item(row, kind, piece) {
  const button = element("button", { type: "button" }, icon(row.dataset.s), `${title(row)} `, element("span", { class: "muted" }, `${row.id} · ${words.status[row.dataset.s]} · ${words[kind]}`));
  button.addEventListener("click", () => {
    choose(row, { jump: false });
    step = all("a[data-to]", row).findIndex((link) => first(link) <= number(piece) && number(piece) <= Number(link.dataset.to));
    piece.classList.add("now");
    toRow(row);
  });
  return element("li", {}, button);
}

function checkItem(index) {
  const check = one(`#check-${index}`);
  const button = element("button", { type: "button" }, one(".verdict", check).cloneNode(true), ` ${one("code", check).textContent} `, element("span", { class: "muted" }, one(".why", check)?.textContent || words.as_check));
  button.addEventListener("click", () => toCheck(index));
  return element("li", { class: check.className }, button);
}

const number = (piece) => Number(piece.id.slice(1));
const listed = (value) => (value ? value.split(" ") : []);

function show(piece) {
  const evidence = listed(piece.dataset.f);
  const near = listed(piece.dataset.n).filter((index) => !evidence.includes(index));
  const checks = listed(piece.dataset.c);
  unmark();
  piece.classList.add("now");
  const related = [...evidence, ...near].map((index) => byIndex.get(index));
  if (related.length === 1 && !checks.length && !narrow.matches) {
    close();
    choose(related[0], { jump: false });
    piece.classList.add("now");
    toRow(related[0], false);
    return;
  }
  const items = [...evidence.map((index) => item(byIndex.get(index), "as_evidence", piece)), ...near.map((index) => item(byIndex.get(index), "as_near", piece)), ...checks.map(checkItem)];
  const button = element("button", { type: "button" }, words.close);
  button.addEventListener("click", () => {
    close();
    piece.focus();
  });
  card.replaceChildren(element("header", {}, element("span", {}, say("card", { count: items.length })), button), element("ul", {}, ...items));
  card.hidden = false;
  hint(related);
  related.filter((row) => row.classList.contains("off")).forEach((row) => state.revealed.add(row));
  apply();
  if (related.length && !narrow.matches) related[0].scrollIntoView({ block: "nearest" });
}

function toCheck(index) {
  pane("list");
  one("#checks").open = true;
  const check = one(`#check-${index}`);
  check.scrollIntoView({ block: "center" });
  one("a", check)?.focus({ preventScroll: true });
}

const pieces = all("a[id]", paper);

// The text is one stop of the tab key; arrows move inside it.
function rove(piece) {
  const stop = one('a[tabindex="0"]', paper);
  if (stop) stop.tabIndex = -1;
  piece.tabIndex = 0;
}
pieces.forEach((piece) => (piece.tabIndex = -1));
all(".mark", paper).forEach((mark) => (mark.tabIndex = -1));
if (pieces.length) rove(pieces[0]);

paper.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || String(getSelection())) return;
  event.preventDefault();
  if (link.dataset.check !== undefined) return toCheck(link.dataset.check);
  rove(link);
  show(link);
});
paper.addEventListener("keydown", (event) => {
  const way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const at = pieces.indexOf(event.target);
  if (!way || at < 0) return;
  event.preventDefault();
  const next = pieces[at + way];
  if (next) {
    rove(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
});

all("#checks a[data-to]").forEach((link) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    unmark();
    passage(link).focus({ preventScroll: true });
  }),
);

// ---- the whole page

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !typing(event) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    pane("list");
    search.focus();
  } else if (event.key === "Escape") {
    if (!card.hidden) close();
    else if (event.target === search && search.value) {
      search.value = "";
      filter({ query: "" });
    } else unmark();
  }
});

function targeted() {
  try {
    return document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null; // an address that was cut off
  }
}

function fromHash() {
  const target = targeted();
  if (!target) return;
  if (target.matches("tbody.row")) {
    choose(target, { jump: !narrow.matches });
    toRow(target);
    if (!narrow.matches && one("a.now", paper)) reveal(one("a.now", paper));
  } else if (target.matches("#paper a")) {
    show(target);
    reveal(target);
  } else if (target.closest("#checks")) toCheck(target.id.slice("check-".length));
}

// On paper nothing is folded.
const unfolded = new Set();
window.addEventListener("beforeprint", () =>
  all("details:not([open]):not(#by-clause)").forEach((each) => {
    unfolded.add(each);
    each.open = true;
  }),
);
window.addEventListener("afterprint", () => {
  unfolded.forEach((each) => (each.open = false));
  unfolded.clear();
});

panes.dataset.pane = "list";
rows.forEach((row) => open(row, false));
paper.tabIndex = 0;
window.addEventListener("hashchange", fromHash);
apply();
fromHash();
