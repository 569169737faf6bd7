// SPDX-License-Identifier: MIT
#include "tests/differential/plancases.h"

#include "tests/alembic/historytext.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

const QString linear = u"aaaa1\naaaa2 <- aaaa1\naaaa3 <- aaaa2\naaaa4 <- aaaa3"_s;
const QString forked = u"aaaa1\nbbbb1 (lb) <- aaaa1\nbbbb2 <- bbbb1\ncccc1 (lc) <- aaaa1\ncccc2 <- cccc1"_s;
const QString merged = u"aaaa1\nbbbb1 <- aaaa1\ncccc1 <- aaaa1\nmmmm1 <- bbbb1 cccc1\nnnnn1 <- mmmm1"_s;
const QString needed = u"aaaa1\naaaa2 <- aaaa1\nbbbb1\nbbbb2 <- bbbb1 [aaaa1]\nbbbb3 <- bbbb2"_s;
/// dddd1 names both aaaa1 and bbbb1 above it.
const QString redundant = u"aaaa1\nbbbb1 <- aaaa1\ncccc1\ndddd1 <- cccc1 [aaaa1] [bbbb1]\nxxxx1"_s;
/// '' stands for the empty identifier.
const QString unnamed = u"aaaa1 (la)\n'' (le) <- aaaa1\nbbbb1 <- ''\ncccc1 <- aaaa1"_s;

QList<PlanCase> rowCases()
{
    return {
        {"a merge of a parent and of what lies above it looks for a row that is not there",
         redundant,
         u"upgrade"_s,
         {},
         {u"heads"_s}},
        {"the same with one row is harmless", redundant, u"upgrade"_s, {u"dddd1"_s}, {u"heads"_s}},
        {"taking such a merge back leaves both parents beside another row",
         redundant,
         u"downgrade"_s,
         {u"dddd1"_s, u"xxxx1"_s},
         {u"cccc1"_s}},
        {"and only the upper one where it was the only row",
         redundant,
         u"downgrade"_s,
         {u"dddd1"_s},
         {u"cccc1"_s}},
        {"all the way down such rows end well",
         redundant,
         u"downgrade"_s,
         {u"dddd1"_s, u"xxxx1"_s},
         {u"base"_s}},
        {"a partial row cannot be taken back",
         u"aaaa1\nbbbbb1 <- aaaa1"_s,
         u"downgrade"_s,
         {u"bbbb"_s},
         {u"base"_s}},
        {"a partial row is passed by: the step above it would become a row beside it",
         u"aaaa1\nbbbbb1 <- aaaa1\ncccc1 <- bbbbb1"_s,
         u"upgrade"_s,
         {u"bbbb"_s},
         {u"head"_s}},
        {"a partial row of another branch does not matter",
         u"aaaa1\nbbbbb1 <- aaaa1\ncccc1 <- aaaa1\ncccc2 <- cccc1"_s,
         u"upgrade"_s,
         {u"bbbb"_s, u"cccc1"_s},
         {u"cccc2"_s}},
        {"a label and the identifier it stands for: the table keeps saying that the step is there",
         forked,
         u"downgrade"_s,
         {u"lb"_s, u"bbbb1"_s},
         {u"aaaa1"_s}},
        {"a row that is there twice fails where it is changed",
         linear,
         u"upgrade"_s,
         {u"aaaa2"_s, u"aaaa2"_s},
         {u"head"_s}},
        {"and stays where it is not",
         forked,
         u"upgrade"_s,
         {u"bbbb1"_s, u"bbbb1"_s, u"cccc1"_s},
         {u"lc@head"_s}},
        {"the row 'base' counts as another row",
         redundant,
         u"downgrade"_s,
         {u"base"_s, u"dddd1"_s},
         {u"cccc1"_s}},
        {"overlapping rows can be taken back to base",
         linear,
         u"downgrade"_s,
         {u"aaaa2"_s, u"aaaa3"_s},
         {u"base"_s}},
        {"but stay overlapping elsewhere", linear, u"downgrade"_s, {u"aaaa1"_s, u"aaaa4"_s}, {u"aaaa2"_s}},
        {"what is applied only by depends_on has no row to take back",
         needed,
         u"downgrade"_s,
         {u"bbbb3"_s},
         {u"aaaa1"_s}},
        {"a dependency stays when what needs it goes", needed, u"downgrade"_s, {u"bbbb3"_s}, {u"bbbb1"_s}},
    };
}

