// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

/// The safer way of a finding as code to copy: for the revision file and as SQL.
class SaferWay : public QWidget
{
    Q_OBJECT

public:
    /// Either may be empty.
    SaferWay(KSyntaxHighlighting::Repository &repository, const QString &alembic, const QString &sql,
             QWidget *parent = nullptr);

private:
    void add(KSyntaxHighlighting::Repository &repository, const QString &name, const QString &title,
             const QString &code, const QString &definition);

    QVBoxLayout *m_column;
};

} // namespace stepwell
