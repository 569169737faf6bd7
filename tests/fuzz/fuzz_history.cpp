// SPDX-License-Identifier: MIT
// A small graph with rows and targets (historyinput.h): building it, its history, plans up and down, and
// what plans promise.
#include "migrations/alembic/onestepback.h"
#include "migrations/alembic/revisionmap.h"
#include "migrations/alembic/revisionmapdata.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/fuzz/historyinput.h"

#include <QSet>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

using Ids = QSet<RevisionId>;

Ids toSet(const RevisionIds &ids)
{
    return {ids.begin(), ids.end()};
}

QString describe(const Plan &plan)
{
    QString text = directionName(plan.direction) + u" "_s + plan.target + u": "_s + toText(plan.from);
    for (const RunStep &step : runSteps(plan))
        text += u"\n  "_s + step.revision.text() + u" => "_s + toText(step.to);
    return text;
}

/// Every revision once, children above parents and dependencies.
void checkHistory(const RevisionMap &map)
{
    const RevisionIds history = map.history();
    const RevisionMapData &data = map.data();
    Ids above;
    for (const RevisionId &id : history) {
        fuzzing::require(!above.contains(id), "a history tells a revision once", id.text());
        above.insert(id);
        const int node = map.indexOf(id);
        for (const int child : data.normNext.of(node))
            fuzzing::require(above.contains(data.id(child)), "children stand above their parents", id.text());
    }
    fuzzing::require(history.size() == map.count(), "a history tells every revision", toText(history));
}

/// Each change finds the rows it needs, and the plan ends with the rows it says.
void checkRows(const Plan &plan)
{
    Ids rows = toSet(plan.from);
    for (const PlanStep &step : plan.steps) {
        for (const RowChange &change : step.changes) {
            fuzzing::require(!change.from.isEmpty() || !change.to.isEmpty(), "a change changes something",
                             describe(plan));
            if (!change.from.isEmpty())
                fuzzing::require(rows.remove(change.from), "a changed row is there", describe(plan));
            if (!change.to.isEmpty()) {
                fuzzing::require(!rows.contains(change.to), "a new row is not there yet", describe(plan));
                rows.insert(change.to);
            }
        }
    }
    fuzzing::require(rows == toSet(plan.to), "a plan ends with the rows it says", describe(plan));
}

/// Every step applies or takes back its own revision and no other.
void checkApplied(const RevisionMap &map, const Plan &plan)
{
    Ids applied = map.ancestors(plan.from);
    for (const RunStep &step : runSteps(plan)) {
        const bool up = plan.direction == Direction::Upgrade;
        fuzzing::require(applied.contains(step.revision) != up, "a step has something to do", describe(plan));
        if (up)
            applied.insert(step.revision);
        else
            applied.remove(step.revision);
        fuzzing::require(map.ancestors(step.to) == applied, "the rows tell what is applied", describe(plan));
    }
}

/// What an upgrade did is taken back by the downgrade to where it began. With one row that is a promise if
/// all that was applied came after it: what only depends on it stays, as with Alembic.
void checkWayBack(const RevisionMap &map, const Plan &up)
{
    if (up.direction != Direction::Upgrade || up.from.size() > 1 || up.steps.isEmpty())
        return;
    QString target = u"base"_s;
    if (!up.from.isEmpty()) {
        const RevisionMapData &data = map.data();
        const int start = map.indexOf(up.from.first());
        const NodeSet after = data.closure(data.allNext, data.next.of(start));
        for (const PlanStep &step : up.steps) {
            if (!after[size_t(map.indexOf(step.revision))])
                return;
        }
        target = up.from.first().text();
    }
    const auto down = planDowngrade(map, up.to, target);
    fuzzing::require(down.has_value(), "there is a way back", describe(up));
    fuzzing::require(toSet(down->to) == toSet(up.from), "the way back ends where the way up began",
                     QString(describe(up) + u'\n' + describe(*down)));
    fuzzing::require(down->steps.size() == up.steps.size(), "the way back has as many steps",
                     QString(describe(up) + u'\n' + describe(*down)));
}

void checkOneStepBack(const RevisionMap &map, const RevisionIds &rows)
{
    for (const RevisionId &row : rows) {
        if (const auto plan = planOneStepBack(map, rows, row)) {
            fuzzing::require(plan->steps.size() == 1 && plan->steps.first().revision == row,
                             "one step back takes back one revision", describe(*plan));
        }
    }
}

/// `sound`: an upgrade from nothing led to these rows, so that plans keep all their promises.
void ask(const RevisionMap &map, const QList<fuzzing::HistoryInput::Question> &questions)
{
    RevisionIds rows;
    bool sound = true;
    for (const auto &question : questions) {
        if (question.setsRows) {
            rows = question.rows;
            sound = false;
            continue;
        }
        if (const auto found = map.resolve(question.target))
            fuzzing::require(map.find(*found), "what a name stands for is there", question.target);
        const bool up = question.direction == Direction::Upgrade;
        const auto plan =
            up ? planUpgrade(map, rows, question.target) : planDowngrade(map, rows, question.target);
        (void)makePlan(map, rows, question.target, question.direction);
        if (!plan) {
            fuzzing::require(!plan.error().message.isEmpty(), "an error says what is wrong", question.target);
            continue;
        }
        if (sound) {
            checkRows(*plan);
            checkApplied(map, *plan);
            checkWayBack(map, *plan);
        }
        rows = plan->to;
        checkOneStepBack(map, rows);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto input =
        fuzzing::readHistory(QByteArrayView(reinterpret_cast<const char *>(data), qsizetype(size)));
    QList<ScriptProblem> problems;
    const RevisionMap rest = RevisionMap::buildSound(input.revisions, problems);
    checkHistory(rest);
    const auto map = RevisionMap::build(input.revisions);
    fuzzing::require(map.has_value() == problems.isEmpty(),
                     "what can be built has no problems, and no other");
    if (!map)
        return 0;
    checkHistory(*map);
    ask(*map, input.questions);
    return 0;
}
