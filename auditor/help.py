"""The help screens and usage errors of the commands, in the user's language."""

from __future__ import annotations

import re
from typing import Any

from auditor.errors import ExitCode
from auditor.formats.cells import fold, hanging, screen_width
from auditor.words import COMMANDS, EXIT_CODES, PARAMETERS, Lang, say

WIDEST = 100
WIDE = 80

EXAMPLES: dict[str, str] = {
    "": "auditor audit seeds/",
    "audit": "auditor audit reports/ --level county -f json=result.json",
    "review": "auditor review seeds/001_shaxian_2022.txt --as-of 2023-02-17",
    "outline": "auditor outline seeds/001_shaxian_2022.txt",
    "read": "auditor read seeds/001_shaxian_2022.txt -o text.txt",
    "render": "auditor render reports_out/audit.json -f html -f xlsx -f docx",
    "template": "auditor template letter.docx",
    "explain": "auditor explain GY21-09-04 seeds/000_suibin_2024.txt",
    "figures": "auditor figures --indicators -f csv=indicators.csv seeds/",
    "compare": "auditor compare seeds/",
    "check": "auditor check reports/ --fail-on core-gap,figure-error -f sarif=check.sarif",
    "baseline": "auditor baseline create reports/",
    "baseline create": "auditor baseline create reports/ -o baseline.json",
    "baseline update": "auditor baseline update reports/ --baseline baseline.json",
    "baseline show": "auditor baseline show baseline.json",
    "gate": "auditor gate init reports_out/audit.json",
    "gate init": "auditor gate init reports_out/audit.json -o gate.yaml",
    "cache": "auditor cache info",
    "cache info": "auditor cache info",
    "cache clean": "auditor cache clean",
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

# The words of typer's own usage errors. What is not listed here is shown as it is.
_USAGE_ERRORS = [
    (r"' / '", " / "),
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
    lines = hanging(f"{say(lang, 'usage')}{context.command_path} {' '.join(pieces)}", width)
    lines += ["", *fold(COMMANDS[lang][path], width)]
    lines += _listed(say(lang, "arguments"), [(p.metavar, PARAMETERS[lang][p.name]) for p in arguments], width)
    lines += _listed(say(lang, "options"), [(_option(p), PARAMETERS[lang][p.name]) for p in options], width)
    lines += _listed(say(lang, "commands"), [(n, COMMANDS[lang][f"{path} {n}".strip()]) for n in commands], width)
    lines += ["", *hanging(f"{say(lang, 'example')}{EXAMPLES[path]}", width)]
    if path in ("", "audit", "check"):
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
    column = min(max(len(name) for name, _ in pairs) + 4, 34 if width >= WIDE else width // 3)
    lines = ["", title]
    for name, text in pairs:
        first, *others = fold(text, width - column)
        if len(name) + 4 > column:
            lines += hanging(f"  {name}", width, 4)
            others, name = [first, *others], ""
        else:
            lines.append(f"  {name}".ljust(column) + first)
        lines += [" " * column + line for line in others]
    return lines
