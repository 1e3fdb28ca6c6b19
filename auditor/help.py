"""The help screens and usage errors of the commands, in the user's language."""

from __future__ import annotations

import re
from typing import Any

from auditor.errors import ExitCode
from auditor.formats.cells import fold, screen_width
from auditor.formats.labels import EXIT_CODES, Lang, say

WIDEST = 100

# What each command is for, by its path below ``auditor``; "" is auditor itself.
COMMANDS: dict[Lang, dict[str, str]] = {
    Lang.ZH: {
        "": "审核法治政府建设年度报告：逐项对照《法治政府建设实施纲要》，列出缺项、证据和改写建议。",
        "audit": "审核报告，列出缺项表。可给文件、文件夹、通配符，或 - 表示标准输入。",
        "outline": "显示从一份报告读出了什么：元数据、章节、语句及其角色、剔除的附着文字。",
        "read": "把从一份文件读出的正文写成文本：结果中引文的位置（start、end）就指这份文本。",
        "explain": "说明一项义务为何得到这个状态：所有候选语句、判定依据、怎样补写。",
        "figures": "核对报告里的数字（合计、占比、比率、增减、表格、前后矛盾）；--indicators 则把常用指标列成一张表。",
        "compare": "比对报告：同一单位的历年变化和沿用，不同单位之间的雷同，遗留的他单位名称和年份。可给文件或文件夹。",
        "doctor": "逐个格式说明本机能读什么、缺什么、怎样补装。",
        "eval": "用一批人工标注的报告测量准确度，并与三种朴素匹配同场比较。",
        "rules": "查看和检验规则。",
        "rules list": "列出规则集；给出规则集编号时列出其中的义务。",
        "rules show": "显示一项义务：依据、要素、识别模式、示例。",
        "rules lint": "检验规则文件，逐条显示 文件:行: 字段: 问题。",
        "rules test": "用审核时的同一流程检验规则中的示例。",
        "rules coverage": "逐条列出目录中的义务及其规则、示例；缺规则、多规则或示例不足为错误。",
        "rules schema": "输出规则文件的 JSON Schema，供编辑器校验和补全。",
    },
    Lang.EN: {
        "": "Audit annual rule-of-law-government reports against the obligations of the national outline: gaps and evidence.",
        "audit": "Audit reports and print the gap table. Takes files, folders, globs, or - for standard input.",
        "outline": "Show what was read of a report: metadata, sections, sentences with roles, frame text left out.",
        "read": "Write the text that was read of a file: the places (start, end) of quotes in results index it.",
        "explain": "Explain the status of one obligation: every candidate sentence, what decided, how to close the gap.",
        "figures": "Check the figures of reports: sums, shares, rates, growth, tables, contradictions; --indicators makes a table.",
        "compare": "Compare reports: year on year within a unit, copied text between units, names and years left over.",
        "doctor": "Tell which formats this installation reads, and what is missing.",
        "eval": "Measure accuracy on labelled reports, beside three plain matchers in the same run.",
        "rules": "Look at the rules and check them.",
        "rules list": "List the rule sets, or the obligations of one set.",
        "rules show": "Show one obligation: clause, elements, patterns, examples.",
        "rules lint": "Validate the rule files; each problem as file:line: field: problem.",
        "rules test": "Run the examples of the rules through the same code as an audit.",
        "rules coverage": "List the catalogue's obligations with their rules and examples; one without the other is an error.",
        "rules schema": "Print the JSON Schema of rule files, for editors.",
    },
}

EXAMPLES: dict[str, str] = {
    "": "auditor audit seeds/",
    "audit": "auditor audit reports/ --level county -f json=result.json",
    "outline": "auditor outline seeds/001_shaxian_2022.txt",
    "read": "auditor read seeds/001_shaxian_2022.txt -o text.txt",
    "explain": "auditor explain GY21-09-04 seeds/000_suibin_2024.txt",
    "figures": "auditor figures --indicators -f csv=indicators.csv seeds/",
    "compare": "auditor compare seeds/",
    "doctor": "auditor doctor",
    "eval": "auditor eval --gold tests/gold --format md",
    "rules": "auditor rules list gy21",
    "rules list": "auditor rules list gy21",
    "rules show": "auditor rules show GY21-15-01",
    "rules lint": "auditor rules lint --rules-dir rules",
    "rules test": "auditor rules test GY21-09-04",
    "rules coverage": "auditor rules coverage --rules gy21",
    "rules schema": "auditor rules schema > rules.schema.json",
}

