// SPDX-License-Identifier: MIT
#include "migrations/sql/typechange.h"

#include <QSet>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

int modifier(const TypeName &type, int index)
{
    return type.modifiers.value(index, -1);
}

/// A length or precision that is missing means: none.
bool grows(int from, int to)
{
    return to < 0 || (from >= 0 && to >= from);
}

bool numericGrows(const TypeName &from, const TypeName &to)
{
    if (to.modifiers.isEmpty())
        return true;
    if (from.modifiers.isEmpty())
        return false;
    const int fromScale = from.modifiers.value(1, 0);
    const int toScale = to.modifiers.value(1, 0);
    return fromScale == toScale && modifier(to, 0) >= modifier(from, 0);
}

/// Fractions of a second: without a modifier there are six digits.
bool secondsGrow(const TypeName &from, const TypeName &to)
{
    constexpr int all = 6;
    return to.modifiers.value(0, all) >= from.modifiers.value(0, all);
}

TypeChange catalogueIf(bool isSame)
{
    return isSame ? TypeChange::Catalogue : TypeChange::Rewrite;
}

/// The same type with other modifiers.
TypeChange lengthChange(const TypeName &from, const TypeName &to)
{
    if (from.modifiers == to.modifiers)
        return TypeChange::Catalogue;
    if (from.name == "varchar"_L1 || from.name == "varbit"_L1)
        return catalogueIf(grows(modifier(from, 0), modifier(to, 0)));
    if (from.name == "numeric"_L1)
        return catalogueIf(numericGrows(from, to));
    if (from.name == "timestamp"_L1 || from.name == "timestamptz"_L1 || from.name == "time"_L1 ||
        from.name == "timetz"_L1)
        return catalogueIf(secondsGrow(from, to));
    return TypeChange::Rewrite;
}

} // namespace

TypeChange typeChange(const TypeName &from, const TypeName &to)
{
    if (from.schema == to.schema && from.name == to.name && from.isArray == to.isArray)
        return from.isArray ? catalogueIf(from.modifiers == to.modifiers) : lengthChange(from, to);
    if (from.isArray || to.isArray)
        return TypeChange::Rewrite;
    const auto is = [&](QLatin1StringView a, QLatin1StringView b) { return from.name == a && to.name == b; };
    if (is("varchar"_L1, "text"_L1) || is("cidr"_L1, "inet"_L1) || is("int4"_L1, "oid"_L1) ||
        is("xml"_L1, "text"_L1) || is("xml"_L1, "varchar"_L1))
        return catalogueIf(to.modifiers.isEmpty());
    if (is("text"_L1, "varchar"_L1))
        return catalogueIf(to.modifiers.isEmpty());
    if ((is("citext"_L1, "text"_L1) || is("citext"_L1, "varchar"_L1) || is("text"_L1, "citext"_L1) ||
         is("varchar"_L1, "citext"_L1)) &&
        to.modifiers.isEmpty())
        return TypeChange::Indexes;
    if (is("timestamp"_L1, "timestamptz"_L1) || is("timestamptz"_L1, "timestamp"_L1))
        return secondsGrow(from, to) ? TypeChange::TimeZone : TypeChange::Rewrite;
    return TypeChange::Rewrite;
}

bool losesPrecision(const TypeName &from, const TypeName &to)
{
    static const QSet<QString> fractions{u"numeric"_s, u"float4"_s, u"float8"_s, u"money"_s};
    static const QSet<QString> whole{u"int2"_s, u"int4"_s, u"int8"_s};
    static const QSet<QString> moments{u"timestamp"_s, u"timestamptz"_s};
    if (fractions.contains(from.name) && whole.contains(to.name))
        return true;
    if (from.name == "float8"_L1 && to.name == "float4"_L1)
        return true;
    if (from.name == "numeric"_L1 && to.name == "numeric"_L1)
        return !to.modifiers.isEmpty() && (from.modifiers.isEmpty() || modifier(from, 1) > modifier(to, 1));
    if (moments.contains(from.name))
        return to.name == "date"_L1 || to.name == "time"_L1 ||
               (moments.contains(to.name) && !secondsGrow(from, to));
    return false;
}

bool isUtc(const QString &timeZone)
{
    static const QSet<QString> names{u"utc"_s,          u"etc/utc"_s, u"gmt"_s,           u"etc/gmt"_s,
                                     u"uct"_s,          u"etc/uct"_s, u"zulu"_s,          u"etc/zulu"_s,
                                     u"universal"_s,    u"0"_s,       u"etc/universal"_s, u"greenwich"_s,
                                     u"etc/greenwich"_s};
    return names.contains(timeZone.toLower());
}

} // namespace stepwell
