// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodeView;

/// A code view with a find bar below it and, if wanted, a caption above.
class CodePane : public QWidget
{
    Q_OBJECT

public:
    explicit CodePane(KSyntaxHighlighting::Repository &repository, const QString &caption = {},
                      QWidget *parent = nullptr);

    [[nodiscard]] CodeView *code() const { return m_code; }

private:
    CodeView *m_code;
};

} // namespace stepwell
