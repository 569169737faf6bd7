# SPDX-License-Identifier: MIT
"""Random revision files for file_oracle.py: parts of real ones in any combination, and broken ones."""

DOCSTRINGS = [
    '"""add users\n\nRevision ID: %s\nRevises: b2\nCreate Date: 2024-03-01 12:30:05.123456\n\n"""\n',
    "'''add users'''\n",
    '"add " "users"\n',
    'r"""add \\users\n\n  more"""\n',
    '"""  first\n\tsecond\n    third\n\n  fourth  \n"""\n',
    '"caf\\u00e9 \\x41\\t\\\nnext"\n',
    '"""caf\u00e9 \u2192 \U0001f600\n\nmore"""\n',
    'u"""unicode"""\n',
    'b"""bytes"""\n',
    'f"""formatted"""\n',
    'f"""for{1}matted"""\n',
    '("""in parentheses""")\n',
    '"a", "tuple"\n',
    '"""a""" + """sum"""\n',
    '"""\n\nRevision ID: x\nRevises: y\n"""\n',
    '# comment\n\n"""after a comment"""\n',
    "",
    "",
]
HEADS = [
    "",
    "",
    "",
    "#!/usr/bin/env python3\n",
    "# -*- coding: utf-8 -*-\n",
    "# coding: utf8\n",
    "# coding: latin-1\n",
    "# coding: cp1252\n",
    "# coding: koi8-r\n",
    "\ufeff",
    "#    Licensed under the Apache License\n\n",
    "\n\n",
    "\x0c\n",
]
TEXTS = [
    '"b2"', "'b2'", '"""b2"""', "'''b\n2'''", 'u"b2"', 'r"b\\2"', '"b" "2"', "'b\\x32'", '"bé"', '""',
    '"b#2"', '\'b"2\'', 'f"b2"', '"c3"', '"d4"', "(\n    'b'\n    '2'\n)", '("b2")',
]
OTHERS = [
    "None",
    "None",
    "(None)",
    "(None,)",
    "()",
    "[]",
    "{}",
    "5",
    "True",
    "-1",
    "...",
    'b"b2"',
    'f"{1}"',
    '"b" + "2"',
    'str("b2")',
    "parent",
    '"b2" if 1 else "c3"',
    '"b2"[0]',
    '"b2".strip()',
    'lambda x="b2": x',
    '[x for x in ("b2",)]',
    '{"b2": 1}',
    '(*("b2",),)',
    "not 1",
    '("b2",)[0]',
    '"%s" % 1',
    '(x := "b2")',
    '(("b2",), "c3")',
    "[[]]",
]
NOISE = [
    "from alembic import op\n",
    "import sqlalchemy as sa\n",
    "from sqlalchemy.dialects import postgresql\n",
    "from sqlalchemy import *\n",
    "from typing import Sequence, Union\n",
    "from project.names import thing, parent\n",
    "from project.names import {name}\n",
    "from project.names import {name} as other\n",
    "from project.names import parent as {name}\n",
    "from project.star import *\n",
    "import project.names as {name}\n",
    "import project.names\n",
    "# revision identifiers, used by Alembic.\n",
    "\n\n",
    "x = 5; y = [1, 2,\n  3]\n",
    "{name}: str\n",
    "x = {{}}\nx['{name}'] = 1\n",
    "x = dict({name}='z')\n",
    "x = lambda {name}='z': {name}\n",
    "x = [{name} for {name} in 'ab']\n",
    "x = 1 if '{name} = 5' else 2\n",
    "if 1:\n    {name} = 'z'\n",
    "if 0: {name} = 'z'\nelse: pass\n",
    "try:\n    {name} = 'z'\nexcept Exception:\n    pass\n",
    "for {name} in ('z',): pass\n",
    "for x in ('z',):\n\tif x:\n\t\t{name} = x\n",
    "with open(__file__) as f: {name} = 'z'\n",
    "while 1:\n    {name} = 'z'\n    break\n",
    "match 'z':\n    case {name}: pass\n",
    "match 'z':\n    case x if x == 5:\n        {name} = 5\n    case _: pass\n",
    "match = {name} = 'z'\n",
    "{name}, y = 'z', 1\n",
    "({name}) = 'z'\n",
    "({name}): str = 'z'\n",
    "[{name}] = 'z',\n",
    "*{name}, y = 'z', 1\n",
    "{name} = other = 'z'\n",
    "other = {name} = 'z', 'y'\n",
    "x = ({name} := 'z')\n",
    "x = f'{{({name} := \"z\")}}'\n",
    "def f(x=({name} := 'z')): pass\n",
    "def f({name}='z'):\n    {name} = 'y'\n    return {name}\n",
    "def {name}(): pass\n",
    "class A:\n    {name} = 'z'\n",
    "class A: {name} = 'z'\n",
    "class {name}: pass\n",
    "def f():\n    global {name}\n    {name} = 'z'\nf()\n",
    "type {name} = int\n",
    "type X = int\ntype = 5\n",
    "del x\n",
    "{name} = 'z'\ndel {name}\n",
    "{name} += 'z'\n",
    "x = {name} == 'z'\n",
    "{name}.append('z')\n",
    "{name} = ['z']\n{name} += ['y']\n",
    "globals()['{name}'] = 'z'\n",
    "exec('{name} = 1')\n",
    "import types\nx = types.SimpleNamespace()\nx.{name} = 'z'\n",
    "__doc__ = 'late\\n\\n  text'\n",
    "if 1: __doc__ = 'late'\n",
    "x = f'{{1!r:>{{10}}}} {{{{{name} = 5}}}}'\n",
    "x = f\"{{'a' if 1 else f'{{2}}'}}\"\n",
    "x = '''\n{name} = 5\n'''\n",
    "'''not a docstring'''\n",
    "@(lambda f: f)\ndef upgrade():\n    pass\n",
    "def upgrade() -> None:\n    op.execute(\"\"\"\n  DELETE FROM x\n\"\"\")\n\n\ndef downgrade() -> None:\n    pass\n",
    "def upgrade():\n\tif 1:\n\t\tpass\n\n\ndef downgrade(): raise NotImplementedError\n",
    "async def f():\n    async for x in y: pass\n",
    "x = 1 \\\n    + 2\n",
    "\\\n\\\nx = 1\n",
]
PIECES = [
    '(', ')', '[', ']', '{', '}', "'", '"', '\\', '#', ':', ';', ',', '.', '=', '\n', '\t', ' ', '$', '?',
    '!', '@', '%', "'''", '"""', '    ', "f'", '{', '}', 'if 1:', '\r\n', '\r', '\x00', '0x', '1_', ':=',
    'lambda', 'def f():', '\\N{BULLET}', 'é', '\xa0', '\x0c', 'else', 'None', "b'",
]
NAMES = ["revision", "down_revision", "branch_labels", "depends_on"]


