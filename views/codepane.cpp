// SPDX-License-Identifier: MIT
#include "views/codepane.h"

#include "views/codeview.h"
#include "views/findbar.h"
#include "views/runlabel.h"

namespace stepwell {

CodePane::CodePane(KSyntaxHighlighting::Repository &repository, const QString &caption, QWidget *parent)
    : QWidget(parent), m_code(new CodeView(repository))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    if (!caption.isEmpty()) {
        auto *label = new RunLabel(caption, RunLabel::Muted, this);
        label->setContentsMargins(12, 4, 12, 4);
        column->addWidget(label);
    }
    column->addWidget(m_code, 1);
    column->addWidget(new FindBar(m_code));
}

} // namespace stepwell
