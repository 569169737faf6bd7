// SPDX-License-Identifier: MIT
// Any text as a stepwell.toml, and as a pyproject.toml with Alembic's settings.
#include "migrations/config/configreader.h"
#include "migrations/workspace/workspace.h"
#include "tests/fuzz/fuzzing.h"

#include <QSet>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

void checkTargets(const Workspace &workspace)
{
    fuzzing::require(!workspace.components.isEmpty(), "a workspace has a component");
    QSet<QString> seen;
    for (const Target &target : workspace.targets()) {
        const QString name = target.id.text();
        fuzzing::require(!seen.contains(name), "a target's name is its own", name);
        seen.insert(name);
        const auto found = workspace.target(target.id);
        fuzzing::require(found && *found == target, "a target is found by its name", name);
    }
}

/// Each option as everything it might be.
void readAll(const PyProject &project)
{
    for (const QString &option : project.options()) {
        fuzzing::require(project.has(option), "a listed option is there", option);
        const auto kind = project.value(option).kind;
        const auto text = project.text(option);
        const auto boolean = project.boolean(option);
        const auto list = project.list(option);
        const auto tables = project.tables(option);
        fuzzing::require(!text || kind == PyProject::Value::Kind::Text, "a text is a text", option);
        fuzzing::require(boolean.has_value() == (kind == PyProject::Value::Kind::Boolean),
                         "true and false, and nothing else, are booleans", option);
        fuzzing::require((!list && !tables) || kind == PyProject::Value::Kind::List, "a list is a list",
                         option);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text = fuzzing::bytes(data, size);
    const auto workspace = parseWorkspace(text, u"/work/stepwell.toml"_s);
    if (workspace)
        checkTargets(*workspace);
    else
        fuzzing::require(!workspace.error().message.isEmpty(), "an error says what is wrong");

    const auto project = PyProject::parse(text, u"/work/pyproject.toml"_s);
    if (!project) {
        fuzzing::require(!project.error().message.isEmpty(), "an error says what is wrong");
        return 0;
    }
    readAll(*project);
    const auto config = ConfigReader(nullptr, &*project, u"alembic"_s, {}).run(project->file());
    if (!config)
        fuzzing::require(!config.error().message.isEmpty(), "an error says what is wrong");
    return 0;
}
