// SPDX-License-Identifier: MIT
#include "app/cli/checkresults.h"

#include <QJsonArray>

#include <algorithm>

namespace stepwell::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype markWidth = 9;

QString markOf(CheckState state)
{
    switch (state) {
    case CheckState::Passed:
        return u"ok"_s;
    case CheckState::Warning:
        return u"warning"_s;
    case CheckState::Failed:
        break;
    }
    return u"FAILED"_s;
}

const char *colourOf(CheckState state)
{
    switch (state) {
    case CheckState::Passed:
        return "32";
    case CheckState::Warning:
        return "33";
    case CheckState::Failed:
        break;
    }
    return "31";
}

QString withStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence : QString(sentence + u'.');
}

ErrorKind kindOf(const QList<CheckResult> &failed)
{
    if (std::ranges::contains(failed, u"connection"_s, &CheckResult::name))
        return ErrorKind::ConnectionFailed;
    // Waiting helps only if nothing else is in the way.
    const bool locked =
        std::ranges::all_of(failed, [](const CheckResult &check) { return check.name == "run-lock"_L1; });
    return locked ? ErrorKind::Locked : ErrorKind::Refused;
}

} // namespace

QString checkStateName(CheckState state)
{
    switch (state) {
    case CheckState::Passed:
        return u"passed"_s;
    case CheckState::Warning:
        return u"warning"_s;
    case CheckState::Failed:
        break;
    }
    return u"failed"_s;
}

QJsonObject toJson(const CheckFix &fix)
{
    return {{u"label"_s, fix.label},
            {u"statements"_s, QJsonArray::fromStringList(fix.statements)},
            {u"warning"_s, fix.warning}};
}

QString toText(const CheckFix &fix)
{
    QString text = u"-- "_s + fix.label + u'\n';
    if (!fix.warning.isEmpty())
        text += u"-- "_s + fix.warning + u'\n';
    for (const QString &statement : fix.statements)
        text += statement + u";\n"_s;
    return text;
}

QJsonObject toJson(const CheckResult &check)
{
    QJsonArray fixes;
    for (const CheckFix &fix : check.fixes)
        fixes += toJson(fix);
    return {{u"check"_s, check.name},
            {u"title"_s, check.title},
            {u"state"_s, checkStateName(check.state)},
            {u"text"_s, check.text},
            {u"hint"_s, check.hint},
            {u"details"_s, QJsonArray::fromStringList(check.details)},
            {u"fixes"_s, fixes}};
}

QJsonArray toJson(const QList<CheckResult> &checks)
{
    QJsonArray array;
    for (const CheckResult &check : checks)
        array += toJson(check);
    return array;
}

QString toText(const CheckResult &check, qsizetype width, const FileContext &context)
{
    const QString mark = markOf(check.state);
    const QString indent(markWidth, u' ');
    QString text = context.coloured(mark, colourOf(check.state)) + QString(markWidth - mark.size(), u' ') +
                   check.title.leftJustified(width) + u"  "_s + check.text + u'\n';
    if (!check.hint.isEmpty())
        text += indent + check.hint + u'\n';
    for (const QString &detail : check.details)
        text += indent + u"| "_s + detail + u'\n';
    return text;
}

QString toText(const QList<CheckResult> &checks, const FileContext &context)
{
    qsizetype width = 0;
    for (const CheckResult &check : checks)
        width = std::max(width, check.title.size());
    QString text;
    for (const CheckResult &check : checks)
        text += toText(check, width, context);
    return text;
}

std::optional<Error> failureOf(const QList<CheckResult> &checks, bool unchanged)
{
    QList<CheckResult> failed;
    std::ranges::copy_if(checks, std::back_inserter(failed),
                         [](const CheckResult &check) { return check.state == CheckState::Failed; });
    if (failed.isEmpty())
        return {};
    QStringList titles;
    for (const CheckResult &check : std::as_const(failed))
        titles += check.title;
    const CheckResult &first = failed.constFirst();
    const QString what = failed.size() == 1
                             ? u"%1: %2"_s.arg(first.title, withStop(first.text))
                             : u"%1 checks failed: %2."_s.arg(failed.size()).arg(titles.join(u", "_s));
    Error error{.kind = kindOf(failed),
                .message = unchanged ? QString(what + u" Nothing was changed."_s) : what,
                .hint = u"Mend what each of them says, then try again."_s};
    if (failed.size() == 1) {
        error.hint = first.hint;
        error.detail = first.details.join(u'\n');
    }
    return error;
}

} // namespace stepwell::cli
