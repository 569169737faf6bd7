// SPDX-License-Identifier: MIT
#include "views/credentialspage.h"

#include "views/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr int indexRole = Qt::UserRole;

QIcon colourMark(const QColor &colour)
{
    QPixmap mark(6, 16);
    mark.fill(Qt::transparent);
    QPainter painter(&mark);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0, 0, 5, 16), 2, 2);
    return QIcon(mark);
}

QString policyText(const Environment &environment)
{
    const QString protection = environment.protection == Protection::Protected
                                   ? CredentialsPage::tr("protected")
                                   : CredentialsPage::tr("open");
    switch (environment.backup) {
    case BackupPolicy::Required:
        return CredentialsPage::tr("%1, backup required").arg(protection);
    case BackupPolicy::Offer:
        return CredentialsPage::tr("%1, backup offered").arg(protection);
    case BackupPolicy::Off:
        break;
    }
    return CredentialsPage::tr("%1, no backup").arg(protection);
}

} // namespace

CredentialsPage::CredentialsPage(QWidget *parent)
    : QWidget(parent)
    , m_file(new QLabel)
    , m_tree(new QTreeWidget)
    , m_password(new QPushButton(tr("Enter the password…")))
    , m_forget(new QPushButton(tr("Forget the password")))
{
    auto *title = new QLabel(tr("Environments and credentials"));
    QFont font = title->font();
    font = theme::scaled(font, 1.4);
    font.setBold(true);
    title->setFont(font);
    m_file->setObjectName(u"workspaceFile"_s);
    m_file->setWordWrap(true);
    m_file->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_tree->setObjectName(u"credentialsTree"_s);
    m_tree->setAccessibleName(tr("Targets and their credentials"));
    m_tree->setHeaderLabels({tr("Target"), tr("Database"), tr("Files"), tr("Password")});
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_password->setObjectName(u"enterPassword"_s);
    m_forget->setObjectName(u"forgetPassword"_s);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_password);
    buttons->addWidget(m_forget);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 18);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addWidget(m_file);
    layout->addWidget(m_tree, 1);
    layout->addLayout(buttons);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &CredentialsPage::updateButtons);
    connect(m_password, &QPushButton::clicked, this, [this] { Q_EMIT passwordRequested(selected()); });
    connect(m_forget, &QPushButton::clicked, this, [this] { Q_EMIT forgetRequested(selected()); });
    connect(m_file, &QLabel::linkActivated, this, [this] { Q_EMIT openFileRequested(m_path); });
    updateButtons();
}

void CredentialsPage::setWorkspace(const Workspace &workspace)
{
    m_path = workspace.directory + u"/stepwell.toml"_s;
    m_file->setText(tr("Targets and policies are written in <a href=\"edit\">%1</a>. Passwords are never "
                       "kept there: they come from "
                       "the desktop's secret service, from .pgpass or a service file, or are typed.")
                        .arg(m_path.toHtmlEscaped()));
    m_tree->clear();
    m_rows.clear();
    for (const Environment &environment : workspace.environments) {
        auto *item = new QTreeWidgetItem(m_tree, {environment.name, policyText(environment)});
        item->setIcon(0, colourMark(theme::environmentBar(environment.colour, palette())));
        item->setFlags(Qt::ItemIsEnabled);
        QFont bold = font();
        bold.setBold(true);
        item->setFont(0, bold);
        item->setExpanded(true);
    }
}

void CredentialsPage::setRows(const QList<CredentialRow> &rows)
{
    const TargetId before = selected();
    m_rows = rows;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        qDeleteAll(m_tree->topLevelItem(i)->takeChildren());
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const CredentialRow &row = rows.at(i);
        const QList<QTreeWidgetItem *> parents = m_tree->findItems(row.target.environment, Qt::MatchExactly);
        if (parents.isEmpty())
            continue;
        auto *item = new QTreeWidgetItem(
            parents.first(), {row.target.component, row.databaseText, row.config, row.passwordText});
        item->setData(0, indexRole, i);
        item->setFont(1, theme::monospace());
        for (int column = 1; column < 4; ++column)
            item->setToolTip(column, item->text(column));
        if (row.target == before)
            m_tree->setCurrentItem(item);
    }
    m_tree->expandAll();
    for (int column = 0; column < 2; ++column)
        m_tree->resizeColumnToContents(column);
    m_tree->setColumnWidth(1, std::min(m_tree->columnWidth(1), 420));
    m_tree->setColumnWidth(2, 320);
    updateButtons();
}

TargetId CredentialsPage::selected() const
{
    const QTreeWidgetItem *item = m_tree->currentItem();
    const QVariant index = item ? item->data(0, indexRole) : QVariant();
    return index.isValid() ? m_rows.at(index.toLongLong()).target : TargetId();
}

void CredentialsPage::updateButtons()
{
    const auto row = std::ranges::find(m_rows, selected(), &CredentialRow::target);
    m_password->setEnabled(row != m_rows.end());
    m_forget->setEnabled(row != m_rows.end() && row->canForget);
}

} // namespace stepwell
