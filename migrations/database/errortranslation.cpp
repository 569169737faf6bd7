// SPDX-License-Identifier: MIT
#include "migrations/database/errortranslation.h"

#include "migrations/database/servererrors.h"
#include "migrations/sql/action.h"

#include <QRegularExpression>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// What a failing statement is, as far as its meaning goes.
struct FailedStatement {
    QString command; ///< "ALTER TABLE"; empty if it did not parse, or if there are several
    QList<Action> actions;

    [[nodiscard]] bool does(std::initializer_list<ActionKind> kinds) const
    {
        return std::ranges::any_of(actions, [&](const Action &action) {
            return std::ranges::find(kinds, action.kind) != kinds.end();
        });
    }
};

FailedStatement failedStatement(const QString &sql)
{
    FailedStatement failed;
    const auto statements = splitStatements(sql);
    if (!statements)
        return failed;
    for (const Statement &statement : *statements)
        failed.actions += actionsOf(statement);
    if (statements->size() == 1)
        failed.command = commandName(statements->first());
    return failed;
}

bool addsRule(const FailedStatement &failed)
{
    using enum ActionKind;
    return failed.does({AddConstraint, ValidateConstraint, SetNotNull, AddColumn, AttachPartition,
                        AlterDomain, AlterType, Create, AddAttribute});
}

/// The place of a foreign key's error is the referring table, whichever side was changed.
bool removesParent(const FailedStatement &failed, const Error &error)
{
    const auto others = [&](const Action &action) {
        return action.kind == ActionKind::Update && action.relation.name != error.place.table;
    };
    return failed.does({ActionKind::Delete}) || std::ranges::any_of(failed.actions, others) ||
           error.message.contains("update or delete on table"_L1);
}

/// The names of settings are in the server's words in every language, its sentences are not.
bool isCase(ErrorCase when, const Error &error, const FailedStatement &failed)
{
    const auto says = [&](QLatin1StringView words) {
        return error.message.contains(words) || error.detail.contains(words);
    };
    switch (when) {
    case ErrorCase::Any:
        return true;
    case ErrorCase::StatementTimeout:
        return says("statement timeout"_L1);
    case ErrorCase::CancelRequest:
        return says("user request"_L1);
    case ErrorCase::SharedMemory:
        return says("max_locks_per_transaction"_L1) || says("max_pred_locks_per_transaction"_L1) ||
               says("out of shared memory"_L1);
    case ErrorCase::AddsRule:
        return addsRule(failed);
    case ErrorCase::RemovesParent:
        return removesParent(failed, error);
    case ErrorCase::NotOwner:
        return says("must be owner"_L1);
    case ErrorCase::SchemaPrivilege:
        return says("permission denied for schema"_L1);
    case ErrorCase::PendingEvents:
        return says("pending trigger events"_L1);
    case ErrorCase::OwnSession:
        return says("in this session"_L1);
    case ErrorCase::NoPartition:
        return says("no partition of relation"_L1);
    case ErrorCase::PartitionBound:
        return says("partition constraint"_L1);
    case ErrorCase::CannotCast:
        return says("cannot be cast automatically"_L1) || failed.does({ActionKind::AlterType});
    }
    return false;
}

const ServerError *findRow(const Error &error, const FailedStatement &failed)
{
    const QList<ServerError> &rows = serverErrors();
    for (const QString &state : {error.sqlState, error.sqlState.left(2), QString()}) {
        const auto row = std::ranges::find_if(rows, [&](const ServerError &one) {
            return one.state == state && isCase(one.when, error, failed);
        });
        if (row != rows.end())
            return &*row;
    }
    return nullptr;
}

/// "view a", "constraint b on table c" of "view a depends on table d", a line each.
QString dependents(const QString &serverDetail)
{
    QStringList names;
    for (const QString &line : serverDetail.split(u'\n', Qt::SkipEmptyParts))
        names += line.section(" depends on "_L1, 0, 0).trimmed();
    constexpr qsizetype shown = 5;
    if (names.size() > shown)
        names = names.first(shown) + QStringList{u"%1 more"_s.arg(names.size() - shown)};
    return names.join(u", "_s);
}

QString matched(const QString &text, const QRegularExpression &expression)
{
    return expression.match(text).captured(1);
}

/// The object that a message in English names: in quotes, or by its kind alone.
QString namedObject(const QString &message)
{
    static const QRegularExpression quoted(u"\"([^\"]+)\""_s);
    static const QRegularExpression dropped(u"cannot drop (.+) because other objects depend on it"_s);
    static const QRegularExpression refused(u"(?:must be owner of|permission denied for) (?:materialized "
                                            u"view|foreign table|event trigger|foreign "
                                            "server|large object|[a-z-]+) (.+?)\\.?$"_s);
    for (const QRegularExpression &expression : {quoted, dropped, refused}) {
        if (const QString found = matched(message, expression); !found.isEmpty())
            return found;
    }
    return {};
}

QString knownName(const QString &name, const Error &error, const FailedStatement &failed)
{
    static const QRegularExpression function(u"function (\\S+\\(.*?\\) line \\d+)"_s);
    const ErrorPlace &place = error.place;
    if (name == "table"_L1)
        return place.table.isEmpty() || place.schema.isEmpty() || place.schema == "public"_L1
                   ? place.table
                   : QString(place.schema + u'.' + place.table);
    if (name == "column"_L1)
        return place.column;
    if (name == "constraint"_L1)
        return place.constraint;
    if (name == "type"_L1)
        return place.type;
    if (name == "name"_L1)
        return namedObject(error.message);
    if (name == "command"_L1)
        return failed.command;
    if (name == "dependents"_L1)
        return dependents(error.serverDetail);
    if (name == "function"_L1)
        return matched(error.detail, function);
    return {};
}

} // namespace

bool removesParent(const Error &error)
{
    return removesParent(failedStatement(error.statement), error);
}

ErrorMeaning meaningOf(const Error &error)
{
    if (error.sqlState.isEmpty())
        return {};
    const FailedStatement failed = failedStatement(error.statement);
    const ServerError *row = findRow(error, failed);
    if (!row)
        return {};
    const auto text = [&](QLatin1StringView of) {
        return filledText(of, [&](const QString &name) { return knownName(name, error, failed); });
    };
    return {.what = text(row->what), .why = text(row->why), .todo = text(row->todo), .passing = row->passing};
}

Error translated(Error error)
{
    const ErrorMeaning meaning = meaningOf(error);
    if (!meaning.todo.isEmpty())
        error.hint = meaning.why.isEmpty() ? meaning.todo : QString(meaning.why + u' ' + meaning.todo);
    return error;
}

QString withoutValues(const QString &message, const QString &sqlState)
{
    static const QStringList quoting{u"22P02"_s, u"22003"_s, u"22007"_s, u"22008"_s, u"22021"_s, u"22P05"_s,
                                     u"22P03"_s, u"22032"_s, u"22030"_s, u"22009"_s, u"2201B"_s};
    if (!quoting.contains(sqlState))
        return message;
    // The value comes last and may hold quotes itself; "value "9" is out of range for type integer" has it
    // first.
    static const QRegularExpression first(u"^(\\S+ )\".*\"( is out of range .*)$"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression last(u": \".*$"_s, QRegularExpression::DotMatchesEverythingOption);
    QString cleaned = message;
    cleaned.replace(first, u"\\1\"…\"\\2"_s);
    return cleaned.replace(last, u": \"…\""_s);
}

} // namespace stepwell