# What each argument and option means, by its name in the command's function.
PARAMETERS: dict[Lang, dict[str, str]] = {
    Lang.ZH: {
        "paths": "文件、文件夹（含下级）、通配符，或 -（标准输入）",
        "file": "报告文件，或 -（标准输入）",
        "output": "写入这个文件（UTF-8）；不给则显示在屏幕上",
        "figure_formats": "输出格式 table、json、csv 或 xlsx=文件，可重复；写成 格式=文件 则写入文件",
        "compare_formats": "输出格式 table 或 json，可重复；写成 格式=文件 则写入文件",
        "indicators": "列出指标，不列核对结果：一份报告一行，一个指标一列，数值附原文",
        "gold": "标注文件（*.json）所在文件夹",
        "texts": "另到这些文件夹找报告正文，可重复",
        "eval_format": "输出格式：table、json 或 md",
        "no_plain": "不运行三种朴素匹配",
        "obligation": "义务编号，例如 GY21-09-04",
        "obligations": "只检验这些义务",
        "rule_set": "规则集编号，例如 gy21",
        "everything": "显示全部义务，不只是缺项和有标记的",
        "out": "JSON 和 Markdown 结果写入的文件夹（默认 reports_out）",
        "no_out": "不写结果文件夹",
        "formats": "输出格式 table、json 或 md，可重复；写成 格式=文件 则写入文件。给出后只输出所列格式",
        "year": "报告年度，代替读出的年度",
        "level": "单位层级，代替读出的层级：省级 province、市级 city、县级 county、乡镇 township、部门 department，中英文均可",
        "unit": "单位名称，代替读出的名称",
        "rule_sets": "使用的规则集，可重复，代替按年度选择的规则集",
        "rules_dir": "规则所在的文件夹，代替自带的规则",
        "encoding": "文本文件的编码，例如 gb18030；默认自动识别",
        "lang": "提示语言：zh 中文、en 英文",
        "rule_file": "只检验这个规则文件",
        "mutate": "逐一去掉模式和排除，列出没有示例能察觉的",
        "version": "显示版本",
        "help": "显示帮助",
        "install_completion": "为当前 shell 安装命令补全",
        "show_completion": "显示命令补全脚本",
    },
    Lang.EN: {
        "paths": "files, folders (with what is below them), globs, or - for standard input",
        "file": "a report, or - for standard input",
        "output": "write this file (UTF-8); to standard output by default",
        "figure_formats": "output table, json, csv or xlsx=FILE, repeatable; FORMAT=FILE writes a file",
        "compare_formats": "output table or json, repeatable; FORMAT=FILE writes a file",
        "indicators": "list the indicators instead of the checks: a row a report, a column an indicator, values with quotes",
        "gold": "the folder of the label files (*.json)",
        "texts": "look for the reports' texts in this folder too; repeatable",
        "eval_format": "how to print: table, json or md",
        "no_plain": "do not run the three plain matchers",
        "obligation": "id of an obligation, such as GY21-09-04",
        "obligations": "run only these obligations",
        "rule_set": "id of a rule set, such as gy21",
        "everything": "show every obligation, not only gaps and flagged ones",
        "out": "folder for the JSON and Markdown results (default reports_out)",
        "no_out": "write no folder of results",
        "formats": "output table, json or md, repeatable; FORMAT=FILE writes a file. When given, only what is named is written",
        "year": "report year, instead of the one read",
        "level": "level of the unit, instead of the one read: province, city, county, township or department",
        "unit": "name of the unit, instead of the one read",
        "rule_sets": "rule set to use, repeatable, instead of those chosen by the year",
        "rules_dir": "folder of rules, instead of the shipped ones",
        "encoding": "encoding of text files, such as gb18030; found out by default",
        "lang": "language of messages: zh or en",
        "rule_file": "run only this rule file",
        "mutate": "take away each pattern and refusal in turn; list those that no example notices",
        "version": "show the version",
        "help": "show this help",
        "install_completion": "install completion for the current shell",
        "show_completion": "show the completion script",
    },
}

