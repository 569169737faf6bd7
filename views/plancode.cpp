// SPDX-License-Identifier: MIT
#include "views/plancode.h"

#include "views/codeview.h"

#include <QScrollBar>

namespace stepwell {

CodeView *makePlanCode(KSyntaxHighlighting::Repository &repository, const QString &text,
                       const QString &definition, int maximalLines, QWidget *parent)
{
    auto *view = new CodeView(repository, parent);
    view->setGutterShown(false);
    view->setFrameShape(QFrame::StyledPanel);
    view->setTabChangesFocus(true);
    view->setCode(text, definition);
    const int all = int(text.count(u'\n')) + 1;
    const int lines = qMin(maximalLines, all);
    if (lines == all)
        view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setFixedHeight(lines * view->fontMetrics().lineSpacing() +
                         2 * int(view->document()->documentMargin()) + 2 * view->frameWidth() +
                         view->horizontalScrollBar()->sizeHint().height() + 2);
    return view;
}

} // namespace stepwell
