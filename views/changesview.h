// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QComboBox;

namespace KSyntaxHighlighting {
class Repository;
}

namespace stepwell {

class CodePane;

/// What changed: since it was reviewed, or between the file of some commit and the file as it is.
class ChangesView : public QWidget
{
    Q_OBJECT

public:
    explicit ChangesView(KSyntaxHighlighting::Repository &repository, QWidget *parent = nullptr);

    void clear();
    /// Whether there is an earlier review to compare with; it is the first choice then.
    void setReviewed(bool reviewed);
    /// The versions of the file that git knows, newest first: "9f2c41a 2026-11-18 Ada: Index sessions".
    void setVersions(const QStringList &labels);
    /// A unified difference; empty: the texts are the same.
    void setDifference(const QString &unifiedDiff);
    /// Asks for what is chosen, if it was not asked for yet.
    void ask();

Q_SIGNALS:
    void reviewedRequested();           ///< answer with setDifference()
    void versionRequested(int version); ///< index into the labels; likewise

private:
    void fill();

    QComboBox *m_choice;
    CodePane *m_pane;
    QStringList m_labels;
    bool m_reviewed = false;
    bool m_asked = false;
};

} // namespace stepwell
