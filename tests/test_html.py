"""Web pages: the article and nothing beside it."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from auditor.errors import UnreadableFile
from auditor.readers import html as reader
from auditor.report import Extracted

TITLE = "某县2024年法治政府建设年度报告"
PROSE = [
    "2024年\uff0c我县深入推进法治政府建设\uff0c现将情况报告如下。",
    "一、主要做法",
    "(一)规范性文件管理",
    "全年审查规范性文件12件\uff0c废止3件\uff0c修改1件。",
    "二、存在问题",
    "执法人员业务能力仍有不足\uff0c监督还不够有力。",
    "某县人民政府",
    "2025年1月20日",
]
OTHERS = ["县司法局关于规范性文件清理结果的公告", "行政执法三项制度落实情况的通报", "县政府常务会议专题学法"]
NAV = "<div class='header'><ul class='nav'><li><a href='/'>首页</a></li><li><a href='/a'>政务公开</a></li></ul></div>"
FOOT = "<div class='foot'><p>主办:某县人民政府办公室 承办:信息中心 网站标识码:123 地址:某县人民路1号</p></div>"


def read(page: str | bytes, encoding: str | None = None) -> Extracted:
    extracted = reader.read(page if isinstance(page, bytes) else page.encode(), "a.html", encoding)
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return extracted


def lines(page: str | bytes) -> list[str]:
    return read(page).text.split("\n")


def links(tag: str = "li") -> str:
    return "".join(
        f"<{tag}><a href='/{at}.html'>{text}</a><span>2024-01-1{at}</span></{tag}>" for at, text in enumerate(OTHERS)
    )


def paragraphs(tag: str = "p") -> str:
    return "\n".join(f"<{tag}>&emsp;&emsp;{text}</{tag}>" for text in PROSE)


def page(content: str, head: str = "", around: str = "{}") -> str:
    body = around.format(content)
    title = f"<title>{TITLE}_某县人民政府网</title>"
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{title}{head}</head><body>{NAV}{body}{FOOT}</body></html>"


@pytest.mark.parametrize(
    "around",
    [
        "<div class='left'><h3>相关阅读</h3><ul>"
        + links()
        + "</ul></div><div class='con'><h1>"
        + TITLE
        + "</h1>{}</div>",
        "<div id='zoom'>{}</div><div class='xg'><h3>相关文章</h3>" + links("p") + "</div>",
        "<form runat='server'><table><tr><td>" + links("p") + "</td><td><div>{}</div></td></tr></table></form>",
        "<div class='TRS_Editor'><style>p{{}}</style>{}<p>相关链接</p>" + links("p") + "</div>",
        "<div><div><div><div class='article-main'>{}</div></div></div><div>热点新闻" + links("div") + "</div></div>",
        "<section>{}<div>责任编辑:某某</div><div>上一篇:<a href='#'>县政府学法\uff0c普法。</a></div></section>",
        "<div class='con'>{}<p>【打印本页】 【关闭窗口】</p><p>扫一扫在手机打开当前页</p></div>",
        "<div style='display:none'>行政执法三项制度已全面落实\uff0c覆盖全县。</div><div>{}</div>",
    ],
)
def test_only_the_article(around: str) -> None:
    assert lines(page(paragraphs(), around=around)) == [TITLE, *PROSE]


def test_lines_may_be_broken_and_not_marked_up() -> None:
    broken = "<br>\n".join("&nbsp;&nbsp;&nbsp;&nbsp;" + text for text in PROSE)
    assert lines(page(f"<div class='con'>{broken}</div>")) == [TITLE, *PROSE]
    assert lines(page(f"<table><tr><td><font>{broken}</font></td></tr></table>")) == [TITLE, *PROSE]
    assert lines(page("<pre>" + "\n".join(PROSE) + "</pre>")) == [TITLE, *PROSE]


def test_divisions_and_spans() -> None:
    spans = "".join(f"<div><span>{text[:3]}</span><b>{text[3:]}</b></div>" for text in PROSE)
    assert lines(page(f"<div>{spans}</div>")) == [TITLE, *PROSE]


def test_headings_have_levels() -> None:
    extracted = read(page(f"<div><h2>{PROSE[1]}</h2><p>{PROSE[3]}</p><h3>{PROSE[2]}</h3><p>{PROSE[5]}</p></div>"))
    assert [block.heading_level for block in extracted.blocks] == [1, 2, None, 3, None]


def test_numbered_lists_show_their_numbers() -> None:
    content = f"<p>{PROSE[3]}</p><ol><li>学法6次</li><li>普法8场</li></ol><ol type='A' start='3'><li>督察</li></ol><p>{PROSE[5]}</p>"
    assert lines(page(f"<div>{content}</div>"))[2:5] == ["1.学法6次", "2.普法8场", "C.督察"]


def test_tables_of_data_are_rows() -> None:
    rows = "<tr><th>事项</th><th>件数</th></tr><tr><td>清理</td><td>12</td></tr>"
    extracted = read(page(f"<div>{paragraphs()}<table>{rows}</table><p>{PROSE[5]}</p></div>"))
    assert [block.text for block in extracted.blocks if block.table] == ["事项\t件数", "清理\t12"]


# ---- what the page says of itself


def test_metadata_of_the_page() -> None:
    head = (
        f"<meta name='ArticleTitle' content='{TITLE}'><meta name='PubDate' content='2025-01-31 10:00'>"
        "<meta name='ContentSource' content='县司法局'>"
    )
    told = read(page(f"<div id='zoom'>{paragraphs()}</div>", head)).declared
    assert told == {"title": TITLE, "published": "2025-01-31", "source": "县司法局"}


def test_metadata_beside_the_article() -> None:
    info = "<div class='info'><span>发布时间:2025-01-31 10:24</span> <span>来源:县政府办</span> <span>浏览量:12</span></div>"
    extracted = read(page(f"<h1>{TITLE}</h1>{info}<div>{paragraphs()}</div>"))
    assert extracted.declared == {"title": TITLE, "published": "2025-01-31", "source": "县政府办"}
    assert "浏览量" not in extracted.text


def test_date_and_source_inside_the_article_are_kept_for_its_frame() -> None:
    told = "发布时间:2025-01-31 来源:县政府办 浏览量:12"
    assert lines(page(f"<div><p>{told}</p>{paragraphs()}</div>")) == [TITLE, told, *PROSE]


def test_a_title_that_the_article_shows_is_not_repeated() -> None:
    assert lines(page(f"<div><p>某县2024年</p><p>法治政府建设年度报告</p>{paragraphs()}</div>"))[:2] == [
        "某县2024年",
        "法治政府建设年度报告",
    ]


def test_a_title_of_a_word_processor_is_not_believed() -> None:
    head = "<meta name=Generator content='Microsoft Word 15'>"
    text = f"<html><head>{head}<title>关于去年的报告草稿</title></head><body><div class=WordSection1>{paragraphs()}</div></body></html>"
    assert lines(text) == PROSE


# ---- characters


@pytest.mark.parametrize("charset", ["gbk", "gb2312", "utf-8", None])
def test_gbk_whatever_is_declared(charset: str | None) -> None:
    declared = f"<meta charset='{charset}'>" if charset else ""
    text = f"<html><head>{declared}<title>{TITLE}</title></head><body>{paragraphs()}</body></html>"
    extracted = read(text.encode("gbk"))
    assert extracted.text.split("\n") == [TITLE, *PROSE]
    assert extracted.encoding == "gb18030"


def test_other_encodings() -> None:
    text = f"<html><head><meta charset='big5'></head><body><p>{'法治政府建設報告,全縣推進。' * 9}</p></body></html>"
    assert read(text.encode("big5")).encoding == "big5"
    assert read(text.encode("big5"), "big5").encoding == "big5"
    assert read(text.encode("utf-16")).encoding == "utf-16"
    assert read('<?xml version="1.0" encoding="utf-8"?>' + text).text.startswith("法治政府")


# ---- archives and refusals


def archive(content: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "页面"
    message.set_content("x")
    message.clear_content()
    message.add_related(content.encode("gbk"), "text", "html", params={"charset": "gbk"}, cte="quoted-printable")
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


def test_a_page_saved_with_its_pictures() -> None:
    extracted = reader.read_mhtml(archive(page(paragraphs()).replace("charset='utf-8'", "")), "a.mhtml")
    assert extracted.text.split("\n") == [TITLE, *PROSE]
    assert extracted.format == "mhtml"
    with pytest.raises(UnreadableFile):
        reader.read_mhtml(b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "a.mhtml")


def test_the_report_may_be_in_an_enclosure() -> None:
    with pytest.raises(UnreadableFile, match=r"年度报告\.docx") as caught:
        read(page("<div id='zoom'><p>见附件</p><a href='/f/1.docx'>年度报告.docx</a></div>"))
    assert caught.value.code == "no_text"


def test_text_below_the_reach_of_the_parser_is_not_lost() -> None:
    extracted = read("<html><body>" + "<div>" * 5000 + "".join(f"<p>{text}</p>" for text in PROSE) + "</body></html>")
    assert [block.text for block in extracted.blocks] == PROSE
    assert extracted.warnings


def test_an_empty_page_is_refused_or_empty() -> None:
    assert not read("<html><body></body></html>").blocks
