"""The HTML pages in a real browser: used by mouse, keys and thumb, on paper, without scripts, and by a hostile report."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from test_pages import EVIL, SEEDS, hostile, many

from auditor.audit import Options, audit_file
from auditor.findings import Audit, ReportAudit, Status
from auditor.formats import overview, page
from auditor.words import Lang

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
COVERED = "GY21-15-01"  # with several passages in the first seed
REPORTS = 300
FEW = 30


@dataclass
class Watched:
    """A page and all that it said, threw or asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        why = f"no browser on this machine: install one of {', '.join(BROWSERS)}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    with sync_playwright() as playwright:
        held = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield held
        held.close()


@pytest.fixture(scope="module")
def audits() -> list[ReportAudit]:
    found = [audit_file(path, f"seeds/{path.name}", Options()) for path in SEEDS]
    return [each for each in found if isinstance(each, ReportAudit)]


@pytest.fixture(scope="module")
def folder(audits: list[ReportAudit], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the seeds, of a hostile report, and an overview over three hundred."""
    place = tmp_path_factory.mktemp("pages")
    for audited, path in zip(audits, SEEDS, strict=True):
        (place / f"{path.stem}.html").write_text(page.render(audited, Lang.ZH, "index.html"), encoding="utf-8")
    (place / "evil.html").write_text(page.render(hostile(), Lang.ZH), encoding="utf-8")
    evil = overview.render(Audit((hostile(),)), Lang.ZH, ["evil.html"])
    (place / "evil_index.html").write_text(evil, encoding="utf-8")
    for name, count in (("index", REPORTS), ("few", FEW)):
        reports, _ = many(audits, count)
        links = [f"{SEEDS[at % len(SEEDS)].stem}.html" for at in range(count)]
        text = overview.render(Audit(tuple(reports)), Lang.ZH, links)
        (place / f"{name}.html").write_text(text, encoding="utf-8")
    return place


@contextmanager
def opened(
    browser: Browser, file: Path, anchor: str = "", size: dict[str, int] = DESK, **options: Any
) -> Iterator[Watched]:
    """A page in a context of its own; whatever it says on the console or asks of a network is a failure."""
    context = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    watched = Watched(context.new_page())
    watched.page.on("console", lambda message: watched.said.append(message.text))
    watched.page.on("pageerror", lambda error: watched.said.append(str(error)))
    watched.page.on("dialog", lambda dialog: watched.said.append(dialog.message))
    watched.page.on("request", lambda request: watched.asked.append(request.url))
    watched.page.goto(file.as_uri() + anchor)
    yield watched
    context.close()
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def seed(browser: Browser, folder: Path) -> Iterator[Page]:
    with opened(browser, folder / f"{SEEDS[0].stem}.html") as watched:
        yield watched.page


@pytest.fixture
def index(browser: Browser, folder: Path) -> Iterator[Page]:
    with opened(browser, folder / "few.html") as watched:
        yield watched.page


def rows(held: Page) -> Locator:
    return held.locator("tbody.row:visible")


def row(held: Page, id: str) -> Locator:
    return held.locator(f'tbody.row[id="{id}"]')


def in_view(locator: Locator) -> bool:
    """Whether the middle of an element is on the screen, and nothing lies over it."""
    return bool(
        locator.evaluate(
            """each => {
                const box = each.getClientRects()[0];
                const x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
                if (y < 0 || y > innerHeight) return false;
                const top = document.elementFromPoint(x, y);
                return each === top || each.contains(top);
            }"""
        )
    )


def counts(audited: ReportAudit) -> tuple[int, int, int]:
    gaps = sum(f.status.gap for f in audited.findings)
    return gaps, sum(bool(f.flags) for f in audited.findings), len(audited.findings)


# ---- the page of one report


def test_gaps_are_shown_first_and_the_filters_show_the_rest(seed: Page, audits: list[ReportAudit]) -> None:
    gaps, flags, everything = counts(audits[0])
    expect(rows(seed)).to_have_count(gaps)
    expect(seed.locator("#shown")).to_have_text(f"显示 {gaps} / {everything} 项")
    seed.get_by_role("button", name="有标记").click()
    expect(rows(seed)).to_have_count(flags)
    seed.get_by_role("button", name="全部 ").click()
    expect(rows(seed)).to_have_count(everything)
    seed.locator("#status").select_option("planned")
    expect(rows(seed)).to_have_count(audits[0].counts["planned"])
    seed.locator("#importance").select_option("core")
    planned = [f for f in audits[0].findings if f.status is Status.PLANNED and f.importance == "core"]
    expect(rows(seed)).to_have_count(len(planned))
    seed.locator("#reset").click()
    expect(rows(seed)).to_have_count(gaps)


def test_the_clause_filter_and_the_counts_in_the_header(seed: Page, audits: list[ReportAudit]) -> None:
    seed.get_by_role("button", name="全部 ").click()
    seed.locator("#clause").select_option(label="(十五)完善行政执法程序")
    expect(rows(seed)).to_have_count(sum(f.id.startswith("GY21-15-") for f in audits[0].findings))
    seed.locator("#reset").click()
    seed.locator(".legend a", has_text="泛述").click()
    expect(rows(seed)).to_have_count(audits[0].counts["asserted"])


def test_what_is_no_gap_is_folded_under_its_clause(seed: Page) -> None:
    before = rows(seed).count()
    fold = seed.locator("tbody.clause button.more:visible").first
    assert fold.get_attribute("aria-expanded") == "false"
    fold.click()
    assert rows(seed).count() > before
    fold.click()
    expect(rows(seed)).to_have_count(before)


def test_an_obligation_leads_to_its_sentences_one_after_the_other(seed: Page, audits: list[ReportAudit]) -> None:
    found = next(f for f in audits[0].findings if f.id == COVERED)
    assert len(found.evidence) > 1
    seed.get_by_role("button", name="全部 ").click()
    chosen = row(seed, COVERED)
    expect(chosen.locator(".detail")).to_be_hidden()
    for passage in found.evidence[:2]:
        chosen.locator(".title").click()
        now = seed.locator("#paper .now")
        assert "".join(now.all_text_contents()) == passage.quote
        assert in_view(now.first)
    expect(chosen.locator(".detail")).to_be_visible()
    marked = seed.locator("#paper .on")
    assert marked.count() >= len(found.evidence)
    assert seed.url.endswith(f"#{COVERED}")
    plain, strong = (
        seed.locator(css).first.evaluate("e => getComputedStyle(e).backgroundColor")
        for css in ("#paper .e:not(.on)", "#paper .now")
    )
    assert plain != strong


def test_a_quote_in_the_list_leads_to_its_place(seed: Page) -> None:
    chosen = row(seed, COVERED)
    seed.get_by_role("button", name="全部 ").click()
    chosen.locator(".fold").click()
    link = chosen.locator("a[data-to]").last
    link.click()
    now = seed.locator("#paper .now")
    assert "".join(now.all_text_contents()) == link.text_content()
    assert in_view(now.first)


def test_a_sentence_leads_to_its_obligations(seed: Page) -> None:
    sentence = seed.locator("#paper a[data-f*=' ']").first
    ids = (sentence.get_attribute("data-f") or "").split()
    sentence.click()
    card = seed.locator("#card")
    expect(card).to_be_visible()
    items = card.locator("li")
    assert items.count() >= len(ids) > 1
    for id in ids:
        expect(seed.locator(f'tbody.row[data-i="{id}"]')).to_have_class("row hinted")
    items.last.locator("button").click()
    chosen = seed.locator("tbody.row.chosen")
    expect(chosen.locator(".title")).to_be_focused()
    expect(chosen.locator(".detail")).to_be_visible()
    assert in_view(chosen.locator(".title"))
    seed.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_sentence_of_one_obligation_opens_it_though_it_is_no_gap(seed: Page) -> None:
    single = seed.evaluate(
        """() => [...document.querySelectorAll('#paper a[data-f]:not([data-n]):not([data-c])')]
            .find(a => /^\\d+$/.test(a.dataset.f) && document.querySelector(`[data-i="${a.dataset.f}"]`).matches('.off')).id"""
    )
    seed.locator(f"#{single}").click()
    chosen = seed.locator("tbody.row.chosen")
    expect(chosen.locator(".detail")).to_be_visible()
    assert in_view(chosen.locator(".title"))
    assert in_view(seed.locator(f"#{single}"))


def test_figure_checks_are_marked_and_linked_both_ways(seed: Page) -> None:
    seed.locator("#paper .mark.v-fails").first.click()
    failing = seed.locator("#checks .v-fails").first
    expect(failing).to_be_visible()
    assert in_view(failing.locator("code"))
    failing.locator("a").click()
    assert in_view(seed.locator("#paper .now").first)


def test_search_looks_into_titles_reasons_and_quotes(seed: Page) -> None:
    seed.keyboard.press("/")
    expect(seed.locator("#search")).to_be_focused()
    seed.keyboard.type("述法")
    assert 0 < rows(seed).count() < 10
    for each in rows(seed).all():
        assert "述法" in (each.text_content() or "")
    seed.locator("#search").fill("没有这样的义务")
    expect(rows(seed)).to_have_count(0)
    expect(seed.locator("#nothing")).to_be_visible()
    seed.keyboard.press("Escape")
    assert rows(seed).count() > 10


def test_every_column_sorts_both_ways_and_the_order_of_clauses_comes_back(seed: Page) -> None:
    seed.get_by_role("button", name="全部 ").click()
    ids = seed.eval_on_selector_all("tbody.row", "rows => rows.map(row => row.id)")
    assert seed.locator("tbody.clause:visible").count() > 10
    heads = seed.locator("thead th")
    score = heads.filter(has_text="分值")
    score.locator("button").click()
    assert score.get_attribute("aria-sort") == "ascending"
    expect(seed.locator("tbody.clause:visible")).to_have_count(0)
    rising = seed.eval_on_selector_all("tbody.row", "rows => rows.map(row => row.dataset.n || '101')")
    assert rising == sorted(rising, key=int)
    score.locator("button").click()
    assert score.get_attribute("aria-sort") == "descending"
    falling = seed.eval_on_selector_all("tbody.row", "rows => rows.map(row => row.dataset.n || '101')")
    assert falling == sorted(falling, key=int, reverse=True)
    heads.filter(has_text="状态").locator("button").click()
    shown = seed.eval_on_selector_all("tbody.row", "rows => rows.map(row => row.dataset.s)")
    assert shown[0] == "missing"
    assert shown[-1] == "not_applicable"
    heads.filter(has_text="义务").locator("button").click()
    assert seed.eval_on_selector_all("tbody.row", "rows => rows.map(row => row.id)") == ids


def test_everything_is_reached_by_keys_alone(seed: Page) -> None:
    seed.keyboard.press("Tab")
    expect(seed.locator(".skip").first).to_be_focused()
    assert in_view(seed.locator(".skip").first)
    seed.keyboard.press("Enter")
    expect(seed.locator("#obligations")).to_be_focused()
    for _ in range(30):
        seed.keyboard.press("Tab")
        if seed.evaluate("document.activeElement.matches('button.title')"):
            break
    first = seed.evaluate("document.activeElement.closest('tbody').id")
    seed.keyboard.press("ArrowDown")
    second = seed.evaluate("document.activeElement.closest('tbody').id")
    assert first != second
    seed.keyboard.press("Enter")
    expect(row(seed, second).locator(".detail")).to_be_visible()
    assert seed.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    seed.locator('#paper a[tabindex="0"]').focus()
    start = seed.evaluate("document.activeElement.id")
    seed.keyboard.press("ArrowDown")
    assert seed.evaluate("document.activeElement.id") == f"s{int(start[1:]) + 1}"
    assert seed.locator('#paper a[tabindex="0"]').count() == 1, "the text is one stop of the tab key"
    seed.keyboard.press("Enter")
    assert seed.locator("#card:visible, tbody.row.chosen").count() > 0


def test_a_link_to_an_obligation_opens_it(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / f"{SEEDS[0].stem}.html", f"#{COVERED}") as watched:
        expect(row(watched.page, COVERED).locator(".detail")).to_be_visible()
        assert in_view(row(watched.page, COVERED).locator(".title"))
        assert in_view(watched.page.locator("#paper .now").first)


@pytest.mark.parametrize("anchor", ["#%", "#nowhere", "#s9999", "#check-0", "#s5"])
def test_any_address_opens(browser: Browser, folder: Path, anchor: str) -> None:
    with opened(browser, folder / f"{SEEDS[0].stem}.html", anchor) as watched:
        expect(watched.page.locator("#shown")).not_to_be_empty()
        if anchor == "#s5":
            assert in_view(watched.page.locator("#s5"))


def test_on_a_phone_list_and_text_take_turns(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / f"{SEEDS[0].stem}.html", size=PHONE, has_touch=True) as watched:
        held = watched.page
        assert held.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        expect(held.locator("#text")).to_be_hidden()
        chosen = held.locator("tbody.row:visible", has=held.locator("a[data-to]")).first
        chosen.locator(".title").tap()
        expect(chosen.locator(".detail")).to_be_visible()
        expect(held.locator("#text")).to_be_hidden()
        chosen.locator("a[data-to]").first.tap()
        expect(held.locator("#text")).to_be_visible()
        expect(held.locator("#obligations")).to_be_hidden()
        now = held.locator("#paper .now").first
        assert in_view(now)
        assert held.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        now.tap()
        held.locator("#card li button").first.tap()
        assert in_view(held.locator("tbody.row.chosen .title"))
        at = held.evaluate("scrollY")
        held.locator("#tabs button").last.tap()
        expect(held.locator("#text")).to_be_visible()
        held.locator("#tabs button").first.tap()
        assert held.evaluate("scrollY") == at, "each keeps its place"


def test_on_paper_nothing_is_hidden_but_the_tools(seed: Page, audits: list[ReportAudit]) -> None:
    seed.locator("#search").fill("述法")
    seed.emulate_media(media="print")
    seed.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(rows(seed)).to_have_count(len(audits[0].findings))
    expect(seed.locator("tr.detail:visible")).to_have_count(len(audits[0].findings))
    expect(seed.locator("#checks .checks")).to_be_visible()
    for hidden in (".tools", "#tabs", "#card", ".skip"):
        expect(seed.locator(hidden).first).to_be_hidden()
    paper = seed.locator("#paper")
    assert paper.evaluate("e => e.scrollHeight <= e.clientHeight + 1"), "the text is not cut off"
    assert seed.pdf(format="A4").count(b"/Type /Page\n") > 5
    seed.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(seed.locator("#checks[open]")).to_have_count(0)


def test_without_scripts_the_page_is_complete(browser: Browser, folder: Path, audits: list[ReportAudit]) -> None:
    with opened(browser, folder / f"{SEEDS[0].stem}.html", java_script_enabled=False) as watched:
        held = watched.page
        expect(rows(held)).to_have_count(len(audits[0].findings))
        expect(held.locator("tr.detail:visible")).to_have_count(len(audits[0].findings))
        expect(held.locator(".tools")).to_be_hidden()
        link = row(held, COVERED).locator("a[data-to]").first
        target = link.get_attribute("href") or ""
        link.click()
        assert held.url.endswith(target)
        expect(held.locator(target)).to_be_in_viewport()


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [
        (SEEDS[0].stem, DESK, "light"),
        (SEEDS[0].stem, PHONE, "dark"),
        (SEEDS[3].stem, DESK, "dark"),
        ("few", DESK, "light"),
        ("few", PHONE, "dark"),
    ],
)
def test_axe_finds_nothing_serious(
    browser: Browser, folder: Path, name: str, size: dict[str, int], scheme: str
) -> None:
    anchor = f"#{COVERED}" if name != "few" else ""
    with opened(browser, folder / f"{name}.html", anchor, size, color_scheme=scheme) as watched:
        if name == "few":
            watched.page.locator("#search").fill("第1")
        else:
            watched.page.evaluate("document.querySelector('#paper a[data-f*=\" \"]').click()")
            watched.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = Axe().run(watched.page).response["violations"]
        serious = [
            (each["id"], node["html"][:200], node.get("failureSummary", "")[:300])
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]
        assert serious == []


# ---- what a report must not be able to do


@pytest.mark.parametrize("name", ["evil", "evil_index"])
def test_a_hostile_report_is_inert(browser: Browser, folder: Path, name: str) -> None:
    with opened(browser, folder / f"{name}.html") as watched:
        held = watched.page
        assert held.evaluate("window.evil") is None
        assert held.locator("script").count() == 3
        assert held.evaluate("document.documentElement.scrollWidth") <= DESK["width"]
        told = held.locator("body").inner_text()
        assert "<script>window.evil=1</script>" in told
        assert "\u202e" not in told
        assert "\ufffd=cmd" in told
        for each in held.locator("main button:visible").all()[:12]:
            each.click()
        assert held.evaluate("window.evil") is None


def test_the_policy_stops_what_would_be_slipped_in(browser: Browser, folder: Path) -> None:
    """The page is asked to run, style and load what is not its own: the browser refuses each."""
    with opened(browser, folder / f"{SEEDS[0].stem}.html") as watched:
        watched.page.evaluate(
            """() => {
                const script = document.createElement('script');
                script.textContent = 'window.evil = 1';
                document.body.append(script);
                const image = document.createElement('img');
                image.src = 'https://example.invalid/x.png';
                document.body.append(image);
                document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: red">x</p>');
            }"""
        )
        watched.page.wait_for_timeout(200)
        assert watched.page.evaluate("window.evil") is None
        assert watched.page.evaluate("getComputedStyle(document.querySelector('#styled')).color") != "rgb(255, 0, 0)"
        refused = [text for text in watched.said if "Content Security Policy" in text]
        assert len(refused) == 3
        watched.said[:] = [text for text in watched.said if text not in refused]
        watched.asked[:] = [url for url in watched.asked if "example.invalid" not in url]


def test_a_line_of_ten_thousand_characters_wraps(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "evil.html", size=PHONE) as watched:
        watched.page.locator("#tabs button").last.click()
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert EVIL[:4] in watched.page.locator("#paper").inner_text()


# ---- the overview


def cell(held: Page, row_at: int, column_at: int) -> tuple[Locator, dict[str, float]]:
    """The map of a row, and the middle of one of its cells."""
    svg = held.locator("#heat tbody tr:visible").nth(row_at).locator("svg")
    x = held.evaluate(f"JSON.parse(document.getElementById('words').textContent).map.columns[{column_at}][0]")
    return svg, {"x": x + 3, "y": 8}


def test_an_overview_of_three_hundred_opens_and_answers(browser: Browser, folder: Path) -> None:
    assert (folder / "index.html").stat().st_size < 5_000_000
    with opened(browser, folder / "index.html") as watched:
        held = watched.page
        expect(held.locator("#heat tbody tr")).to_have_count(REPORTS)
        expect(held.locator("#shown")).to_have_text(f"显示 {REPORTS} / {REPORTS} 份")
        assert held.locator("*").count() < 40_000
        held.locator("#search").fill("第299乡镇")
        expect(held.locator("#heat tbody tr:visible")).to_have_count(1)
        svg, place = cell(held, 0, 3)
        svg.hover(position=place)
        expect(held.locator("#tip")).to_contain_text("第299乡镇人民政府")


def test_every_cell_is_drawn_where_its_letter_says(index: Page) -> None:
    """For some rows: the shape of the cell's status covers a point that only it reaches, in that cell."""
    wrong = index.evaluate(
        """() => {
            const { columns, letters } = JSON.parse(document.getElementById('words').textContent).map;
            const at = { evidenced: [3, 4], asserted: [3, 10], acknowledged: [3, 12], planned: [1, 6.6], missing: [3, 8], not_applicable: [3, 8] };
            const wrong = [];
            for (const row of [...document.querySelectorAll('#heat tbody tr')].slice(0, 10)) {
                const svg = row.querySelector('svg');
                columns.forEach(([x], index) => {
                    for (const path of svg.querySelectorAll('path')) {
                        const status = path.getAttribute('class').slice(2);
                        const point = svg.createSVGPoint();
                        [point.x, point.y] = [x + at[status][0], at[status][1]];
                        const drawn = path.isPointInStroke(point) || (status === 'acknowledged' && path.isPointInFill(point));
                        if (drawn !== (letters[row.dataset.s[index]] === status)) wrong.push([row.dataset.at, index, status, drawn]);
                    }
                });
            }
            return wrong;
        }"""
    )
    assert wrong == []


def test_a_cell_tells_what_it_is_and_leads_to_the_obligation(index: Page, audits: list[ReportAudit]) -> None:
    svg, place = cell(index, 0, 5)
    svg.hover(position=place)
    tip = index.locator("#tip")
    expect(tip).to_be_visible()
    told = tip.inner_text()
    columns = index.evaluate("JSON.parse(document.getElementById('words').textContent).map.columns")
    assert columns[5][1] in told
    assert columns[5][2] in told
    assert index.locator("#heat tbody tr").first.locator("a").inner_text() in told
    bound = index.evaluate(
        "[...document.querySelector('#heat tbody tr').dataset.s].findIndex((letter, at) => at > 10 && letter !== '-')"
    )
    svg, place = cell(index, 0, bound)
    svg.click(position=place)
    index.wait_for_url(f"**#{columns[bound][1]}")
    expect(row(index, columns[bound][1]).locator(".detail")).to_be_visible()
    index.locator(".home a").click()
    index.wait_for_url("**/index.html")


def uncovered(held: Page) -> bool:
    """Whether the framed cell is inside the scrolled table and not under the column that stays."""
    return bool(
        held.evaluate(
            """() => {
                const cell = document.querySelector('#heat svg .at').getBoundingClientRect();
                const name = document.querySelector('#heat tbody .name').getBoundingClientRect();
                const box = document.querySelector('.scroll').getBoundingClientRect();
                return cell.left >= name.right && cell.right <= box.right + 1;
            }"""
        )
    )


def test_the_map_is_walked_by_keys(index: Page) -> None:
    index.locator('#heat svg[tabindex="0"]').focus()
    tip = index.locator("#tip")
    columns = index.evaluate("JSON.parse(document.getElementById('words').textContent).map.columns")
    expect(tip).to_contain_text(columns[0][1])
    index.keyboard.press("ArrowRight")
    expect(tip).to_contain_text(columns[1][1])
    index.keyboard.press("End")
    expect(tip).to_contain_text(columns[-1][1])
    assert uncovered(index)
    index.keyboard.press("ArrowDown")
    expect(tip).to_contain_text(index.locator("#heat tbody tr").nth(1).locator("a").inner_text())
    expect(tip).to_contain_text(columns[-1][1])
    assert index.locator('#heat tbody svg[tabindex="0"]').count() == 1
    index.keyboard.press("Home")
    assert uncovered(index), "not under the names of the units"
    index.keyboard.press("Enter")
    index.wait_for_url(lambda url: "few.html" not in url)


def test_reports_are_sorted_and_filtered(index: Page) -> None:
    scores = "rows => rows.map(row => row.cells[3].textContent).filter(text => text !== '—').map(Number)"
    index.locator('[data-sort="score"]').click()
    shown = index.eval_on_selector_all("#heat tbody tr", scores)
    assert shown == sorted(shown, reverse=True)
    index.locator('[data-sort="score"]').click()
    shown = index.eval_on_selector_all("#heat tbody tr", scores)
    assert shown == sorted(shown)
    index.locator('[data-sort="gaps"]').click()
    gaps = index.eval_on_selector_all("#heat tbody tr", "rows => rows.map(row => Number(row.cells[4].textContent))")
    assert gaps == sorted(gaps, reverse=True)
    index.keyboard.press("/")
    index.keyboard.type("第17乡镇")
    expect(index.locator("#heat tbody tr:visible")).to_have_count(1)
    expect(index.locator("#shown")).to_have_text(f"显示 1 / {FEW} 份")


def test_common_gaps_unfold_their_units(index: Page) -> None:
    first = index.locator(".common li").first
    first.locator("summary").click()
    expect(first.locator(".units a").first).to_be_visible()
    assert first.locator(".units a").count() > 3


def test_the_overview_fits_a_phone_and_a_sheet(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "few.html", size=PHONE) as watched:
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        watched.page.emulate_media(media="print")
        expect(watched.page.locator(".tools").first).to_be_hidden()
        assert watched.page.locator(".scroll").first.evaluate("e => e.scrollHeight <= e.clientHeight + 1")


def test_the_overview_is_complete_without_scripts(browser: Browser, folder: Path) -> None:
    with opened(browser, folder / "few.html", java_script_enabled=False) as watched:
        expect(watched.page.locator("#heat tbody tr:visible")).to_have_count(FEW)
        expect(watched.page.locator("#search")).to_be_hidden()
        watched.page.locator("#heat tbody a").first.click()
        expect(watched.page.locator("#gaps")).to_be_visible()
