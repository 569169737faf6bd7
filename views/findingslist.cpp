// SPDX-License-Identifier: MIT
#include "views/findingslist.h"

#include "views/findingcard.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

FindingsList::FindingsList(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QWidget(parent), m_repository(repository), m_column(new QVBoxLayout(this))
{
    setObjectName(u"findingsList"_s);
    setAccessibleName(tr("Findings"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
}

void FindingsList::setFindings(const QList<Finding> &findings)
{
    if (findings == m_findings)
        return;
    m_findings = findings;
    for (FindingCard *card : std::as_const(m_cards)) {
        m_column->removeWidget(card);
        // A card may be what asked for this.
        card->hide();
        card->setParent(nullptr);
        card->deleteLater();
    }
    m_cards.clear();
    int place = 0;
    for (const Finding &finding : findings) {
        auto *card = new FindingCard(m_repository, finding, this);
        card->setAcceptable(m_acceptable);
        connect(card, &FindingCard::activated, this,
                [this, card] { Q_EMIT findingActivated(Finding(card->finding())); });
        connect(card, &FindingCard::acceptRequested, this, [this, card](const QString &reason) {
            Q_EMIT acceptRequested(Finding(card->finding()), reason);
        });
        m_column->insertWidget(place++, card);
        m_cards += card;
    }
}

void FindingsList::setAcceptable(bool acceptable)
{
    m_acceptable = acceptable;
    for (FindingCard *card : std::as_const(m_cards))
        card->setAcceptable(acceptable);
}

FindingCard *FindingsList::markStatement(int statement)
{
    FindingCard *first = nullptr;
    for (FindingCard *card : std::as_const(m_cards)) {
        const bool marked = statement >= 0 && card->finding().statement == statement;
        card->setMarked(marked);
        if (marked && !first)
            first = card;
    }
    return first;
}

FindingsColumn::FindingsColumn(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QScrollArea(parent), m_list(new FindingsList(repository))
{
    setObjectName(u"findingsColumn"_s);
    setAccessibleName(tr("Findings beside the SQL"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    setMinimumWidth(190);
    setFocusPolicy(Qt::NoFocus); // the cards have it
    m_list->column()->setContentsMargins(10, 10, 10, 10);
    m_list->column()->addStretch();
    setWidget(m_list);
}

void FindingsColumn::showStatement(int statement)
{
    if (FindingCard *card = m_list->markStatement(statement))
        ensureWidgetVisible(card, 0, 10);
}

} // namespace stepwell
