# SPDX-License-Identifier: MIT
"""The layer rule, checked on every include: app -> views -> models -> migrations, and inside migrations
only downwards. Also what a layer may not use at all."""

import pathlib
import re
import sys

LAYERS = ["migrations", "models", "views", "app"]
ENGINE = {  # folder: the engine folders that it may include
    "core": [],
    "process": ["core"],
    "python": ["core"],
    "config": ["core", "python"],
    "alembic": ["core", "process", "python", "config"],
    "sql": ["core"],
    "lint": ["core", "alembic", "sql"],
    "workspace": ["core"],
    "database": ["core", "sql"],
    "status": ["core", "config", "alembic", "workspace", "database"],
    "review": ["core", "process", "alembic", "workspace", "sql", "lint"],
    "backup": ["core", "process", "database"],
    "journal": ["core", "alembic", "workspace", "sql", "database", "backup"],
    "run": ["core", "process", "config", "alembic", "workspace", "database", "status", "sql", "lint",
            "review", "backup", "journal"],
}
ENGINE["preflight"] = [*ENGINE["run"], "run"]
ENGINE["repair"] = [*ENGINE["run"], "run"]
ENGINE["demo"] = [*ENGINE, "run"]
FORBIDDEN = {
    "migrations": r"<Q(Widget|Dialog|Application|Settings|Gui|MessageBox)",
    "models": r"<(Q(Widget|Sql|Process|Settings|TableView|Painter)\b|QSql|libpq)",
    "views": r"<(QSql|QProcess|QSettings|QSaveFile|libpq)",
}


def problems(root):
    for layer in LAYERS:
        for file in sorted((root / layer).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            own = file.relative_to(root).parts
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                where = f"{file.relative_to(root)}:{number}"
                if layer in FORBIDDEN and line.startswith("#include") and re.search(FORBIDDEN[layer], line):
                    yield f"{where}: {layer} may not use {line.split()[1]}"
                match = re.match(r'#include "([a-z]+)/([a-z]+)', line)
                if not match or match[1] not in LAYERS:
                    continue
                if LAYERS.index(match[1]) > LAYERS.index(layer):
                    yield f"{where}: {layer} includes {match[1]}"
                elif layer == "migrations" and match[2] != own[1] and match[2] not in ENGINE[own[1]]:
                    yield f"{where}: migrations/{own[1]} includes migrations/{match[2]}"


found = list(problems(pathlib.Path(sys.argv[1])))
print("\n".join(found) or "every include points downwards")
sys.exit(1 if found else 0)
