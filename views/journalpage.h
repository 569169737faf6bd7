// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QStackedWidget;
class QTableView;
class QTextBrowser;

namespace stepwell {

class JournalFilterModel;
class JournalModel;
class RunButton;
class RunLabel;

/// What was done, by whom, when, to which database: the runs of the journal and one of them in full.
class JournalPage : public QWidget
{
    Q_OBJECT

public:
    enum class Format { Csv, Json };

    explicit JournalPage(QWidget *parent = nullptr);

    /// Newest first. Keeps filter, selection and place.
    void setEntries(const QList<JournalEntry> &entries);
    /// Selects a run and clears a filter that hides it; false if the journal does not have it.
    bool showEntry(qint64 id);
    /// Only runs of one target ("environment/component"); empty for all.
    void setTarget(const QString &target);

Q_SIGNALS:
    /// The runs that fit the filter, in the order shown, are to be saved.
    void exportRequested(const QList<stepwell::JournalEntry> &entries, stepwell::JournalPage::Format format);
    /// The report of the selected run is to be saved.
    void reportRequested(const stepwell::JournalEntry &entry);

protected:
    void changeEvent(QEvent *event) override;

private:
    void makeTable();
    [[nodiscard]] QWidget *makeFilters();
    [[nodiscard]] QWidget *makeDetails();
    [[nodiscard]] QComboBox *makeChoice(const QString &name, const QString &accessibleName);
    void fillChoices();
    void fillTargets();
    void clearFilters();
    void showSelected();
    void showState();
    [[nodiscard]] const JournalEntry *selected() const;

    JournalModel *m_model;
    JournalFilterModel *m_filter;
    QComboBox *m_target;
    QComboBox *m_kind;
    QComboBox *m_outcome;
    QComboBox *m_time;
    QLineEdit *m_text;
    RunButton *m_export;
    RunButton *m_report;
    QStackedWidget *m_stack;
    QTableView *m_table;
    QTextBrowser *m_details;
    QWidget *m_content;
    RunLabel *m_empty;
};

} // namespace stepwell
