// SPDX-License-Identifier: MIT
#pragma once

#include "models/attention.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QTableView;

namespace stepwell {

class MessageCard;
class OverviewModel;

/// Every component in every environment, and below what needs attention.
class OverviewPage : public QWidget
{
    Q_OBJECT

public:
    /// `model` must outlive the page.
    explicit OverviewPage(OverviewModel *model, QWidget *parent = nullptr);

Q_SIGNALS:
    void targetRequested(const stepwell::TargetId &id); ///< show it
    void retryRequested(const stepwell::TargetId &id);
    void resolveRequested(const stepwell::TargetId &target);
    void passwordRequested(const stepwell::TargetId &id);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void build();
    void updateSummary();
    void updateTable();
    void placeCards();
    void act(qsizetype card, const QString &name);

    OverviewModel *m_model;
    QLabel *m_title;
    QLabel *m_facts;
    QTableView *m_table;
    QGridLayout *m_grid;
    QList<MessageCard *> m_cards;
    QList<Attention> m_attentions;
    int m_columns = 0;
};

} // namespace stepwell
