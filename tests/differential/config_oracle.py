# SPDX-License-Identifier: MIT
"""Random inis, read by the real ConfigParser and the real Alembic 1.13.2: one JSON object a line.

usage: config_oracle.py FOLDER COUNT SEED      FOLDER is empty; it is filled with packages and made the
                                               working folder, and every ini stands in it as alembic.ini, a
                                               link to a file elsewhere

Three things are answered as Alembic does them since 1.13.3 and 1.16 (Newer, below), because that is what a
project is moving to and no ini that works with 1.13.2 means anything else there: parts of lists are stripped,
`newline` is a separator, and `path_separator` comes before `version_path_separator`."""

import base64
import configparser
import importlib
import json
import os
import pathlib
import random
import re
import sys
import types
import warnings

from alembic import script, util
from alembic.config import Config
from alembic.script import base

SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
PACKAGES = {"shop", "store", "space", "single", "gone", "both"}


class Parts(str):
    """A text that Alembic splits where newer versions do."""

    def __new__(cls, text, parts):
        made = super().__new__(cls, text)
        made.parts = parts
        return made

    def split(self, _separator):
        return self.parts


class LegacySplit:
    def __init__(self, pattern):
        self.pattern = pattern

    def split(self, text):
        return text.parts if isinstance(text, Parts) else self.pattern.split(text)


class Newer(Config):
    def separator(self, *names):
        found = next((s for s in map(super().get_main_option, names) if s is not None), None)
        if found is not None and found not in SEPARATORS:
            raise ValueError(found)
        return SEPARATORS.get(found)

    def get_main_option(self, name, default=None):
        value = super().get_main_option(name, default)
        if name == "version_path_separator":
            return None if self.separator("path_separator", name) is None else ":"
        lists = {"version_locations": ("path_separator", "version_path_separator")}
        lists["prepend_sys_path"] = ("path_separator",)
        if value and name in lists:
            if (separator := self.separator(*lists[name])) is not None:
                # A part of blanks alone: the folder " " in 1.13.2, the working folder later, and always
                # an accident. Stepwell drops it.
                parts = [x.strip() for x in value.split(separator) if x.strip()]
                return Parts(value, parts)
        return value


# Random inis ---------------------------------------------------------------------------------------

