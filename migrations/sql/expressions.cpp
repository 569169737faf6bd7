// SPDX-License-Identifier: MIT
#include "migrations/sql/expressions.h"

#include "migrations/sql/parsetree.h"

#include <QSet>

#include <algorithm>

namespace stepwell::tree {

using namespace Qt::StringLiterals;

namespace {

QString constantText(const QJsonObject &constant)
{
    if (constant["isnull"_L1].toBool())
        return u"NULL"_s;
    if (constant.contains("ival"_L1))
        return QString::number(constant["ival"_L1]["ival"_L1].toInteger());
    if (constant.contains("fval"_L1))
        return constant["fval"_L1]["fval"_L1].toString();
    if (constant.contains("boolval"_L1))
        return constant["boolval"_L1]["boolval"_L1].toBool() ? u"true"_s : u"false"_s;
    if (constant.contains("bsval"_L1))
        return constant["bsval"_L1]["bsval"_L1].toString();
    QString text = constant["sval"_L1]["sval"_L1].toString();
    return QString(u'\'' + text.replace(u'\'', "''"_L1) + u'\'');
}

QString listText(const QJsonValue &list)
{
    QStringList texts;
    for (const QJsonValue &item : items(list))
        texts.append(expressionText(item));
    return texts.join(", "_L1);
}

QString columnText(const QJsonObject &body)
{
    QStringList parts;
    for (const QJsonValue &field : body["fields"_L1].toArray()) {
        const Node node = nodeOf(field);
        parts.append(node.kind == "A_Star"_L1 ? u"*"_s : node.body["sval"_L1].toString());
    }
    return parts.join(u'.');
}

QString callText(const QJsonObject &body)
{
    QStringList name = strings(body["funcname"_L1]);
    if (name.size() > 1 && name.constFirst() == "pg_catalog"_L1)
        name.removeFirst();
    return u"%1(%2)"_s.arg(name.join(u'.'),
                           body["agg_star"_L1].toBool() ? u"*"_s : listText(body["args"_L1]));
}

QString operatorText(const QJsonObject &body)
{
    if (body["kind"_L1].toString() != "AEXPR_OP"_L1)
        return u"…"_s;
    const QString sign = strings(body["name"_L1]).join(u'.');
    if (!body.contains("lexpr"_L1))
        return QString(sign + expressionText(body["rexpr"_L1]));
    return u"%1 %2 %3"_s.arg(expressionText(body["lexpr"_L1]), sign, expressionText(body["rexpr"_L1]));
}

/// SVFOP_CURRENT_TIMESTAMP -> CURRENT_TIMESTAMP
QString valueFunctionText(const QJsonObject &body)
{
    QString name = body["op"_L1].toString().mid(QLatin1StringView("SVFOP_").size());
    if (name.endsWith("_N"_L1))
        name.chop(2);
    return name;
}

Volatility worst(const QJsonValue &list)
{
    Volatility result = Volatility::Constant;
    for (const QJsonValue &item : items(list))
        result = std::max(result, volatilityOf(item));
    return result;
}

} // namespace

Volatility functionVolatility(const QString &schema, const QString &name)
{
    // From pg_proc; only what people write in defaults and in USING.
    static const QSet<QString> constants{
        u"lower"_s,     u"upper"_s,          u"md5"_s,        u"abs"_s,
        u"round"_s,     u"trim"_s,           u"btrim"_s,      u"ltrim"_s,
        u"rtrim"_s,     u"replace"_s,        u"substring"_s,  u"substr"_s,
        u"left"_s,      u"right"_s,          u"length"_s,     u"repeat"_s,
        u"decode"_s,    u"encode"_s,         u"make_date"_s,  u"make_interval"_s,
        u"make_time"_s, u"make_timestamp"_s, u"array_fill"_s, u"floor"_s,
        u"ceil"_s,      u"trunc"_s,          u"mod"_s,        u"power"_s,
        u"sqrt"_s,      u"split_part"_s,     u"translate"_s,  u"initcap"_s,
        u"sha256"_s,    u"regexp_replace"_s, u"convert_to"_s, u"convert_from"_s,
        u"int4range"_s, u"int8range"_s,      u"numrange"_s,   u"daterange"_s,
        u"tstzrange"_s, u"tsrange"_s,        u"point"_s,      u"xmlcomment"_s,
        u"lpad"_s,      u"rpad"_s,           u"reverse"_s,    u"string_to_array"_s,
        u"to_hex"_s,
    };
    static const QSet<QString> stable{
        u"now"_s,
        u"transaction_timestamp"_s,
        u"statement_timestamp"_s,
        u"current_setting"_s,
        u"current_database"_s,
        u"current_schema"_s,
        u"current_schemas"_s,
        u"current_user"_s,
        u"session_user"_s,
        u"user"_s,
        u"inet_client_addr"_s,
        u"inet_client_port"_s,
        u"inet_server_addr"_s,
        u"pg_backend_pid"_s,
        u"version"_s,
        u"age"_s,
        u"date_trunc"_s,
        u"date_part"_s,
        u"timezone"_s,
        u"to_char"_s,
        u"to_date"_s,
        u"to_number"_s,
        u"to_timestamp"_s,
        u"to_json"_s,
        u"to_jsonb"_s,
        u"json_build_object"_s,
        u"json_build_array"_s,
        u"jsonb_build_object"_s,
        u"jsonb_build_array"_s,
        u"to_tsvector"_s,
        u"make_timestamptz"_s,
        u"txid_current"_s,
        u"pg_current_xact_id"_s,
        u"concat"_s,
        u"concat_ws"_s,
        u"format"_s,
    };
    static const QSet<QString> changing{
        u"random"_s,           u"random_normal"_s,    u"setseed"_s,
        u"clock_timestamp"_s,  u"timeofday"_s,        u"nextval"_s,
        u"setval"_s,           u"currval"_s,          u"lastval"_s,
        u"gen_random_uuid"_s,  u"gen_random_bytes"_s, u"gen_salt"_s,
        u"uuidv4"_s,           u"uuidv7"_s,           u"pg_sleep"_s,
        u"set_config"_s,       u"uuid_generate_v1"_s, u"uuid_generate_v1mc"_s,
        u"uuid_generate_v4"_s, u"pg_advisory_lock"_s,
    };
    if (changing.contains(name)) // also extensions', in whatever schema they are
        return Volatility::Volatile;
    if (schema.isEmpty() || schema == "pg_catalog"_L1) {
        if (constants.contains(name))
            return Volatility::Constant;
        if (stable.contains(name))
            return Volatility::Stable;
    }
    return Volatility::Unknown;
}

Volatility volatilityOf(const QJsonValue &expression)
{
    const auto [kind, body] = nodeOf(expression);
    if (kind == "A_Const"_L1 || kind == "ColumnRef"_L1 || kind.isEmpty())
        return Volatility::Constant;
    if (kind == "TypeCast"_L1 || kind == "CollateClause"_L1 || kind == "NullTest"_L1 ||
        kind == "BooleanTest"_L1)
        return volatilityOf(body["arg"_L1]);
    if (kind == "SQLValueFunction"_L1)
        return Volatility::Stable;
    if (kind == "A_Expr"_L1)
        return std::max(volatilityOf(body["lexpr"_L1]), volatilityOf(body["rexpr"_L1]));
    if (kind == "A_ArrayExpr"_L1)
        return worst(body["elements"_L1]);
    if (kind == "List"_L1)
        return worst(body["items"_L1]);
    if (kind == "BoolExpr"_L1 || kind == "CoalesceExpr"_L1 || kind == "MinMaxExpr"_L1 || kind == "RowExpr"_L1)
        return worst(body["args"_L1]);
    if (kind == "CaseExpr"_L1) {
        return std::max(
            {worst(body["args"_L1]), volatilityOf(body["arg"_L1]), volatilityOf(body["defresult"_L1])});
    }
    if (kind == "CaseWhen"_L1)
        return std::max(volatilityOf(body["expr"_L1]), volatilityOf(body["result"_L1]));
    if (kind == "FuncCall"_L1) {
        const RelationName name = nameOf(strings(body["funcname"_L1]));
        return std::max(functionVolatility(name.schema, name.name), worst(body["args"_L1]));
    }
    return Volatility::Unknown;
}

QString expressionText(const QJsonValue &expression)
{
    const auto [kind, body] = nodeOf(expression);
    if (kind == "A_Const"_L1)
        return constantText(body);
    if (kind == "TypeCast"_L1)
        return QString(expressionText(body["arg"_L1]) + "::"_L1 +
                       typeOf(body["typeName"_L1].toObject()).text());
    if (kind == "ColumnRef"_L1)
        return columnText(body);
    if (kind == "FuncCall"_L1)
        return callText(body);
    if (kind == "SQLValueFunction"_L1)
        return valueFunctionText(body);
    if (kind == "A_Expr"_L1)
        return operatorText(body);
    if (kind == "A_ArrayExpr"_L1)
        return u"ARRAY[%1]"_s.arg(listText(body["elements"_L1]));
    if (kind == "CoalesceExpr"_L1)
        return u"COALESCE(%1)"_s.arg(listText(body["args"_L1]));
    if (kind == "CollateClause"_L1)
        return expressionText(body["arg"_L1]);
    if (kind == "NullTest"_L1) {
        const bool isNot = body["nulltesttype"_L1].toString() == "IS_NOT_NULL"_L1;
        return QString(expressionText(body["arg"_L1]) + (isNot ? " IS NOT NULL"_L1 : " IS NULL"_L1));
    }
    return u"…"_s;
}

namespace {

QString testedColumn(const QJsonValue &expression, QLatin1StringView test)
{
    const auto [kind, body] = nodeOf(expression);
    if (kind != "NullTest"_L1 || body["nulltesttype"_L1].toString() != test)
        return {};
    const QJsonObject column = bodyOf(body["arg"_L1], "ColumnRef"_L1);
    return nameOf(strings(column["fields"_L1])).name;
}

} // namespace

bool isNull(const QJsonValue &expression)
{
    const auto [kind, body] = nodeOf(expression);
    if (kind == "TypeCast"_L1)
        return isNull(body["arg"_L1]);
    return kind == "A_Const"_L1 && body["isnull"_L1].toBool();
}

QString notNullColumnOf(const QJsonValue &expression)
{
    return testedColumn(expression, "IS_NOT_NULL"_L1);
}

QString nullColumnOf(const QJsonValue &expression)
{
    return testedColumn(expression, "IS_NULL"_L1);
}

} // namespace stepwell::tree
