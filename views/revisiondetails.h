// SPDX-License-Identifier: MIT
#pragma once

#include "models/revisionlistmodel.h"

#include <QScrollArea>

class QFormLayout;

namespace stepwell {

/// What the file and the graph tell of a revision, as labelled values.
class RevisionDetails : public QScrollArea
{
    Q_OBJECT

public:
    explicit RevisionDetails(QWidget *parent = nullptr);

    void clear();
    /// `revision` is null for a row without a file.
    void showRevision(const RevisionRow &row, const Revision *revision, const RevisionIds &children);

private:
    void add(const QString &name, const QString &label, const QString &text, bool fixed = false);

    QFormLayout *m_form;
};

} // namespace stepwell
