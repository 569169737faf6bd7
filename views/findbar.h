// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace stepwell {

class CodeView;

/// A line to find text in a code view with; hidden until it is asked for. Return goes on, Shift+Return goes
/// back, Escape closes it.
class FindBar : public QWidget
{
    Q_OBJECT

public:
    explicit FindBar(CodeView *code, QWidget *parent = nullptr);

    /// Shows itself, with what is selected in the text.
    void open();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void find(bool backwards, bool fromStart = false);
    void tellCount();
    void closeBar();

    CodeView *m_code;
    QLineEdit *m_edit;
    QLabel *m_count;
};

} // namespace stepwell
