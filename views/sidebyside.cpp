// SPDX-License-Identifier: MIT
#include "views/sidebyside.h"

#include "views/codepane.h"
#include "views/codeview.h"
#include "views/sqlreviewview.h"

using namespace Qt::StringLiterals;

namespace stepwell {

SideBySide::SideBySide(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent)
    , m_panes{new CodePane(repository, tr("Upgrade")), new CodePane(repository, tr("Downgrade"))}
{
    setObjectName(u"sideBySide"_s);
    setChildrenCollapsible(false);
    setHandleWidth(1);
    for (const Direction direction : {Direction::Upgrade, Direction::Downgrade}) {
        const bool up = direction == Direction::Upgrade;
        CodeView *code = pane(direction)->code();
        code->setObjectName(up ? u"sideUpgrade"_s : u"sideDowngrade"_s);
        code->setAccessibleName(up ? tr("SQL of the upgrade") : tr("SQL of the downgrade"));
        addWidget(pane(direction));
    }
    setSizes({500, 500});
}

void SideBySide::clear(const QString &note)
{
    setNote(Direction::Upgrade, note);
    setNote(Direction::Downgrade, note);
}

void SideBySide::setNote(Direction direction, const QString &note)
{
    pane(direction)->code()->setCode({}, u"SQL (PostgreSQL)"_s);
    pane(direction)->code()->setPlaceholderText(note);
}

void SideBySide::setSql(const RenderedSql &sql)
{
    if (!sql.problem.isEmpty())
        setNote(sql.direction, tr("Known only by rehearsal: %1").arg(sql.problem));
    else if (sql.sql.trimmed().isEmpty())
        setNote(sql.direction, tr("No SQL: only the version row moves."));
    else
        pane(sql.direction)->code()->setCode(sql.sql, u"SQL (PostgreSQL)"_s);
}

void SideBySide::setReview(const StepReview &review)
{
    setSql(review.sql);
    if (review.sql.problem.isEmpty())
        pane(review.direction)->code()->setMarks(marksOf(review, {}, {}));
}

} // namespace stepwell
