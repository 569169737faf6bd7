// SPDX-License-Identifier: MIT
#include "views/welcomepage.h"

#include "views/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int columnWidth = 480;

QLabel *makeLabel(const QString &text, double scale, bool bold)
{
    auto *label = new QLabel(text);
    label->setWordWrap(true);
    QFont font = theme::scaled(label->font(), scale);
    font.setBold(bold);
    label->setFont(font);
    return label;
}

} // namespace

WelcomePage::WelcomePage(QWidget *parent) : QWidget(parent), m_recentBox(new QWidget), m_recent(nullptr)
{
    setObjectName(u"welcomePage"_s);
    auto *box = new QWidget;
    box->setMaximumWidth(columnWidth);
    auto *column = new QVBoxLayout(box);
    column->setSpacing(6);
    column->addWidget(makeLabel(tr("Stepwell"), 1.9, true));
    column->addWidget(makeLabel(
        tr("Alembic migrations on PostgreSQL: seen, reviewed, backed up, run and rolled back."), 1.0, false));
    column->addSpacing(14);
    connect(makeChoice(column, u"openButton"_s, tr("Open a workspace…"),
                       tr("A folder with a stepwell.toml, as your team shares it.")),
            &QPushButton::clicked, this, &WelcomePage::openRequested);
    connect(makeChoice(column, u"newButton"_s, tr("Make a new workspace…"),
                       tr("Choose a folder with an alembic.ini. Stepwell writes the stepwell.toml for it.")),
            &QPushButton::clicked, this, &WelcomePage::newRequested);
    connect(
        makeChoice(
            column, u"demoButton"_s, tr("Open the demo"),
            tr("Three components in three environments on a private server of its own, to try everything.")),
        &QPushButton::clicked, this, &WelcomePage::demoRequested);

    m_recent = new QVBoxLayout(m_recentBox);
    m_recent->setContentsMargins(0, 14, 0, 0);
    m_recent->setSpacing(2);
    m_recent->addWidget(makeLabel(tr("Opened before"), 1.0, true));
    m_recentBox->setVisible(false);
    column->addWidget(m_recentBox);

    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(box, 8);
    row->addStretch(1);
    auto *whole = new QVBoxLayout(this);
    whole->addStretch(1);
    whole->addLayout(row);
    whole->addStretch(2);
}

QPushButton *WelcomePage::makeChoice(QVBoxLayout *column, const QString &name, const QString &text,
                                     const QString &explanation)
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    button->setAccessibleDescription(explanation);
    button->setMinimumSize(220, button->fontMetrics().height() + 16);
    column->addWidget(button, 0, Qt::AlignLeft);
    column->addWidget(makeLabel(explanation, 0.95, false));
    column->addSpacing(8);
    return button;
}

void WelcomePage::setRecent(const QStringList &folders)
{
    const auto old = m_recentBox->findChildren<QPushButton *>();
    for (QPushButton *button : old) {
        m_recent->removeWidget(button);
        button->setParent(nullptr);
        button->deleteLater();
    }
    for (const QString &folder : folders) {
        auto *button = new QPushButton(m_recentBox);
        button->setObjectName(u"recentButton"_s);
        button->setText(button->fontMetrics().elidedText(folder, Qt::ElideMiddle, columnWidth - 60));
        button->setToolTip(folder);
        button->setAccessibleName(folder);
        button->setFlat(true);
        connect(button, &QPushButton::clicked, this, [this, folder] { Q_EMIT recentRequested(folder); });
        m_recent->addWidget(button, 0, Qt::AlignLeft);
    }
    m_recentBox->setVisible(!folders.isEmpty());
}

} // namespace stepwell
