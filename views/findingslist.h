// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/lint/finding.h"

#include <QScrollArea>

class QVBoxLayout;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class FindingCard;

/// Findings as cards, one below the other.
class FindingsList : public QWidget
{
    Q_OBJECT

public:
    explicit FindingsList(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    void setFindings(const QList<Finding> &findings);
    void setAcceptable(bool acceptable);
    /// Marks the cards of a statement; -1: none. Returns the first of them or null.
    FindingCard *markStatement(int statement);
    [[nodiscard]] const QList<FindingCard *> &cards() const { return m_cards; }
    [[nodiscard]] QVBoxLayout *column() const { return m_column; }

Q_SIGNALS:
    void findingActivated(const stepwell::Finding &finding);
    void acceptRequested(const stepwell::Finding &finding, const QString &reason);

private:
    KSyntaxHighlighting::Repository &m_repository;
    QVBoxLayout *m_column;
    QList<FindingCard *> m_cards;
    QList<Finding> m_findings;
    bool m_acceptable = true;
};

/// The list in a column of its own that scrolls.
class FindingsColumn : public QScrollArea
{
    Q_OBJECT

public:
    explicit FindingsColumn(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    [[nodiscard]] FindingsList *list() const { return m_list; }
    /// Marks the cards of a statement and scrolls to the first.
    void showStatement(int statement);

private:
    FindingsList *m_list;
};

} // namespace stepwell
