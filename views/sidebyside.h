// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/review/stepreview.h"

#include <QSplitter>

#include <array>

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodePane;

/// The way up and the way down next to each other: does the one undo the other?
class SideBySide : public QSplitter
{
    Q_OBJECT

public:
    explicit SideBySide(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    void clear(const QString &note);
    void setSql(const RenderedSql &sql);
    void setReview(const StepReview &review);
    /// Why there is no SQL that way.
    void setNote(Direction direction, const QString &note);

private:
    [[nodiscard]] CodePane *pane(Direction direction) const { return m_panes[size_t(direction)]; }

    std::array<CodePane *, 2> m_panes; ///< by Direction
};

} // namespace stepwell