QList<PlanCase> targetCases()
{
    return {
        {"a dash in a label reads as a relative target",
         u"aaaa1\naaaa2 (rel-1.0) <- aaaa1\naaaa3 <- aaaa2"_s,
         u"upgrade"_s,
         {},
         {u"rel-1.0@head"_s}},
        {"a single base does not look up its label",
         linear,
         u"downgrade"_s,
         {u"aaaa3"_s},
         {u"nolabel@base"_s}},
        {"a label on the base is an entry of its own",
         u"aaaa1 (la)\naaaa2 <- aaaa1"_s,
         u"downgrade"_s,
         {u"aaaa2"_s},
         {u"nolabel@base"_s}},
        {"the branch of a downgrade is what stands before the last '@'",
         forked,
         u"downgrade"_s,
         {u"bbbb2"_s, u"cccc2"_s},
         {u"lb@lc@aaaa1"_s}},
        {"a label that is a partial identifier of several", forked, u"upgrade"_s, {}, {u"bbbb@head"_s}},
        {"the same parent twice is no clear way down",
         u"aaaa1\naaaa2 <- aaaa1 aaaa1"_s,
         u"downgrade"_s,
         {u"aaaa2"_s},
         {u"-1"_s}},
        {"a symbol on the branch of 'heads'", linear, u"one"_s, {}, {u"heads@heads"_s}},
        {"below the heads past the start", linear, u"show"_s, {}, {u"-9"_s}},
        {"below the heads at the start", linear, u"show"_s, {}, {u"-4"_s}},
        {"a merge of merges", merged, u"upgrade"_s, {u"cccc1"_s}, {u"head"_s}},
        {"a merge is taken back on one branch", merged, u"downgrade"_s, {u"nnnn1"_s}, {u"bbbb1@aaaa1"_s}},
    };
}

QList<PlanCase> rangeCases()
{
    return {
        {"a range whose start is needed by depends_on only", needed, u"history"_s, {}, {u"aaaa1:bbbb3"_s}},
        {"a range that goes round by depends_on: what is between holds back what is below",
         u"aaaa1\nbbbb1 <- aaaa1\nxxxx1 [bbbb1]\nbbbb2 <- bbbb1\nmmmm1 <- bbbb2 xxxx1"_s,
         u"history"_s,
         {},
         {u"aaaa1:"_s}},
        {"'-n' up to '-n'", linear, u"history"_s, {}, {u"-1:-1"_s}},
        {"'-n' past the start, then '+n' on a branch: 'base' is looked for as a name",
         u"aaaa1 (la)\naaaa2 <- aaaa1"_s,
         u"history"_s,
         {},
         {u"-2:la@+1"_s}},
        {"'-n' past the start of one head only, and heads that overlap before it",
         u"aaaa1\naaaa2 <- aaaa1\naaaa3 <- aaaa2\naaaa4 <- aaaa3\nbbbb1 <- aaaa2\ncccc1\ncccc2 <- cccc1"_s,
         u"history"_s,
         {},
         {u"-2:heads"_s}},
        {"'-n' past the start is taken from the end", linear, u"history"_s, {u"aaaa3"_s}, {u"-6:current"_s}},
        {"but not from 'heads'", linear, u"history"_s, {}, {u"-6:"_s}},
        {"current on both sides", linear, u"history"_s, {u"aaaa3"_s}, {u"current:current"_s}},
        {"an empty current is everything", linear, u"history"_s, {}, {u":current"_s}},
        {"a revision as a branch carries one label", forked, u"history"_s, {}, {u"bbbb1@bbbb1:"_s}},
        {"or the range fails", forked, u"history"_s, {}, {u"aaaa1@aaaa1:"_s}},
        {"a partial identifier as a branch carries none", forked, u"history"_s, {}, {u"cccc1@cccc2:"_s}},
        {"'+n' ends at the tip", forked, u"history"_s, {}, {u"cccc1:+9"_s}},
        {"several rows have no '+n'", forked, u"history"_s, {u"bbbb1"_s, u"cccc1"_s}, {u"current:+1"_s}},
    };
}

