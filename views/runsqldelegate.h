// SPDX-License-Identifier: MIT
#pragma once

#include "views/runcelldelegate.h"

#include <memory>

namespace KSyntaxHighlighting {
class Repository;
} // namespace KSyntaxHighlighting

namespace stepwell {

/// One statement on one line, highlighted. Only what is painted is highlighted.
class RunSqlDelegate : public RunCellDelegate
{
    Q_OBJECT

public:
    explicit RunSqlDelegate(KSyntaxHighlighting::Repository &repository, QObject *parent = nullptr);
    ~RunSqlDelegate() override;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    class Line;
    KSyntaxHighlighting::Repository &m_repository;
    std::unique_ptr<Line> m_line;
};

} // namespace stepwell