BLANKS = [" ", "  ", "\t", "    ", "\x0c", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u3000", "\u200b"]
NAMES = ["a", "b", "c", "A", "key", "a b", "x.y", "here", "sqlalchemy.url", "\xe9", "\xc9", "\u0130", "[x", "script_location"]
SECTIONS = ["alembic", "other", "DEFAULT", "DEFAULT", "Alembic", "default", "a]b", "x y", "post_write_hooks", "]", " s "]
WORDS = ["x", "1", "two words", '"q"', "# no comment", "; none", "a=b", "a:b", "%(here)s/x", "%%", "100%", "%(a)s"]
WORDS += ["%(b)s", "%(A)s", "%(nope)s", "%(a", "%()s", "%(a)d", "%%(a)s", "%%%(c)s", "%(x.y)s", "\xe9\u2028z", "\u0085", "\0"]
WORDS += ["[y]", "]", "\x1cx", "\ufeff", "%(a b)s", "%s", "\U0001f600", "\x0c", "%(\xc9)s", "%(sqlalchemy.url)s"]


def blank(rng, chance=0.2):
    return rng.choice(BLANKS) if rng.random() < chance else ""


def random_value(rng):
    return rng.choice(["", " "]).join(rng.choice(WORDS) for _ in range(rng.choice([0, 1, 1, 1, 2, 3])))


def random_line(rng):
    delimiter = rng.choice(["=", "=", "=", " = ", " = ", ":", " : ", "\t=\t", "=="])
    forms = [
        (10, lambda: blank(rng, 0.1) + rng.choice(NAMES) + delimiter + blank(rng) + random_value(rng) + blank(rng)),
        (5, lambda: blank(rng, 0.1) + "[" + rng.choice(SECTIONS) + "]" + rng.choice(["", "", "", "b", " # c", " ]"])),
        (4, lambda: rng.choice([" ", "  ", "\t", "    "]) + random_value(rng)),
        (2, lambda: blank(rng, 0.7)),
        (2, lambda: blank(rng, 0.5) + rng.choice("#;") + random_value(rng)),
        (1, lambda: rng.choice(["alone", "[", "[]", "[]]", "[open", "= no name", ": no name", "]", "%", "\ufeff[x]"])),
    ]
    weights = [w for w, _ in forms]
    weights[5] = 0.1
    return rng.choices([f for _, f in forms], weights)[0]()


def random_grammar(rng):
    start = [] if rng.random() < 0.05 else ["[" + rng.choice(["alembic", "alembic", "other", "DEFAULT"]) + "]"]
    lines = start + [random_line(rng) for _ in range(rng.randint(0, 9))]
    if rng.random() < 0.8:  # most random names are there twice
        lines = without_doubles(lines)
    return rng.choice(["\n", "\n", "\n", "\r\n", "\r"]).join(lines) + rng.choice(["", "\n", "\n\n", " "])


def without_doubles(lines):
    seen, section, kept = set(), "", []
    for line in lines:
        text = line.strip()
        name = re.split("[=:]", text)[0].strip().lower()
        if text.startswith("["):
            section = text[1 : text.rfind("]")]
            name = ""
        if (section, name) in seen and (name or section != "DEFAULT"):
            continue
        seen.add((section, name))
        kept.append(line)
    return kept


PATHS = ["m", "a", "b/c", "a b", "../m", "/abs/x", "./m/", "%(here)s/m", "%(here)s/../q", "m//n", "/", "..", "a,b", "a;b"]
PATHS += ["shop:m", "shop.db:m", "shop.db:m/n:o", "store:x", "gone:x", "space.inner:m", "space:inner", "single:m", "c:d"]
PATHS += ["shop:/abs", "shop:", ":x", "shop..db:m", ".shop:m", "both:m", "both.sub:m", "shop.nothing:m", "e\xe9", "\tm"]
NOWHERE = {"gone:x", "shop:", ":x", "shop..db:m", ".shop:m", "c:d", "both.sub:m", "shop.nothing:m"}
TRUTHS = ["true", "true", "True", "1", "yes", "false", "", " true ", "t%%"]


def random_list(rng):
    joint = rng.choice([" ", ", ", ",", ":", ";", " ; ", "\n  ", "  ", ",\t", ": "])
    known = [path for path in PATHS if path not in NOWHERE] if rng.random() < 0.9 else PATHS
    parts = [rng.choice(known) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
    return rng.choice(["", "", "", joint]) + joint.join(parts) + rng.choice(["", "", "", joint])


def random_settings(rng):
    options = {"script_location": rng.choice(PATHS + ["m"] * 30)}
    if rng.random() < 0.04:
        options = rng.choice([{}, {"script_location": ""}, {"SCRIPT_LOCATION": "%(nope)s"}])
    if rng.random() < 0.8:
        options["version_locations"] = random_list(rng)
    separators = list(SEPARATORS) * 6 + ["|", "", "OS", "%(here)s"]
    if rng.random() < 0.4:
        options["version_path_separator"] = rng.choice(separators)
    if rng.random() < 0.3:
        options["path_separator"] = rng.choice(separators)
    if rng.random() < 0.7:
        options["prepend_sys_path"] = rng.choice(["lib", "lib", "lib:more", ".", "more, lib", "lib more", "%(here)s/lib", random_list(rng)])
    if rng.random() < 0.3:
        options["recursive_version_locations"] = rng.choice(TRUTHS)
    if rng.random() < 0.12:
        lengths = ["40", " 4_0 ", "+7", "-1", "\u0664\u0660", "x", "", "1.5", "1__0", "0x10", "_1", "9" * 4301, "%(here)s"]
        options["truncate_slug_length"] = rng.choice(lengths)
    for name in ("file_template", "timezone", "output_encoding", "sourceless", "sqlalchemy.url", "revision_environment"):
        if rng.random() < 0.15:
            options[name] = rng.choice(["x", "true", "%%(rev)s", "%(nope)s", "", "%(here)s", "postgresql://u:p%%40w@h/d"])
    names = list(options)
    rng.shuffle(names)
    section = rng.choice(["alembic"] * 12 + ["other"])
    lines = ["[%s]" % section] + ["%s = %s" % (name, options[name]) for name in names]
    if rng.random() < 0.1:
        lines = ["[DEFAULT]", rng.choice(["here = /mine", "prepend_sys_path = lib", "bad = 50%"])] + lines
    if rng.random() < 0.1:
        lines += ["[post_write_hooks]", rng.choice(["hooks = x", "hooks =", "x.options = %(nope)s", "x = %%"])]
    return "\n".join(lines) + "\n"


FIXED = [
    b"",
    b"\n\n",
    b"# only a comment",
    b"[alembic]\nscript_location = m\r\nb = 1\rc = 2\r\n",
    b"\xef\xbb\xbf[alembic]\nscript_location = m\n",
    b"[alembic]\nscript_location = m\n\xef\xbb\xbf# no comment\n",
    b"[alembic]\nscript_location = \xff\n",
    b"[alembic]\nscript_location = \xed\xa0\x80\n",  # a lone surrogate
    b"[alembic]\nscript_location = \xf4\x90\x80\x80\n",  # past the last code point
    b"[alembic]\nscript_location = \xc0\xaf\n",  # overlong
    b"[alembic]\nscript_location = m\n# \xe4\n",
    "[alembic]\nscript_location = m\u2028version_locations = a\n".encode(),
    "[alembic]\nscript_location = m\x0bversion_locations = a\x0c\n".encode(),
    "[alembic]\nscript_location = m\x85\n\x85version_locations = a\n".encode(),
    b"[alembic]\n  script_location = m\n  version_locations = a\n b = c\n",
    b"[alembic]\n\tscript_location = m\n version_locations = a\n",
    b"[alembic]b\nscript_location = m\n",
    b"[alembic] ; comment ]\nscript_location = m\n",
    b"[alembic]\n[]\n",
    b"[]\n",
    b"[alembic\n",
    b"  [alembic]\n  script_location = m\n",
    b"[alembic]\n  indented = not a continuation\n",
    b"[alembic]\na = 1\n[x]\n  b = 2\n[y]\nc = 3\n  d = 4\n",
    b"[alembic]\na = 1\n  [x]\nscript_location = m\n",
    b"[alembic]\nscript_location =\n  m\n",
    b"[alembic]\nlong = a\n   b\n\n   c\n# x\n  d\n",
    b"[alembic]\nlong = a\n\n\n[x]\n  b = 1\n",
    b"[alembic]\na\n",
    b"[alembic]\na\nb = 1\n",
    b"[alembic]\n= 1\n",
    b"[alembic]\na = 1\na = 2\n",
    b"[alembic]\na = 1\nA: 2\n",
    b"[DEFAULT]\na = 1\n[alembic]\n[DEFAULT]\na = 2\n",
    b"[DEFAULT]\na = 1\n[alembic]\n[DEFAULT]\nb = 2\nhere = x\n",
    b"[alembic]\n[alembic]\n",
    b"[DEFAULT]\nhere = /mine\n[alembic]\nscript_location = %(here)s/m\n",
    b"[alembic]\nhere = /mine\nscript_location = %(here)s/m\n",
    b"[DEFAULT]\nscript_location = m\n[alembic]\n[other]\n",
    b"[DEFAULT]\nscript_location = m\n",
    ("[alembic]\nk0 = end\n" + "".join("k%d = %%(k%d)s\n" % (i, i - 1) for i in range(1, 13))).encode(),
    ("[alembic]\nk0 = e%%d\n" + "".join("k%d = %%(k%d)s\n" % (i, i - 1) for i in range(1, 13))).encode(),
    b"[alembic]\na = %(a)s\nb = %(c)s\nc = %(b)s\n",
    b"[alembic]\nscript_location = m\nversion_path_separator = newline\nversion_locations =\n  a\n  b/c\n",
    b"[alembic]\nscript_location = m\nversion_locations =\n  a\n  b/c\n",
    b"[alembic]\nscript_location = m\nversion_locations = a ,b\n",
    b"[alembic]\nscript_location = m\nversion_locations = a,\n",
    b"[alembic]\nscript_location = m\nversion_locations =\nversion_path_separator = |\npath_separator = |\n",
    b"[alembic]\nscript_location = m\npath_separator = |\nprepend_sys_path = .\n",
    b"[alembic]\nscript_location = m\npath_separator = os\nversion_path_separator = |\nversion_locations = a\n",
    b"[alembic]\nscript_location = m\nversion_path_separator = ;\nversion_locations = ;;\n",
    b"[alembic]\nscript_location = c:d\n",
    b"[alembic]\nscript_location = %(here)s/c:d\n",
    b"[alembic]\nscript_location = shop.db:m\nprepend_sys_path = lib\n",
    b"[alembic]\nscript_location = shop.db:m\n",
    b"[alembic]\nscript_location = both:m\nprepend_sys_path = more:lib\n",
    b"[alembic]\nscript_location = single:m\nprepend_sys_path = lib\nversion_locations = space.inner:m store:x\n",
    b"[alembic]\nscript_location = m\nrevision_environment = perhaps\n",
    b"[alembic]\nscript_location = m\ntruncate_slug_length = perhaps\n",
    b"[alembic]\nscript_location = m\nfile_template = %(rev)s\n",
    b"[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://u:p%40w@h/d\n",
    b"[DEFAULT]\nbad = 50%\n[alembic]\nscript_location = m\n",
    b"[DEFAULT]\nbad = 50%\n[alembic]\nscript_location = m\n[post_write_hooks]\n",
    b"[alembic]\nscript_location = ../../../../../../../../../x/../y/./z//\n",
]


# Answers -------------------------------------------------------------------------------------------


def fill(folder):
    for file in (
        "lib/shop/__init__.py",
        "lib/shop/db/__init__.py",
        "lib/single.py",
        "lib/both/sub/__init__.py",
        "more/both/__init__.py",
        "src/store/__init__.py",
        "space/inner/m/x.txt",
        "c:d/x.txt",
    ):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def parse(file):
    parser = configparser.ConfigParser({"here": str(file.parent)})
    try:
        parser.read([file], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return {"error": True}

    def value(section, option):
        try:
            return parser.get(section, option)
        except configparser.Error:
            return None

    names = {name: parser.options(name) for name in parser.sections()}
    names["DEFAULT"] = list(parser.defaults())
    values = {name: {option: value(name, option) for option in options} for name, options in names.items()}
    return {"sections": parser.sections(), "values": values}


def settings(file, section, path):
    sys.path[:] = [str(file.parent), str(file.parent / "src")] + path
    for name in [n for n in sys.modules if n.split(".")[0] in PACKAGES]:
        del sys.modules[name]
    importlib.invalidate_caches()
    try:
        directory = script.ScriptDirectory.from_config(Newer(str(file), section))
        locations = list(directory._version_locations)
        return {
            "dir": os.path.abspath(directory.dir),
            "locations": locations,
            "recursive": directory.recursive_version_locations,
        }
    except (util.CommandError, configparser.Error, ValueError, ImportError, TypeError, AttributeError, OSError):
        return {"error": True}
    finally:
        sys.path[:] = path


def inis(count, seed):
    yield from FIXED
    for at in range(count):
        rng = random.Random(seed * 1_000_003 + at)
        text = random_grammar(rng) if rng.random() < 0.5 else random_settings(rng)
        data = text.encode()
        if rng.random() < 0.01:
            place = rng.randint(0, len(data))
            data = data[:place] + rng.choice([b"\xff", b"\xc3", b"\xe2\x82"]) + data[place:]
        yield data


def main():
    warnings.simplefilter("ignore")
    # The folders need not be there: what is asked is where Alembic would look.
    base.os = types.SimpleNamespace(**vars(os))
    base.os.access = lambda path, _: "\0" not in os.fspath(path) or os.access(path, os.F_OK)
    base._split_on_space_comma_colon = LegacySplit(base._split_on_space_comma_colon)
    folder, count, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    fill(folder)
    os.chdir(folder)
    # Links are not resolved: `here` is the folder of the link.
    file = folder / "alembic.ini"
    (folder / "elsewhere").mkdir()
    file.symlink_to("elsewhere/real.ini")
    path = [entry for entry in sys.path if entry not in ("", str(pathlib.Path(__file__).parent))]
    for data in inis(count, seed):
        file.write_bytes(data)
        answer = {"ini": base64.b64encode(data).decode(), "parsed": parse(file)}
        answer["settings"] = {name: settings(file, name, path) for name in ("alembic", "other")}
        print(json.dumps(answer))


if __name__ == "__main__":
    main()