# The words of typer's own usage errors. What is not listed here is shown as it is.
_USAGE_ERRORS = [
    (r"No such option: ?(\S+)", r"没有选项 \1"),
    (r"No such command '(.*?)'\.?", r"没有命令 \1"),
    (r"\.? ?Did you mean (.+?)\?", r"，是不是 \1？"),
    (r" ?\(Possible options: (.+?)\)", r"，是不是 \1？"),
    (r"Missing argument '?(.+?)'?\.(?= |$)", r"缺少参数 \1"),
    (r"Missing option '?(.+?)'?\.(?= |$)", r"缺少选项 \1"),
    (r"Missing command\.", r"缺少命令"),
    (r"Invalid value for '?(.+?)'?: ", r"\1 的值无效："),
    (r"Invalid value: ", r"值无效："),
    (r"Input should be a valid integer.*", r"不是整数"),
    (r"(?:Value error, )?(?:Value )?'(.*?)' is not one of (.+?)\.", r"\1 不在可选范围内：\2"),
    (r"(?:Value )?'(.*?)' is not a valid (?:integer|int)\.", r"\1 不是整数"),
    (r"Option '?(\S+?)'? requires an argument\.", r"选项 \1 后面缺少值"),
    (r"Option '?(\S+?)'? does not take a value\.", r"选项 \1 不带值"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"多余的参数：\1"),
]


def usage_error(message: str, lang: Lang) -> str:
    """The message of a usage error as one line in the user's language."""
    if lang is Lang.ZH:
        for english, chinese in _USAGE_ERRORS:
            message = re.sub(english, chinese, message)
    return " ".join(message.split())


def screen(command: Any, context: Any, lang: Lang) -> str:
    """The help of one command: usage, what it does, its parameters or commands, an example."""
    width = min(screen_width(), WIDEST)
    path = _path(context)
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.get_params(context) if p.param_type_name == "option" and not p.hidden]
    commands = getattr(command, "commands", {})
    pieces = [say(lang, "options_piece"), *map(_usage, arguments), *([say(lang, "command_piece")] if commands else [])]
    lines = [f"{say(lang, 'usage')}{context.command_path} {' '.join(pieces)}", "", *fold(COMMANDS[lang][path], width)]
    lines += _listed(say(lang, "arguments"), [(p.metavar, PARAMETERS[lang][p.name]) for p in arguments], width)
    lines += _listed(say(lang, "options"), [(_option(p), PARAMETERS[lang][p.name]) for p in options], width)
    lines += _listed(say(lang, "commands"), [(n, COMMANDS[lang][f"{path} {n}".strip()]) for n in commands], width)
    lines += ["", f"{say(lang, 'example')}{EXAMPLES[path]}"]
    if path in ("", "audit"):
        lines += _listed(say(lang, "exit_codes"), [(str(int(c)), EXIT_CODES[lang][c.name]) for c in ExitCode], width)
    return "\n".join(lines) + "\n"


def _path(context: Any) -> str:
    names: list[str] = []
    while context.parent is not None:
        names.insert(0, context.info_name)
        context = context.parent
    return " ".join(names)


def _usage(argument: Any) -> str:
    return str(argument.metavar) if argument.required else f"[{argument.metavar}]"


def _option(option: Any) -> str:
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {option.metavar}"


def _listed(title: str, pairs: list[tuple[str, str]], width: int) -> list[str]:
    """``name  text`` in two columns under a title; a long name has a line of its own."""
    if not pairs:
        return []
    column = min(max(len(name) for name, _ in pairs), 30) + 4
    lines = ["", title]
    for name, text in pairs:
        first, *others = fold(text, width - column)
        if len(name) + 4 > column:
            lines.append(f"  {name}")
            others, name = [first, *others], ""
        else:
            lines.append(f"  {name}".ljust(column) + first)
        lines += [" " * column + line for line in others]
    return lines
