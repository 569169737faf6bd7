// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/journal/journalentry.h"

#include <QSortFilterProxyModel>

#include <optional>

namespace stepwell {

/// Runs of a JournalModel that fit all that was chosen, and whose text or statements hold every word that was
/// typed. GUI thread.
class JournalFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit JournalFilterModel(QObject *parent = nullptr);

    void setTarget(const QString &target); ///< "environment/component"; empty: all
    void setText(const QString &text);
    void setKind(std::optional<RunKind> kind);         ///< none: all
    void setOutcome(std::optional<Outcome> outcome);   ///< none: all
    void setSince(const QDateTime &since);             ///< of the start; invalid: all
    [[nodiscard]] QList<JournalEntry> entries() const; ///< those that fit, in the order shown

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    [[nodiscard]] bool holdsWord(const QModelIndex &index, const QString &word) const;

    QString m_target;
    QStringList m_words;
    std::optional<RunKind> m_kind;
    std::optional<Outcome> m_outcome;
    QDateTime m_since;
};

} // namespace stepwell
