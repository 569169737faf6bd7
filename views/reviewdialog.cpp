// SPDX-License-Identifier: MIT
#include "views/reviewdialog.h"

#include "models/reviewtext.h"
#include "views/runbutton.h"
#include "views/runcard.h"
#include "views/runlabel.h"
#include "views/runpane.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QSet>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

QString textName(LineComment::Text text)
{
    switch (text) {
    case LineComment::File:
        return ReviewDialog::tr("Revision file");
    case LineComment::Upgrade:
        return ReviewDialog::tr("Upgrade SQL");
    case LineComment::Downgrade:
        return ReviewDialog::tr("Downgrade SQL");
    }
    return {};
}

RunLabel *wrapped(const QString &text, RunLabel::Look look, QWidget *parent)
{
    auto *label = new RunLabel(text, look, parent);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    return label;
}

} // namespace

ReviewDialog::ReviewDialog(const StepReview &review, Verdict verdict, const QString &reviewer,
                           const QList<Finding> &findings, const QList<LineComment> &comments,
                           QWidget *parent)
    : QDialog(parent)
    , m_review(review)
    , m_verdict(verdict)
    , m_comments(comments)
    , m_comment(new QPlainTextEdit(this))
    , m_missing(new RunLabel({}, RunLabel::Muted, this))
    , m_give(new RunButton(verdict == Verdict::Approved ? tr("Approve") : tr("Reject"), this))
{
    setObjectName(u"reviewDialog"_s);
    QSet<QString> keys;
    for (const Finding &finding : findings) {
        const QString key = findingKey(finding);
        if (!finding.accepted && !keys.contains(key)) {
            keys.insert(key);
            m_findings += finding;
        }
    }
    setWindowTitle(verdict == Verdict::Approved ? tr("Approve %1").arg(review.revision.text())
                                                : tr("Reject %1").arg(review.revision.text()));
    auto *pane = new RunPane(RunPane::Window);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(12);
    addHead(column, reviewer);
    addCovered(column);
    if (verdict == Verdict::Approved)
        addFindings(column);
    addComments(column);
    column->addStretch();

    auto *bar = new RunPane(RunPane::Bar);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 10, 16, 10);
    auto *cancel = new RunButton(tr("Cancel"), bar);
    cancel->setObjectName(u"cancelButton"_s);
    m_give->setObjectName(u"giveButton"_s);
    m_give->setTone(verdict == Verdict::Approved ? Tone::Accent : Tone::Bad);
    m_missing->setObjectName(u"missingLabel"_s);
    m_missing->setWordWrap(true);
    row->addWidget(m_missing, 1);
    row->addWidget(cancel);
    row->addWidget(m_give);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_give, &QPushButton::clicked, this, &QDialog::accept);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(RunPane::scrolled(pane), 1);
    layout->addWidget(bar);
    resize(620, 560);
    cancel->setDefault(true);
    (m_asks.isEmpty() ? static_cast<QWidget *>(m_comment) : m_asks.constFirst().edit)->setFocus();
    refresh();
}

void ReviewDialog::addHead(QVBoxLayout *column, const QString &reviewer)
{
    column->addWidget(wrapped(windowTitle(), RunLabel::Title, this));
    auto *who = wrapped(reviewer.isEmpty() ? tr("Who you are is not known yet.") : tr("As %1").arg(reviewer),
                        RunLabel::Muted, this);
    who->setObjectName(u"reviewerLabel"_s);
    column->addWidget(who);
}

void ReviewDialog::addCovered(QVBoxLayout *column)
{
    auto *card = new RunCard(tr("What it covers"), this);
    const auto line = [&](const QString &what, const QString &hash) {
        auto *row = new QHBoxLayout;
        auto *label = new RunLabel(what, RunLabel::Muted, card);
        label->setMinimumWidth(120);
        auto *value = new RunLabel(hash.isEmpty() ? tr("not there, or cannot be rendered")
                                                  : tr("sha256 %1").arg(ReviewText::shortHash(hash)),
                                   hash.isEmpty() ? RunLabel::Muted : RunLabel::Mono, card);
        value->setToolTip(hash);
        row->addWidget(label);
        row->addWidget(value, 1);
        card->body()->addLayout(row);
    };
    line(textName(LineComment::File), m_review.hashes.file);
    line(textName(LineComment::Upgrade), m_review.hashes.upgrade);
    line(textName(LineComment::Downgrade), m_review.hashes.downgrade);
    card->body()->addWidget(
        wrapped(tr("When one of these texts changes, the verdict no longer counts."), RunLabel::Muted, card));
    column->addWidget(card);
}