QList<PlanCase> stampCases()
{
    return {
        {"a target below another", linear, u"stamp"_s, {}, {u"aaaa2"_s, u"aaaa1"_s}},
        {"a target below another that is a row already",
         linear,
         u"stamp"_s,
         {u"aaaa2"_s},
         {u"aaaa2"_s, u"aaaa1"_s}},
        {"'base' beside another target is nothing",
         forked,
         u"stamp"_s,
         {u"bbbb2"_s},
         {u"base"_s, u"cccc1"_s}},
        {"the second branch above a row is new", forked, u"stamp"_s, {u"aaaa1"_s}, {u"bbbb1"_s, u"cccc1"_s}},
        {"the second branch below a row fails", merged, u"stamp"_s, {u"mmmm1"_s}, {u"bbbb1"_s, u"cccc1"_s}},
        {"what depends on the target goes", needed, u"stamp"_s, {u"bbbb3"_s}, {u"aaaa1"_s}},
        {"a partial row", u"aaaa1\nbbbbb1 <- aaaa1"_s, u"stamp"_s, {u"bbbb"_s}, {u"aaaa1"_s}},
        {"an unknown row stops it", linear, u"stamp"_s, {u"zzzz9"_s}, {u"aaaa1"_s}},
        {"unless all rows are purged", linear, u"stamp purge"_s, {u"zzzz9"_s}, {u"aaaa1"_s}},
        {"'-n' to the base is no place", linear, u"stamp"_s, {}, {u"-4"_s}},
        {"'-n' past it is base", linear, u"stamp"_s, {}, {u"-5"_s}},
    };
}

QList<PlanCase> oddCases()
{
    return {
        {"an empty identifier is a row", unnamed, u"upgrade"_s, {}, {u"heads"_s}},
        {"and can be taken back to", unnamed, u"downgrade"_s, {u"bbbb1"_s, u"cccc1"_s}, {u""_s}},
        {"and is no head", u"aaaa1\n'' <- aaaa1"_s, u"upgrade"_s, {}, {u"head"_s}},
        {"and is not found on a branch", unnamed, u"upgrade"_s, {}, {u"la@"_s}},
        {"and as a branch holds everything", unnamed, u"show"_s, {}, {u"le@cccc1"_s}},
        {"and no label goes down past it",
         u"aaaa1\n'' <- aaaa1\nbbbb1 (lb) <- ''"_s,
         u"show"_s,
         {},
         {u"lb"_s}},
        {"an empty dependency of a base is a circle", u"aaaa1 []\nbbbb1 <- aaaa1"_s, u"current"_s, {}, {}},
        {"its own label as a dependency",
         u"aaaa1\nbbbb1 (lb) <- aaaa1 [lb]\ncccc1 <- bbbb1"_s,
         u"current"_s,
         {},
         {}},
        {"its own label as a parent", u"aaaa1\nbbbb1 (lb) <- lb"_s, u"current"_s, {}, {}},
        {"a hidden circle",
         u"aaaa1\nbbbb1 <- aaaa1 [cccc1]\ncccc1 <- aaaa1 [bbbb1]\ndddd1 <- cccc1"_s,
         u"current"_s,
         {},
         {}},
        {"a twin with a fault of its own", u"aaaa1\naaaa1 <- bbbb1\nbbbb1 <- aaaa1"_s, u"current"_s, {}, {}},
        {"a dependency applied alone is current", needed, u"current"_s, {u"bbbb2"_s}, {}},
    };
}

} // namespace

QList<PlanCase> planCases()
{
    return rowCases() + targetCases() + rangeCases() + stampCases() + oddCases();
}

QList<Revision> historyOf(const PlanCase &planCase)
{
    QList<Revision> revisions = historyFromText(planCase.history);
    const auto unquoted = [](const RevisionId &id) { return id.text() == "''"_L1 ? RevisionId(u""_s) : id; };
    for (Revision &revision : revisions) {
        revision.id = unquoted(revision.id);
        for (RevisionId &parent : revision.downRevisions)
            parent = unquoted(parent);
    }
    return revisions;
}

} // namespace stepwell
