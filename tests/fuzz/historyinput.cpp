// SPDX-License-Identifier: MIT
#include "tests/fuzz/historyinput.h"

namespace stepwell::fuzzing {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostRevisions = 26;
constexpr int mostQuestions = 12;

bool isLetter(char c)
{
    return c >= 'a' && c <= 'z';
}

QString idOf(int letter)
{
    return QString(4, QChar(u'a' + letter)) + QString::number(letter + 1);
}

Revision readRevision(QByteArrayView line, const QList<Revision> &before)
{
    Revision revision{.id = RevisionId(idOf(int(before.size())))};
    for (qsizetype i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const char next = i + 1 < line.size() ? line[i + 1] : '\0';
        if (isLetter(c)) {
            revision.downRevisions += RevisionId(idOf(c - 'a'));
        } else if (c == '!' && !before.isEmpty()) {
            revision.id = before.last().id;
        } else if (c == '+' && isLetter(next)) {
            revision.dependsOn += idOf(next - 'a');
            ++i;
        } else if (c == '+' && next == '#' && i + 2 < line.size()) {
            revision.dependsOn += QString(u'l' + QLatin1Char(line[i + 2]));
            i += 2;
        } else if (c == '#' && next) {
            revision.branchLabels += QString(u'l' + QLatin1Char(next));
            ++i;
        }
    }
    return revision;
}

RevisionIds readRows(QByteArrayView letters)
{
    RevisionIds rows;
    for (const char c : letters) {
        if (isLetter(c))
            rows += RevisionId(idOf(c - 'a'));
        else if (c == '?')
            rows += RevisionId(u"unknown"_s);
    }
    return rows;
}

QString readTarget(QByteArrayView text)
{
    QString target;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z')
            target += idOf(c - 'A');
        else
            target += QLatin1Char(c);
    }
    return target;
}

} // namespace

HistoryInput readHistory(QByteArrayView input)
{
    HistoryInput history;
    while (!input.isEmpty()) {
        const qsizetype end = input.indexOf('\n');
        const QByteArrayView line = end < 0 ? input : input.first(end);
        input = end < 0 ? QByteArrayView() : input.sliced(end + 1);
        const char kind = line.isEmpty() ? '\0' : line.front();
        if (kind == '=' || kind == '<' || kind == '>') {
            const QByteArrayView rest = line.sliced(1);
            if (history.questions.size() < mostQuestions)
                history.questions += {.setsRows = kind == '=',
                                      .rows = kind == '=' ? readRows(rest) : RevisionIds(),
                                      .direction = kind == '<' ? Direction::Downgrade : Direction::Upgrade,
                                      .target = kind == '=' ? QString() : readTarget(rest)};
        } else if (history.revisions.size() < mostRevisions) {
            history.revisions += readRevision(line, history.revisions);
        }
    }
    return history;
}

} // namespace stepwell::fuzzing