void ReviewDialog::addFindings(QVBoxLayout *column)
{
    if (m_findings.isEmpty())
        return;
    auto *card = new RunCard(tr("Open findings"), this);
    const qsizetype blocking = std::ranges::count_if(
        m_findings, [](const Finding &finding) { return isBlocking(finding.severity); });
    if (blocking > 0)
        card->setChip({tr("%1 blocking").arg(blocking), Tone::Bad});
    for (const Finding &finding : std::as_const(m_findings)) {
        const bool must = isBlocking(finding.severity);
        const QString where =
            finding.relation.isEmpty() ? QString() : tr(" on %1").arg(finding.relation.text());
        auto *title = wrapped(QString(finding.title + where), RunLabel::Bold, card);
        title->setTone(ReviewText::tone(finding));
        title->setToolTip(finding.message);
        auto *edit = new QLineEdit(card);
        edit->setObjectName(u"reason-"_s + findingKey(finding));
        edit->setPlaceholderText(must ? tr("Why it is right to go on (needed)")
                                      : tr("Why it is right to go on"));
        edit->setAccessibleName(tr("Why to accept: %1").arg(finding.title));
        connect(edit, &QLineEdit::textChanged, this, &ReviewDialog::refresh);
        card->body()->addWidget(title);
        card->body()->addWidget(edit);
        m_asks += {finding, edit};
    }
    column->addWidget(card);
}

void ReviewDialog::addComments(QVBoxLayout *column)
{
    auto *card = new RunCard(tr("Comment"), this);
    for (const LineComment &comment : std::as_const(m_comments)) {
        auto *box = new QWidget(card);
        auto *row = new QHBoxLayout(box);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(
            wrapped(tr("%1, line %2: %3").arg(textName(comment.text)).arg(comment.line).arg(comment.comment),
                    RunLabel::Plain, box),
            1);
        auto *remove = new QToolButton(box);
        remove->setObjectName(u"removeComment"_s);
        remove->setText(tr("Remove"));
        remove->setAccessibleName(tr("Remove the comment on line %1").arg(comment.line));
        remove->setAutoRaise(true);
        remove->setFocusPolicy(Qt::StrongFocus);
        connect(remove, &QToolButton::clicked, this, [this, box, comment] {
            m_comments.removeOne(comment);
            box->hide();
        });
        row->addWidget(remove, 0, Qt::AlignTop);
        card->body()->addWidget(box);
    }
    m_comment->setObjectName(u"commentEdit"_s);
    m_comment->setAccessibleName(tr("Comment on the whole revision"));
    m_comment->setPlaceholderText(m_verdict == Verdict::Approved ? tr("What you looked at (may stay empty)")
                                                                 : tr("What has to change (needed)"));
    m_comment->setTabChangesFocus(true);
    m_comment->setFixedHeight(5 * m_comment->fontMetrics().lineSpacing());
    connect(m_comment, &QPlainTextEdit::textChanged, this, &ReviewDialog::refresh);
    card->body()->addWidget(m_comment);
    column->addWidget(card);
}

QString ReviewDialog::comment() const
{
    return m_comment->toPlainText().trimmed();
}

QList<AcceptedFinding> ReviewDialog::accepted() const
{
    QList<AcceptedFinding> list;
    for (const Ask &ask : m_asks) {
        if (const QString reason = ask.edit->text().trimmed(); !reason.isEmpty())
            list += {findingKey(ask.finding), reason};
    }
    return list;
}

QList<LineComment> ReviewDialog::lineComments() const
{
    return m_comments;
}

QString ReviewDialog::missing() const
{
    if (m_verdict == Verdict::Rejected)
        return comment().isEmpty() && m_comments.isEmpty() ? tr("Say what has to change.") : QString();
    for (const Ask &ask : m_asks) {
        if (isBlocking(ask.finding.severity) && ask.edit->text().trimmed().isEmpty())
            return tr("A blocking finding needs a reason: %1").arg(ask.finding.title);
    }
    return {};
}

void ReviewDialog::refresh()
{
    const QString text = missing();
    m_give->setEnabled(text.isEmpty());
    m_missing->setText(text);
}

} // namespace stepwell
