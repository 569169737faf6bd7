// SPDX-License-Identifier: MIT
#include "migrations/database/servererrors.h"

#include "migrations/database/servererrortables.h"

#include <QString>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// The alternative with its names filled in; nothing if one of them is not known.
std::optional<QString> filledAlternative(QStringView text,
                                         const std::function<QString(const QString &)> &known)
{
    QString filled;
    for (qsizetype i = 0; i < text.size();) {
        if (text.at(i) != u'%') {
            filled += text.at(i++);
            continue;
        }
        qsizetype end = i + 1;
        while (end < text.size() && text.at(end) >= u'a' && text.at(end) <= u'z')
            ++end;
        const QString value = known(text.sliced(i + 1, end - i - 1).toString());
        if (value.isEmpty())
            return {};
        filled += value;
        i = end;
    }
    return filled;
}

} // namespace

const QList<ServerError> &serverErrors()
{
    static const QList<ServerError> all = connectionErrors() + dataErrors() + schemaErrors() + serverFaults();
    return all;
}

QLatin1StringView caseText(ErrorCase when)
{
    switch (when) {
    case ErrorCase::Any:
        break;
    case ErrorCase::StatementTimeout:
        return "statement_timeout passed"_L1;
    case ErrorCase::CancelRequest:
        return "somebody cancelled it"_L1;
    case ErrorCase::SharedMemory:
        return "max_locks_per_transaction"_L1;
    case ErrorCase::AddsRule:
        return "the statement adds the rule"_L1;
    case ErrorCase::RemovesParent:
        return "rows are deleted or changed that others refer to"_L1;
    case ErrorCase::NotOwner:
        return "only the owner may"_L1;
    case ErrorCase::SchemaPrivilege:
        return "a privilege on a schema"_L1;
    case ErrorCase::PendingEvents:
        return "pending trigger events"_L1;
    case ErrorCase::OwnSession:
        return "used in the same session"_L1;
    case ErrorCase::NoPartition:
        return "no partition for a row"_L1;
    case ErrorCase::PartitionBound:
        return "bounds of a partition"_L1;
    case ErrorCase::CannotCast:
        return "another type for a column"_L1;
    }
    return {};
}

QString filledText(QLatin1StringView text, const std::function<QString(const QString &)> &known)
{
    const QString all = text;
    QString filled;
    for (qsizetype i = 0; i < all.size();) {
        const qsizetype open = all.indexOf(u'[', i);
        filled += QStringView(all).sliced(i, (open < 0 ? all.size() : open) - i);
        if (open < 0)
            break;
        const qsizetype close = all.indexOf(u']', open);
        for (const QStringView alternative :
             QStringView(all).sliced(open + 1, close - open - 1).split(u'|')) {
            if (const auto one = filledAlternative(alternative, known)) {
                filled += *one;
                break;
            }
        }
        i = close + 1;
    }
    return filled;
}

} // namespace stepwell