def random_value(rng):
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(TEXTS)
    if kind < 0.65:
        return rng.choice(OTHERS)
    items = [rng.choice(TEXTS) if rng.random() < 0.95 else rng.choice(OTHERS) for _ in range(rng.randint(1, 3))]
    inner = rng.choice([", ", ",", ",\n    ", " , # note\n  "]).join(items)
    tail = "," if len(items) == 1 or rng.random() < 0.3 else ""
    opening, closing = rng.choice(["()", "()", "[]", "{}"])
    if rng.random() < 0.1 and "\n" not in inner:
        return inner + tail
    return opening + rng.choice(["", "\n    "]) + inner + tail + rng.choice(["", "\n"]) + closing


def random_assignment(rng, name):
    value = random_value(rng)
    if name == "revision" and rng.random() < 0.8:
        value = rng.choice(["'a1'", '"a1"', "'''a1'''", "'a' '1'"])
    kind = rng.random()
    if kind < 0.2:
        annotation = rng.choice(["str", "Union[str, None]", "'str | None'", "dict[str,\n   int]"])
        if value[0] not in "([{" and "," in value:
            value = "(%s)" % value
        return "from typing import Union\n%s: %s = %s\n" % (name, annotation, value)
    blank = rng.choice([" ", " ", "", "\t", " \\\n "])
    return name + blank + "=" + blank + value + rng.choice(["\n", "\n", ";\n", "  # note\n"])


def random_file(rng):
    names = [name for name in NAMES if rng.random() < (0.97 if name in NAMES[:2] else 0.6)]
    parts = [random_assignment(rng, name) for name in names]
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 4])):
        noise = rng.choice(NOISE).format(name=rng.choice(NAMES))
        parts.insert(rng.randint(0, len(parts)), noise)
    text = rng.choice(HEADS) + rng.choice(DOCSTRINGS).replace("%s", "a1") + "".join(parts)
    if rng.random() < 0.4:
        text = damaged(rng, text)
    text = rng.choice([text] * 6 + [text.replace("\n", "\r\n"), text.replace("\n", "\r"), text.rstrip("\n")])
    named = [encoding for encoding in ("latin-1", "cp1252", "koi8-r") if encoding in text]
    return text.encode((named + ["utf-8"])[0], "replace")


def damaged(rng, text):
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        at = rng.randint(0, len(text))
        kind = rng.randrange(5)
        if kind == 0:
            text = text[:at] + text[at + rng.choice([1, 1, 2, 10]) :]
        elif kind == 1:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 2:
            lines = text.split("\n")
            line = rng.randrange(len(lines))
            kept = lines[line].lstrip(" ") if rng.random() < 0.7 else ""
            lines[line] = rng.choice(["", "  ", "    ", "\t", "# "]) + kept
            text = "\n".join(lines)
        elif kind == 3:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines)
        else:
            text = text[:at]
    return text
