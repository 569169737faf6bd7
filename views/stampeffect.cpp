// SPDX-License-Identifier: MIT
#include "views/stampeffect.h"

#include "models/repairtext.h"
#include "views/breakabletext.h"
#include "views/chiplabel.h"
#include "views/messagecard.h"
#include "views/runcard.h"
#include "views/runlabel.h"
#include "views/runprose.h"

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int changeLines = 5;   // more scroll
constexpr int revisionLines = 6; // likewise
constexpr int shownDifferences = 60;

RunLabel *wrapping(RunLabel::Look look, const QString &name, QWidget *parent)
{
    auto *label = new RunLabel({}, look, parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    return label;
}

RunProse *prose(const QString &name, const QString &spoken, int lines, QWidget *parent)
{
    auto *text = new RunProse(RunProse::Mono, parent);
    text->setObjectName(name);
    text->setAccessibleName(spoken);
    text->setMaximumLines(lines);
    return text;
}

} // namespace

StampEffect::StampEffect(const RevisionMap &map, const RevisionIds &rows, QWidget *parent)
    : QWidget(parent)
    , m_map(map)
    , m_rows(rows)
    , m_note(wrapping(RunLabel::Muted, u"stampNote"_s, this))
    , m_refusal(new MessageCard(this))
    , m_does(new RunCard(tr("What it does"), this))
    , m_doesNot(new RunCard(tr("What it does not do"), this))
    , m_schema(new RunCard(tr("The schema, compared"), this))
{
    setObjectName(u"stampEffect"_s);
    m_refusal->setObjectName(u"refusalCard"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);

    m_does->setObjectName(u"doesCard"_s);
    m_changes = prose(u"changesText"_s, tr("Changes of the version table"), changeLines, m_does);
    m_does->body()->addWidget(m_changes);

    m_doesNot->setObjectName(u"doesNotCard"_s);
    auto *never = wrapping(RunLabel::Plain, u"neverText"_s, m_doesNot);
    never->setText(tr("No table, column or row but the version rows is touched, and no revision is run."));
    m_gainedTitle = wrapping(RunLabel::Plain, u"gainedTitle"_s, m_doesNot);
    m_gainedTitle->setTone(Tone::Attention);
    m_gained = prose(u"gainedText"_s, tr("Revisions that would count as applied"), revisionLines, m_doesNot);
    m_lostTitle = wrapping(RunLabel::Plain, u"lostTitle"_s, m_doesNot);
    m_lostTitle->setTone(Tone::Attention);
    m_lost = prose(u"lostText"_s, tr("Revisions that would not count as applied"), revisionLines, m_doesNot);
    m_unknown = wrapping(RunLabel::Muted, u"unknownText"_s, m_doesNot);
    for (QWidget *part : QList<QWidget *>{never, m_gainedTitle, m_gained, m_lostTitle, m_lost, m_unknown})
        m_doesNot->body()->addWidget(part);

    m_schema->setObjectName(u"schemaCard"_s);
    m_schemaText = wrapping(RunLabel::Muted, u"schemaText"_s, m_schema);
    m_differences = new QVBoxLayout;
    m_differences->setSpacing(5);
    m_schema->body()->addWidget(m_schemaText);
    m_schema->body()->addLayout(m_differences);

    column->addWidget(m_note);
    column->addWidget(m_refusal);
    column->addWidget(m_does);
    column->addWidget(m_doesNot);
    column->addWidget(m_schema);
    column->addStretch();
    setNote({});
    clearComparison();
}

void StampEffect::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_refusal->hide();
    m_does->hide();
    m_doesNot->hide();
}

void StampEffect::setRefusal(const Error &error)
{
    setNote({});
    m_refusal->setMessage(Tone::Attention, breakable(error.message), breakable(error.hint), error.detail);
    m_refusal->show();
}

RevisionIds StampEffect::rowsAfter(const RevisionIds &rows, const QList<RowChange> &changes)
{
    RevisionIds after = rows;
    for (const RowChange &change : changes) {
        if (!change.from.isEmpty())
            after.removeOne(change.from);
        if (!change.to.isEmpty())
            after += change.to;
    }
    std::ranges::sort(after);
    return after;
}

/// The newest first, as in the list of revisions.
QString StampEffect::listed(const QSet<RevisionId> &ids) const
{
    QStringList lines;
    for (const RevisionId &id : m_map.history()) {
        if (!ids.contains(id))
            continue;
        const Revision *revision = m_map.find(id);
        lines += revision ? QString(id.text() + u"  "_s + revision->message) : id.text();
    }
    return lines.join(u'\n');
}

