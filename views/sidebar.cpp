// SPDX-License-Identifier: MIT
#include "views/sidebar.h"

#include "models/targettreemodel.h"
#include "views/sidebarentry.h"
#include "views/targetdelegate.h"
#include "views/theme.h"

#include <QEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

Sidebar::Sidebar(TargetTreeModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_tree(new QTreeView)
    , m_overview(makeEntry(u"overviewEntry"_s, tr("Overview"), Place::Overview, &Sidebar::overviewSelected))
    , m_doctor(makeEntry(u"doctorEntry"_s, tr("Doctor"), Place::Doctor, &Sidebar::doctorSelected))
    , m_journal(makeEntry(u"journalEntry"_s, tr("Journal"), Place::Journal, &Sidebar::journalSelected))
    , m_backups(makeEntry(u"backupsEntry"_s, tr("Backups"), Place::Backups, &Sidebar::backupsSelected))
    , m_settings(makeEntry(u"settingsEntry"_s, tr("Environments & credentials"), Place::Settings,
                           &Sidebar::settingsSelected))
    , m_bottom(new QWidget)
{
    setObjectName(u"sidebar"_s);
    m_overview->setBold(true);
    m_tree->setObjectName(u"targetTree"_s);
    m_tree->setAccessibleName(tr("Targets by environment"));
    m_tree->setModel(model);
    m_tree->setItemDelegate(new TargetDelegate(m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setItemsExpandable(false);
    m_tree->setIndentation(0);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setMouseTracking(true);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->expandAll();
    connect(model, &QAbstractItemModel::modelReset, m_tree, &QTreeView::expandAll);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (const auto target = m_model->targetAt(index)) {
                    showTarget(*target);
                    Q_EMIT targetSelected(*target);
                }
            });
    // A click on the target that was left for another place changes no index, but means it.
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        const auto target = m_model->targetAt(index);
        if (target && m_place != Place::Target) {
            showTarget(*target);
            Q_EMIT targetSelected(*target);
        }
    });

    auto *bottom = new QVBoxLayout(m_bottom);
    bottom->setContentsMargins(0, 3, 0, 3);
    bottom->setSpacing(0);
    bottom->addWidget(m_doctor);
    bottom->addWidget(m_journal);
    bottom->addWidget(m_backups);
    bottom->addWidget(m_settings);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 1, 0);
    column->setSpacing(0);
    column->addWidget(m_overview);
    column->addWidget(m_tree, 1);
    column->addWidget(m_bottom);
    setMinimumWidth(180);
    applyColours();
    showPlace(Place::Overview);
}

SidebarEntry *Sidebar::makeEntry(const QString &name, const QString &text, Place place,
                                 void (Sidebar::*signal)())
{
    auto *entry = new SidebarEntry(text, this);
    entry->setObjectName(name);
    connect(entry, &QAbstractButton::clicked, this, [this, place, signal] {
        showPlace(place);
        Q_EMIT(this->*signal)();
    });
    return entry;
}

void Sidebar::setDoctorCount(const QString &text)
{
    m_doctor->setCount(text);
}

void Sidebar::setJournalCount(const QString &text)
{
    m_journal->setCount(text);
}

void Sidebar::setBackupCount(const QString &text)
{
    m_backups->setCount(text);
}

void Sidebar::showPlace(Place place)
{
    m_place = place;
    m_overview->setChecked(place == Place::Overview);
    m_doctor->setChecked(place == Place::Doctor);
    m_journal->setChecked(place == Place::Journal);
    m_backups->setChecked(place == Place::Backups);
    m_settings->setChecked(place == Place::Settings);
    if (place == Place::Target)
        return;
    const QSignalBlocker silent(m_tree->selectionModel());
    m_tree->setCurrentIndex({});
    m_tree->viewport()->update();
}

void Sidebar::showTarget(const TargetId &id)
{
    showPlace(Place::Target);
    const QModelIndex index = m_model->indexOf(id);
    if (m_tree->currentIndex() == index)
        return;
    const QSignalBlocker silent(m_tree->selectionModel());
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
    m_tree->viewport()->update();
}

void Sidebar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme::panel(palette()));
    const QColor line = theme::hairline(palette());
    painter.fillRect(QRect(width() - 1, 0, 1, height()), line);
    painter.fillRect(QRect(0, m_bottom->y(), width(), 1), line);
}

void Sidebar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColours();
}

void Sidebar::applyColours()
{
    QPalette flat = palette();
    flat.setColor(QPalette::Base, theme::panel(palette()));
    m_tree->setPalette(flat);
}

} // namespace stepwell
