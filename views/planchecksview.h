// SPDX-License-Identifier: MIT
#pragma once

#include <QListView>

namespace stepwell {

/// The checks, each as tall as its words need; the list is as tall as its rows, so that the column
/// it stands in scrolls and not the list itself.
class PlanChecksView : public QListView
{
    Q_OBJECT

public:
    explicit PlanChecksView(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitHeight();
};

} // namespace stepwell
