# SPDX-License-Identifier: MIT
"""The bytes of revision files: what is put into them, and what may differ after a repair."""
import ast
import datetime
import os
import re
import shutil

FIELDS = ("revision", "down_revision", "depends_on")


def drop_caches(versions):
    shutil.rmtree(os.path.join(versions, "__pycache__"), ignore_errors=True)


def fill_body(file, revid, needed, number):
    """A table of its own; and rows in the tables of those below, which fails where these are not."""
    with open(file, encoding="utf-8", newline="") as source:
        text = source.read()
    up = "\n    ".join(['op.execute("CREATE TABLE t_%s (n int)")' % revid]
                       + ['op.execute("INSERT INTO t_%s VALUES (1)")' % other for other in needed])
    down = 'op.execute("DROP TABLE t_%s")' % revid
    text = text.replace("def upgrade() -> None:\n    pass", "def upgrade() -> None:\n    " + up)
    text = text.replace("def downgrade() -> None:\n    pass", "def downgrade() -> None:\n    " + down)
    # A day apart: a project is not written within a second.
    written = datetime.datetime(2024, 1, 1, 12, 30, 1, 123456) + datetime.timedelta(days=number)
    text = re.sub(r"Create Date: .*", "Create Date: %s" % written, text)
    with open(file, "w", encoding="utf-8", newline="") as source:
        source.write(text)


def reformat(file, rng):
    """Some projects write their headers another way."""
    if rng.random() < 0.6:
        return
    with open(file, encoding="utf-8", newline="") as source:
        text = source.read()
    header, body = text.split("def upgrade()", 1)
    way = rng.choice(["single", "double", "plain", "list", "lines", "comments", "nodoc"])
    if way == "single":
        header = re.sub(r'^(\w+: [^\n=]*= )"(\w+)"', r"\1'\2'", header, flags=re.M)
    elif way == "double":
        header = re.sub(r"^(\w+: [^\n=]*= )'(\w+)'", r'\1"\2"', header, flags=re.M)
    elif way == "plain":
        header = re.sub(r"^(revision|down_revision|branch_labels|depends_on): [^\n=]*=", r"\1 =", header, flags=re.M)
    elif way == "list":
        header = re.sub(r"^(down_revision: [^\n=]*=) \(([^)]*)\)", r"\1 [\2]", header, flags=re.M)
    elif way == "lines":
        header = re.sub(r"^(down_revision: [^\n=]*=) \(('\w+'), ('\w+')\)",
                        r"\1 (\n    \2,  # one\n    \3,  # two\n)", header, flags=re.M)
    elif way == "comments":
        header = re.sub(r"^(down_revision: [^\n]*)$", r"\1  # what came before", header, flags=re.M)
    elif way == "nodoc":
        header = header[header.index('"""\nfrom ') + 4:] if '"""\nfrom ' in header else header
    text = header + "def upgrade()" + body
    if rng.random() < 0.15:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    with open(file, "w", encoding="utf-8-sig" if rng.random() < 0.1 else "utf-8", newline="") as source:
        source.write(text)


def spans(source):
    """For each header variable that is there: where its value stands, in bytes, and the texts in it."""
    text = source.decode("utf-8-sig").replace("\r\n", "\n")
    lines = source.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    bom = 3 if source.startswith(b"\xef\xbb\xbf") else 0
    found = []
    for node in ast.parse(text).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id in FIELDS and node.value is not None:
            value = node.value
            shift = lambda line: starts[line - 1] + (bom if line == 1 else 0)
            texts = [n.value for n in ast.walk(value) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            found.append((target.id, shift(value.lineno) + value.col_offset,
                          shift(value.end_lineno) + value.end_col_offset, texts))
    return found


def masked(source, whole):
    """The bytes without identifiers; of the fields in `whole` without the whole value."""
    for field, begin, end, texts in reversed(spans(source)):
        value = source[begin:end]
        if field in whole:
            value = b"VALUE"
        else:
            for text in texts:
                value = value.replace(text.encode(), b"ID")
        source = source[:begin] + value + source[end:]
    source = re.sub(rb"(?m)^(Revision ID:|Revises:)[^\r\n]*", rb"\1", source)
    return source


def differences(originals):
    """What a repair changed besides links. A file that came anew has no original."""
    faults = []
    for file, before in originals.items():
        if not os.path.exists(file):
            faults.append("%s is gone" % file)
            continue
        with open(file, "rb") as source:
            after = source.read()
        if after == before:
            continue
        old = {field: len(texts) for field, _, _, texts in spans(before)}
        new = {field: len(texts) for field, _, _, texts in spans(after)}
        if old.keys() != new.keys():
            faults.append("%s has other variables" % file)
            continue
        # Where the number of links stays only identifiers may differ.
        whole = {field for field in old if old[field] != new[field]}
        if masked(before, whole) != masked(after, whole):
            faults.append("%s differs in more than identifiers:\n%r\n%r" % (file, before, after))
    return faults
