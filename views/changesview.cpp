// SPDX-License-Identifier: MIT
#include "views/changesview.h"

#include "views/codepane.h"
#include "views/codeview.h"
#include "views/runlabel.h"

#include <QComboBox>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int ofReview = -1; // in place of an index of a version

} // namespace

ChangesView::ChangesView(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QWidget(parent), m_choice(new QComboBox(this)), m_pane(new CodePane(repository))
{
    setObjectName(u"changesView"_s);
    m_choice->setObjectName(u"changesChoice"_s);
    m_choice->setAccessibleName(tr("What to compare with"));
    // A long commit message must not make the window wide.
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(24);
    m_pane->code()->setObjectName(u"changesCode"_s);
    m_pane->code()->setAccessibleName(tr("Difference"));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 5, 12, 5);
    row->setSpacing(10);
    auto *label = new RunLabel(tr("Changes since"), RunLabel::Muted, this);
    label->setBuddy(m_choice);
    row->addWidget(label);
    row->addWidget(m_choice, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_pane, 1);
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this] {
        m_asked = false;
        ask();
    });
    clear();
}

void ChangesView::clear()
{
    m_labels.clear();
    m_reviewed = false;
    fill();
}

void ChangesView::setReviewed(bool reviewed)
{
    if (reviewed == m_reviewed)
        return;
    m_reviewed = reviewed;
    fill();
}

void ChangesView::setVersions(const QStringList &labels)
{
    if (labels == m_labels)
        return;
    m_labels = labels;
    fill();
}

void ChangesView::fill()
{
    const QVariant chosen = m_choice->currentData();
    {
        const QSignalBlocker blocker(m_choice);
        m_choice->clear();
        if (m_reviewed)
            m_choice->addItem(tr("the texts that were reviewed"), ofReview);
        for (int i = 0; i < m_labels.size(); ++i)
            m_choice->addItem(m_labels.at(i), i);
        m_choice->setCurrentIndex(qMax(0, m_choice->findData(chosen)));
    }
    m_choice->setEnabled(m_choice->count() > 0);
    if (m_choice->count() > 0 && m_choice->currentData() == chosen)
        return;
    m_asked = false;
    m_pane->code()->setCode({}, u"Diff"_s);
    m_pane->code()->setPlaceholderText(
        m_choice->count() > 0
            ? tr("Reading what changed…")
            : tr("There is nothing to compare with: no review covers an earlier text, and git "
                 "knows no earlier version of the file."));
    if (isVisible())
        ask();
}

void ChangesView::ask()
{
    if (m_asked || m_choice->count() == 0)
        return;
    m_asked = true;
    const int version = m_choice->currentData().toInt();
    if (version == ofReview)
        Q_EMIT reviewedRequested();
    else
        Q_EMIT versionRequested(version);
}

void ChangesView::setDifference(const QString &unifiedDiff)
{
    m_pane->code()->setCode(unifiedDiff, u"Diff"_s);
    m_pane->code()->setPlaceholderText(tr("No difference: the texts are the same."));
}

} // namespace stepwell
