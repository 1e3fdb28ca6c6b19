const table = one("#heat");
const tip = one("#tip");
const { columns, cell, letters } = words.map;
const space = "http://www.w3.org/2000/svg";

if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const texts = rows.map((row) => `${row.cells[1].textContent} ${one("a", row).title} ${row.cells[2].textContent}`.toLowerCase());
  const search = one("#search");
  const numeric = (text) => (text === "—" ? -1 : Number(text));
  const KEYS = {
    rank: (row) => Number(row.dataset.at),
    name: (row) => one("a", row).textContent,
    year: (row) => numeric(row.cells[2].textContent),
    score: (row) => numeric(row.cells[3].textContent),
    gaps: (row) => Number(row.cells[4].textContent),
    core: (row) => Number(row.cells[5].textContent),
  };

  const tell = (count) => (one("#shown").textContent = say("shown_reports", { shown: count, total: rows.length }));
  sorting(table, (key, sign) => {
    const keys = new Map(rows.map((row) => [row, KEYS[key](row)]));
    body.append(...[...rows].sort((a, b) => sign * compare(keys.get(a), keys.get(b)) || a.dataset.at - b.dataset.at));
  });
  search.addEventListener("input", () => {
    const asked = search.value.trim().toLowerCase().split(/\s+/);
    let count = 0;
    rows.forEach((row, at) => {
      row.hidden = !asked.every((word) => texts[at].includes(word));
      count += !row.hidden;
    });
    tell(count);
  });
  tell(rows.length);

  // ---- the cell under the pointer or the keys

  const frame = document.createElementNS(space, "rect");
  frame.setAttribute("class", "at");
  frame.setAttribute("width", cell);
  frame.setAttribute("height", 15);
  frame.setAttribute("y", 0.5);
  let current = null;

  const columnAt = (x) => {
    let low = 0;
    let high = columns.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (columns[middle][0] <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  function point(svg, at) {
    const row = svg.closest("tr");
    const [x, id, title, clause] = columns[at];
    const status = letters[row.dataset.s[at]];
    current = { svg, at };
    frame.setAttribute("x", x - 0.5);
    svg.append(frame);
    tip.replaceChildren(
      element("b", {}, title),
      element("br"),
      status ? words.status[status] : words.not_bound,
      ` · ${id} · ${one("a", row).textContent} ${row.cells[2].textContent}`,
      element("br"),
      clause,
    );
    tip.hidden = false;
    const box = svg.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.min(Math.max(box.left + x + 14, 8), window.innerWidth - size.width - 8);
    const below = box.bottom + 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${below + size.height > window.innerHeight ? box.top - size.height - 6 : below}px`;
  }

  function leave() {
    tip.hidden = true;
    frame.remove();
    current = null;
  }

  function go() {
    const row = current.svg.closest("tr");
    if (letters[row.dataset.s[current.at]]) location.href = `${one("a", row).href}#${encodeURIComponent(columns[current.at][1])}`;
    else location.href = one("a", row).href;
  }

  const svgOf = (event) => event.target.closest(".cells svg[role]");
  const xIn = (svg, event) => event.clientX - svg.getBoundingClientRect().left;
  body.addEventListener("pointermove", (event) => {
    const svg = svgOf(event);
    if (svg) point(svg, columnAt(xIn(svg, event)));
    else if (current && document.activeElement !== current.svg) leave();
  });
  body.addEventListener("pointerleave", leave);
  body.addEventListener("click", (event) => {
    const svg = svgOf(event);
    if (!svg) return;
    point(svg, columnAt(xIn(svg, event)));
    go();
  });

  // The map is one stop of the tab key; arrows move inside it.
  const maps = rows.map((row) => one(".cells svg[role]", row));
  maps.forEach((svg, at) => svg.setAttribute("tabindex", at ? -1 : 0));
  const rove = (svg) => {
    maps.forEach((each) => each.getAttribute("tabindex") === "0" && each.setAttribute("tabindex", -1));
    svg.setAttribute("tabindex", 0);
  };
  body.addEventListener("focusin", (event) => {
    const svg = svgOf(event);
    if (svg && (!current || current.svg !== svg)) point(svg, current ? current.at : 0);
  });
  body.addEventListener("focusout", (event) => svgOf(event) && leave());
  body.addEventListener("keydown", (event) => {
    const svg = svgOf(event);
    if (!svg) return;
    const at = current ? current.at : 0;
    const seen = [...body.rows].filter((row) => !row.hidden);
    const row = seen.indexOf(svg.closest("tr"));
    const across = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: columns.length - 1 }[event.key];
    const down = { ArrowDown: row + 1, ArrowUp: row - 1 }[event.key];
    if (across !== undefined) point(svg, Math.min(Math.max(across, 0), columns.length - 1));
    else if (down !== undefined && seen[down]) {
      const next = one(".cells svg[role]", seen[down]);
      current = { svg: next, at };
      rove(next);
      next.focus({ preventScroll: true });
      point(next, at);
      next.closest("tr").scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") go();
    else if (event.key !== "Escape") return;
    else leave();
    event.preventDefault();
    if (across !== undefined) {
      const box = one(".scroll");
      const x = svg.getBoundingClientRect().left + columns[current.at][0];
      const edge = table.tBodies[0].rows[0].cells[1].getBoundingClientRect().right;
      if (x < edge + 10) box.scrollLeft -= edge + 10 - x;
      else if (x > box.getBoundingClientRect().right - 20) box.scrollLeft += x - box.getBoundingClientRect().right + 20;
      point(svg, current.at);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !typing(event) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    }
  });
}

