// SPDX-License-Identifier: MIT
#pragma once

#include <QHashFunctions>
#include <QList>
#include <QString>
#include <QStringList>

namespace stepwell {

/// The full identifier of one revision. Never a partial id, a label or a symbol such as `head`.
class RevisionId
{
public:
    RevisionId() = default;
    explicit RevisionId(QString text) : m_text(std::move(text)) {}

    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.isEmpty(); }

    auto operator<=>(const RevisionId &) const = default;
    bool operator==(const RevisionId &) const = default;
    friend size_t qHash(const RevisionId &id, size_t seed = 0) { return ::qHash(id.m_text, seed); }

private:
    QString m_text;
};

/// Rows of a version table, or any other short list of revisions. The order is the reader's.
using RevisionIds = QList<RevisionId>;

[[nodiscard]] RevisionIds toRevisionIds(const QStringList &texts);
[[nodiscard]] QStringList toTexts(const RevisionIds &ids);
/// "a, b", or "base" for an empty list.
[[nodiscard]] QString toText(const RevisionIds &ids);
/// True if both hold the same ids, in whatever order.
[[nodiscard]] bool sameSet(const RevisionIds &left, const RevisionIds &right);

} // namespace stepwell