void StampEffect::setChanges(const QList<RowChange> &changes)
{
    setNote({});
    QStringList lines;
    for (const RowChange &change : changes)
        lines += RepairText::rowChange(change);
    m_changes->setProse(changes.isEmpty() ? tr("Nothing: the version table says this already.")
                                          : lines.join(u'\n'));
    const RevisionIds rows = rowsAfter(m_rows, changes);
    const QSet<RevisionId> before = m_map.ancestors(m_rows);
    const QSet<RevisionId> after = m_map.ancestors(rows);
    const QSet<RevisionId> gained = after - before;
    const QSet<RevisionId> lost = before - after;
    m_gainedTitle->setText(
        gained.size() == 1
            ? tr("This revision would count as applied without having run:")
            : tr("These %1 revisions would count as applied without having run:").arg(gained.size()));
    m_gained->setProse(listed(gained));
    m_lostTitle->setText(
        lost.size() == 1
            ? tr("This revision would count as not applied though it ran:")
            : tr("These %1 revisions would count as not applied though they ran:").arg(lost.size()));
    m_lost->setProse(listed(lost));
    for (QWidget *part : QList<QWidget *>{m_gainedTitle, m_gained})
        part->setVisible(!gained.isEmpty());
    for (QWidget *part : QList<QWidget *>{m_lostTitle, m_lost})
        part->setVisible(!lost.isEmpty());

    RevisionIds strange;
    for (const RevisionId &row : std::as_const(m_rows)) {
        if (!m_map.find(row))
            strange += row;
    }
    m_unknown->setText(breakable(tr("No file has %1: what it and the revisions before it did cannot be told, "
                                    "and some of what would count as "
                                    "applied may have run.")
                                     .arg(toText(strange))));
    m_unknown->setVisible(!strange.isEmpty());
    m_does->show();
    m_doesNot->show();
}

void StampEffect::clearDifferences()
{
    while (QLayoutItem *item = m_differences->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void StampEffect::tellComparison(const Chip &chip, const QString &text)
{
    clearDifferences();
    m_schema->setChip(chip);
    m_schemaText->setText(breakable(text));
    m_schema->show();
}

void StampEffect::clearComparison()
{
    clearDifferences();
    m_schema->hide();
}

void StampEffect::setComparing()
{
    tellComparison({}, tr("Comparing the database with what the revisions would have made…"));
}

void StampEffect::setComparisonError(const Error &error)
{
    tellComparison(
        {tr("not known"), Tone::Attention},
        QString(tr("The schema could not be compared: %1").arg(error.message) + u' ' + error.hint).trimmed());
}

void StampEffect::setComparison(const SchemaComparison &comparison)
{
    const bool fits = comparison.differences.isEmpty();
    const bool nothing = comparison.compared == 0;
    const Chip chip = !fits     ? Chip{tr("%1 differences").arg(comparison.differences.size()), Tone::Bad}
                      : nothing ? Chip{tr("nothing to compare"), Tone::Neutral}
                      : comparison.unreadable.isEmpty()
                          ? Chip{tr("fits"), Tone::Good}
                          : Chip{tr("fits as far as it is known"), Tone::Attention};
    tellComparison(
        comparison.differences.size() == 1 ? Chip{tr("1 difference"), Tone::Bad} : chip,
        nothing && fits
            ? tr("The revisions make no table, column or index that could be looked for.")
            : tr("%1 tables, columns and indexes of the revisions were looked for in the database.")
                  .arg(comparison.compared));
    for (const SchemaDifference &difference : comparison.differences.mid(0, shownDifferences))
        addDifference(difference);
    if (comparison.differences.size() > shownDifferences) {
        auto *more = wrapping(RunLabel::Muted, u"moreDifferences"_s, m_schema);
        more->setText(tr("and %1 more").arg(comparison.differences.size() - shownDifferences));
        m_differences->addWidget(more);
    }
    if (!comparison.unreadable.isEmpty()) {
        auto *unreadable = wrapping(RunLabel::Muted, u"unreadableText"_s, m_schema);
        unreadable->setText(
            breakable(tr("What these revisions change could not be told from their SQL and is left "
                         "out: %1.")
                          .arg(toText(comparison.unreadable))));
        m_differences->addWidget(unreadable);
    }
}

void StampEffect::addDifference(const SchemaDifference &difference)
{
    auto *line = new QWidget(m_schema);
    line->setObjectName(u"difference"_s);
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto *chip = new ChipLabel(line);
    chip->setChip(RepairText::differenceChip(difference.kind));
    auto *text = wrapping(RunLabel::Plain, u"differenceText"_s, line);
    const QString what = difference.text.isEmpty() ? difference.what : difference.text;
    text->setText(
        breakable(difference.revision.isEmpty()
                      ? what
                      : tr("%1 (%2)", "difference, revision").arg(what, difference.revision.text())));
    text->setToolTip(difference.what);
    row->addWidget(chip, 0, Qt::AlignTop);
    row->addWidget(text, 1);
    m_differences->addWidget(line);
}

} // namespace stepwell
