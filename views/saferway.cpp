// SPDX-License-Identifier: MIT
#include "views/saferway.h"

#include "views/codeview.h"
#include "views/runlabel.h"

#include <QClipboard>
#include <QScrollBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int maximalLines = 14; // more scroll

} // namespace

SaferWay::SaferWay(KSyntaxHighlighting::Repository &repository, const QString &alembic, const QString &sql,
                   QWidget *parent)
    : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(2);
    add(repository, u"Alembic"_s, tr("In the revision file"), alembic, u"Python"_s);
    add(repository, u"Sql"_s, tr("As SQL"), sql, u"SQL (PostgreSQL)"_s);
}

void SaferWay::add(KSyntaxHighlighting::Repository &repository, const QString &name, const QString &title,
                   const QString &code, const QString &definition)
{
    if (code.trimmed().isEmpty())
        return;
    auto *copy = new QToolButton(this);
    copy->setObjectName(u"copySafer"_s + name);
    copy->setText(tr("Copy"));
    copy->setAccessibleName(tr("Copy the safer way: %1").arg(title));
    copy->setAutoRaise(true);
    copy->setFocusPolicy(Qt::StrongFocus);
    connect(copy, &QToolButton::clicked, this, [code] { QGuiApplication::clipboard()->setText(code); });
    auto *head = new QHBoxLayout;
    head->addWidget(new RunLabel(title, RunLabel::Muted, this), 1);
    head->addWidget(copy);
    m_column->addLayout(head);

    auto *view = new CodeView(repository, this);
    view->setObjectName(u"safer"_s + name);
    view->setAccessibleName(title);
    view->setGutterShown(false);
    view->setFrameShape(QFrame::StyledPanel);
    view->setTabChangesFocus(true);
    const QString text = code.trimmed();
    view->setCode(text, definition);
    const int all = int(text.count(u'\n')) + 1;
    const int lines = qMin(maximalLines, all);
    if (lines == all)
        view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setFixedHeight(lines * view->fontMetrics().lineSpacing() +
                         2 * int(view->document()->documentMargin()) + 2 * view->frameWidth() +
                         view->horizontalScrollBar()->sizeHint().height() + 2);
    m_column->addWidget(view);
}

} // namespace stepwell
