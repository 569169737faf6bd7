// SPDX-License-Identifier: MIT
#include "views/overviewpage.h"

#include "models/overviewmodel.h"
#include "views/messagecard.h"
#include "views/overviewdelegate.h"
#include "views/tableheader.h"
#include "views/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int twoColumnsFrom = 860;

} // namespace

OverviewPage::OverviewPage(OverviewModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_title(new QLabel)
    , m_facts(new QLabel)
    , m_table(new QTableView)
    , m_grid(new QGridLayout)
{
    setObjectName(u"overviewPage"_s);
    build();
    connect(model, &OverviewModel::summaryChanged, this, &OverviewPage::updateSummary);
    connect(model, &QAbstractItemModel::modelReset, this, &OverviewPage::updateTable);
    const auto open = [this](const QModelIndex &index) {
        if (const auto target = m_model->targetAt(index))
            Q_EMIT targetRequested(*target);
    };
    // One click, as on a link; Enter does the same from the keyboard.
    connect(m_table, &QTableView::clicked, this, open);
    connect(m_table, &QTableView::activated, this, open);
    updateTable();
    updateSummary();
}

void OverviewPage::build()
{
    m_title->setObjectName(u"overviewTitle"_s);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    QFont large = m_title->font();
    large.setBold(true);
    large = theme::scaled(large, 1.3);
    m_title->setFont(large);
    m_facts->setObjectName(u"overviewFacts"_s);

    m_table->setObjectName(u"overviewTable"_s);
    m_table->setAccessibleName(tr("State of each component in each environment"));
    m_table->setHorizontalHeader(new TableHeader(14, 4, m_table));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new OverviewDelegate(m_table));
    m_table->verticalHeader()->setVisible(false);
    m_table->setShowGrid(false);
    m_table->setMouseTracking(true);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);

    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(22, 18, 22, 22);
    column->setSpacing(4);
    column->addWidget(m_title);
    column->addWidget(m_facts);
    column->addSpacing(12);
    column->addWidget(m_table);
    column->addSpacing(14);
    m_grid->setSpacing(14);
    column->addLayout(m_grid);
    column->addStretch();
    auto *area = new QScrollArea;
    area->setObjectName(u"overviewArea"_s);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(page);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(area);
}

void OverviewPage::updateTable()
{
    QHeaderView *header = m_table->horizontalHeader();
    const int rowHeight = 2 * fontMetrics().height() + 42;
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    header->setMinimumSectionSize(fontMetrics().averageCharWidth() * 18);
    header->setSectionResizeMode(QHeaderView::Stretch);
    if (header->count() > 0)
        header->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header->setFixedHeight(header->sizeHint().height());
    const int scrollBar =
        m_table->horizontalScrollBar()->maximum() > 0 ? m_table->horizontalScrollBar()->height() : 0;
    m_table->setFixedHeight(header->height() + rowHeight * m_model->rowCount() + 2 * m_table->frameWidth() +
                            scrollBar);
}

void OverviewPage::updateSummary()
{
    m_title->setText(m_model->title().isEmpty() ? tr("Workspace") : tr("%1 workspace").arg(m_model->title()));
    m_facts->setText(m_model->facts());
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme::mutedText(palette()));
    m_facts->setPalette(muted);

    const QList<Attention> attentions = m_model->attentions();
    if (attentions == m_attentions)
        return;
    m_attentions = attentions;
    while (m_cards.size() < attentions.size()) {
        auto *card = new MessageCard(this);
        connect(card, &MessageCard::actionRequested, this,
                [this, number = m_cards.size()](const QString &name) { act(number, name); });
        m_cards.append(card);
    }
    for (qsizetype i = 0; i < m_cards.size(); ++i) {
        m_cards[i]->setVisible(i < attentions.size());
        if (i >= attentions.size()) {
            m_cards[i]->setObjectName(QString());
            continue;
        }
        const Attention &attention = attentions[i];
        m_cards[i]->setObjectName(u"attention-%1"_s.arg(attention.id.text()));
        m_cards[i]->setMessage(attention.tone, attention.title, attention.text, attention.detail);
        QList<CardAction> actions;
        for (const TargetAction action : attention.actions)
            actions.append({actionName(action), actionText(action)});
        m_cards[i]->setActions(actions);
    }
    placeCards();
}

void OverviewPage::act(qsizetype card, const QString &name)
{
    if (card >= m_attentions.size())
        return;
    const TargetId id = m_attentions[card].id;
    if (name == actionName(TargetAction::Retry))
        Q_EMIT retryRequested(id);
    else if (name == actionName(TargetAction::EnterPassword))
        Q_EMIT passwordRequested(id);
    else if (name == actionName(TargetAction::Resolve))
        Q_EMIT resolveRequested(id);
    else
        Q_EMIT targetRequested(id);
}

void OverviewPage::placeCards()
{
    m_columns = width() >= twoColumnsFrom ? 2 : 1;
    for (MessageCard *card : std::as_const(m_cards))
        m_grid->removeWidget(card);
    for (qsizetype i = 0; i < m_attentions.size(); ++i)
        m_grid->addWidget(m_cards[i], int(i) / m_columns, int(i) % m_columns, Qt::AlignTop);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, m_columns == 2 ? 1 : 0);
}

void OverviewPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_columns != (width() >= twoColumnsFrom ? 2 : 1))
        placeCards();
    updateTable();
}

void OverviewPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        updateSummary();
        updateTable();
    }
}

} // namespace stepwell
