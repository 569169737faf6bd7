// SPDX-License-Identifier: MIT
#include "views/revisiondetails.h"

#include "views/runlabel.h"

#include <QFormLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

RevisionDetails::RevisionDetails(QWidget *parent) : QScrollArea(parent)
{
    setObjectName(u"detailsArea"_s);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setBackgroundRole(QPalette::Base);
    auto *page = new QWidget;
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    m_form = new QFormLayout(page);
    m_form->setContentsMargins(16, 12, 16, 12);
    m_form->setHorizontalSpacing(20);
    m_form->setVerticalSpacing(6);
    m_form->setLabelAlignment(Qt::AlignLeft);
    m_form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    setWidget(page);
}

void RevisionDetails::clear()
{
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
}

void RevisionDetails::add(const QString &name, const QString &label, const QString &text, bool fixed)
{
    if (text.isEmpty())
        return;
    auto *value = new RunLabel(text, fixed ? RunLabel::Mono : RunLabel::Plain);
    value->setObjectName(u"detail-%1"_s.arg(name));
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_form->addRow(new RunLabel(label, RunLabel::Muted), value);
}

void RevisionDetails::showRevision(const RevisionRow &row, const Revision *revision,
                                   const RevisionIds &children)
{
    clear();
    add(u"id"_s, tr("Revision"), row.id.text(), true);
    add(u"state"_s, tr("State"), row.stateText.text);
    if (!revision) {
        add(u"message"_s, tr("Message"), row.message);
        return;
    }
    add(u"message"_s, tr("Message"),
        revision->longMessage.isEmpty() ? revision->message : revision->longMessage);
    add(u"follows"_s, tr("Follows"), toText(revision->downRevisions), true);
    add(u"children"_s, tr("Followed by"), children.isEmpty() ? tr("nothing: a head") : toText(children),
        true);
    add(u"depends"_s, tr("Depends on"), revision->dependsOn.join(u", "_s), true);
    add(u"labels"_s, tr("Branch labels"), revision->branchLabels.join(u", "_s));
    add(u"rollback"_s, tr("Way back"), row.rollback.text);
    add(u"risk"_s, tr("Risk"), row.risk.text);
    add(u"notes"_s, tr("Notes"), row.notes.text);
    add(u"created"_s, tr("Created"), QLocale().toString(revision->created, QLocale::ShortFormat));
    add(u"file"_s, tr("File"), revision->file, true);
}

} // namespace stepwell
