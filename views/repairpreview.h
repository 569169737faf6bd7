// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/repair/history.h"
#include "migrations/repair/repairplan.h"
#include "views/stagelist.h"

#include <QWidget>

class QBoxLayout;
class QListWidget;
class QStackedWidget;
class QTabWidget;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodePane;
class MessageCard;
class RepairGraph;
class RunLabel;
class RunProse;

/// What a repair would do: in words, with its warnings; the graph before and after; the files; the databases.
/// GUI thread.
class RepairPreview : public QWidget
{
    Q_OBJECT

public:
    RepairPreview(KSyntaxHighlighting::Repository &repository, const History &history,
                  QWidget *parent = nullptr);

    /// Not where the window's head has it.
    void setTitleShown(bool shown);
    /// In place of a plan: what is being waited for, or why there is none.
    void setNote(const QString &note);
    void setRefusal(const Error &error);
    /// `folder`: what paths of files are told from. `place`: where the graphs open; may be null.
    void setPlan(const RepairPlan &plan, const QString &folder, const RevisionId &place);

private:
    [[nodiscard]] QWidget *makeWords();
    [[nodiscard]] QWidget *makeGraphs();
    [[nodiscard]] QWidget *makeFiles(KSyntaxHighlighting::Repository &repository);
    [[nodiscard]] QWidget *makeDatabases();
    void tellWarnings(const RepairPlan &plan);
    void fillFiles();
    void showFile(int row);

    RevisionMap m_before;
    EnvironmentColours m_colours;
    QList<FileChange> m_changes;
    QString m_folder;
    QStackedWidget *m_stack;
    RunLabel *m_note;
    MessageCard *m_refusal;
    RunLabel *m_title;
    RunProse *m_text;
    QBoxLayout *m_warnings;
    QTabWidget *m_tabs;
    RepairGraph *m_graphBefore;
    RepairGraph *m_graphAfter;
    QListWidget *m_files;
    CodePane *m_code;
    StageList *m_stages;
    RunLabel *m_databasesNote;
};

} // namespace stepwell
