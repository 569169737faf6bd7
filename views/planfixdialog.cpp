// SPDX-License-Identifier: MIT
#include "views/planfixdialog.h"

#include "views/breakabletext.h"
#include "views/codeview.h"
#include "views/confirmnameedit.h"
#include "views/plancode.h"
#include "views/planwarning.h"
#include "views/runbutton.h"
#include "views/runlabel.h"

#include <QHBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int sqlLines = 16; // more scroll

RunLabel *wrapping(const QString &text, RunLabel::Look look, QWidget *parent)
{
    auto *label = new RunLabel(breakable(text), look, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

PlanFixDialog::PlanFixDialog(KSyntaxHighlighting::Repository &repository, const Target &target,
                             const QString &connection, const CheckResult &check, const CheckFix &fix,
                             QWidget *parent)
    : QDialog(parent), m_action(new RunButton(tr("Run this SQL"), this))
{
    setObjectName(u"fixDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(fix.label);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 14);
    column->setSpacing(10);
    column->addWidget(wrapping(fix.label, RunLabel::Title, this));
    column->addWidget(wrapping(tr("%1: %2").arg(check.title, check.text), RunLabel::Muted, this));
    const QString where =
        connection.isEmpty() ? target.id.text() : tr("%1 (%2)").arg(target.id.text(), connection);
    column->addWidget(wrapping(
        fix.statements.size() == 1
            ? tr("This runs in %1, outside of a transaction:").arg(where)
            : tr("These run in %1 one after the other, not in a transaction: if one fails, those before it "
                 "stay done.")
                  .arg(where),
        RunLabel::Plain, this));
    CodeView *sql = makePlanCode(repository, QString(fix.statements.join(u";\n"_s) + u';'),
                                 u"SQL (PostgreSQL)"_s, sqlLines, this);
    sql->setObjectName(u"fixSql"_s);
    sql->setAccessibleName(tr("SQL that will run"));
    // It is read before it runs: nothing of it may be out of sight to the right.
    sql->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    sql->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    sql->setMinimumHeight(sql->minimumHeight() + 2 * sql->fontMetrics().lineSpacing());
    sql->setMaximumHeight(QWIDGETSIZE_MAX);
    column->addWidget(sql, 1);
    if (!fix.warning.isEmpty()) {
        auto *warning = new PlanWarning(u"fixWarning"_s, this);
        warning->setText(fix.warning);
        column->addWidget(warning);
    }

    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    if (target.environment.protection == Protection::Protected) {
        m_confirm = new ConfirmNameEdit(target.id.environment, this);
        m_confirm->setObjectName(u"fixConfirmEdit"_s);
        m_confirm->setNext(m_action);
        connect(m_confirm, &QLineEdit::textChanged, this, &PlanFixDialog::refreshAction);
        m_confirm->addTo(row);
    }
    auto *cancel = new RunButton(tr("Cancel"), this);
    cancel->setObjectName(u"fixCancelButton"_s);
    m_action->setObjectName(u"fixRunButton"_s);
    m_action->setTone(m_confirm ? Tone::Bad : Tone::Accent);
    m_action->setAutoDefault(false);
    row->addStretch();
    row->addWidget(cancel);
    row->addWidget(m_action);
    column->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_action, &QPushButton::clicked, this, &QDialog::accept);
    resize(620, sizeHint().height());
    cancel->setDefault(true);
    cancel->setFocus();
    refreshAction();
}

void PlanFixDialog::refreshAction()
{
    m_action->setEnabled(!m_confirm || m_confirm->isConfirmed());
}

} // namespace stepwell
