// SPDX-License-Identifier: MIT
#include "migrations/sql/definitions.h"

#include "migrations/sql/expressions.h"
#include "migrations/sql/parsetree.h"

namespace stepwell::tree {

using namespace Qt::StringLiterals;

namespace {

std::optional<ConstraintKind> constraintKind(const QString &contype)
{
    static const QHash<QString, ConstraintKind> kinds{
        {u"CONSTR_CHECK"_s, ConstraintKind::Check},        {u"CONSTR_NOTNULL"_s, ConstraintKind::NotNull},
        {u"CONSTR_FOREIGN"_s, ConstraintKind::ForeignKey}, {u"CONSTR_UNIQUE"_s, ConstraintKind::Unique},
        {u"CONSTR_PRIMARY"_s, ConstraintKind::PrimaryKey}, {u"CONSTR_EXCLUSION"_s, ConstraintKind::Exclude},
    };
    const auto found = kinds.constFind(contype);
    return found == kinds.constEnd() ? std::nullopt : std::optional(*found);
}

QString deleteAction(const QString &letter)
{
    static const QHash<QString, QString> actions{
        {u"r"_s, u"RESTRICT"_s}, {u"c"_s, u"CASCADE"_s}, {u"n"_s, u"SET NULL"_s}, {u"d"_s, u"SET DEFAULT"_s}};
    return actions.value(letter);
}

QStringList excludedColumns(const QJsonValue &exclusions)
{
    QStringList columns;
    for (const QJsonValue &exclusion : items(exclusions)) // each: an IndexElem and its operator
        columns += indexColumnsOf(QJsonArray{items(exclusion).first()});
    return columns;
}

bool isSerialType(const TypeName &type)
{
    static const QStringList serials{u"serial"_s,  u"bigserial"_s, u"smallserial"_s,
                                     u"serial2"_s, u"serial4"_s,   u"serial8"_s};
    return type.schema.isEmpty() && serials.contains(type.name);
}

void applyColumnConstraint(ColumnDefinition &column, const QJsonObject &body)
{
    const QString contype = body["contype"_L1].toString();
    if (contype == "CONSTR_NOTNULL"_L1) {
        column.notNull = true;
    } else if (contype == "CONSTR_DEFAULT"_L1) {
        const QJsonValue expression = body["raw_expr"_L1];
        column.hasDefault = !isNull(expression);
        column.defaultVolatility = volatilityOf(expression);
        column.defaultText = expressionText(expression);
    } else if (contype == "CONSTR_IDENTITY"_L1) {
        column.isIdentity = true;
        column.notNull = true;
    } else if (contype == "CONSTR_GENERATED"_L1) {
        // Parsers before 18 know stored ones only; 18 adds the kind.
        column.isGeneratedVirtual = body["generated_kind"_L1].toString() == "v"_L1;
        column.isGeneratedStored = !column.isGeneratedVirtual;
        column.defaultText = expressionText(body["raw_expr"_L1]);
        column.defaultVolatility = volatilityOf(body["raw_expr"_L1]);
    } else if (contype == "CONSTR_ATTR_DEFERRABLE"_L1 || contype == "CONSTR_ATTR_DEFERRED"_L1) {
        if (!column.constraints.isEmpty())
            column.constraints.last().deferrable = true;
    } else if (const auto constraint = constraintOf(body, column.name)) {
        column.notNull = column.notNull || constraint->kind == ConstraintKind::PrimaryKey;
        column.constraints.append(*constraint);
    }
}

} // namespace

QStringList indexColumnsOf(const QJsonValue &params)
{
    QStringList columns;
    for (const QJsonValue &param : items(params)) {
        const QJsonObject element = bodyOf(param, "IndexElem"_L1);
        const QString name = element["name"_L1].toString();
        columns.append(name.isEmpty() ? u"(%1)"_s.arg(expressionText(element["expr"_L1])) : name);
    }
    return columns;
}

std::optional<ConstraintDefinition> constraintOf(const QJsonObject &body, const QString &column)
{
    const auto kind = constraintKind(body["contype"_L1].toString());
    if (!kind)
        return std::nullopt;
    ConstraintDefinition constraint{.kind = *kind, .name = body["conname"_L1].toString()};
    constraint.columns = strings(body["keys"_L1]);
    if (*kind == ConstraintKind::ForeignKey) {
        constraint.columns = strings(body["fk_attrs"_L1]);
        constraint.referenced = relationOf(body["pktable"_L1].toObject());
        constraint.referencedColumns = strings(body["pk_attrs"_L1]);
        constraint.onDelete = deleteAction(body["fk_del_action"_L1].toString());
    } else if (*kind == ConstraintKind::Exclude) {
        constraint.columns = excludedColumns(body["exclusions"_L1]);
    } else if (*kind == ConstraintKind::Check) {
        constraint.notNullColumn = notNullColumnOf(body["raw_expr"_L1]);
    }
    if (!column.isEmpty())
        constraint.columns = {column};
    constraint.index = body["indexname"_L1].toString();
    constraint.notValid = body["skip_validation"_L1].toBool();
    constraint.deferrable = body["deferrable"_L1].toBool();
    return constraint;
}

ColumnDefinition columnOf(const QJsonObject &body)
{
    ColumnDefinition column;
    column.name = body["colname"_L1].toString();
    column.type = typeOf(body["typeName"_L1].toObject());
    column.isSerial = isSerialType(column.type);
    column.notNull = column.isSerial || body["is_not_null"_L1].toBool();
    if (column.isSerial) {
        column.hasDefault = true;
        column.defaultVolatility = Volatility::Volatile;
    }
    for (const QJsonValue &constraint : body["constraints"_L1].toArray())
        applyColumnConstraint(column, bodyOf(constraint, "Constraint"_L1));
    return column;
}

QList<Action> createTable(const QJsonObject &body, ObjectKind kind)
{
    const QJsonObject range = body["relation"_L1].toObject();
    Action create{.kind = ActionKind::Create, .object = kind, .relation = relationOf(range)};
    create.ifExists = body["if_not_exists"_L1].toBool();
    create.temporary = isTemporary(range);
    create.isPartitioned = body.contains("partspec"_L1);
    if (create.isPartitioned)
        create.object = ObjectKind::PartitionedTable;
    create.isPartition = body.contains("partbound"_L1);
    for (const QJsonValue &element : body["tableElts"_L1].toArray()) {
        const auto [node, part] = nodeOf(element);
        if (node == "ColumnDef"_L1)
            create.created.append(columnOf(part));
        else if (node == "TableLikeClause"_L1)
            create.reads.append(relationOf(part["relation"_L1].toObject()));
        else if (const auto constraint = constraintOf(part))
            create.createdConstraints.append(*constraint);
    }
    QList<Action> actions{create};
    for (const QJsonValue &parent : body["inhRelations"_L1].toArray()) {
        const RelationName name = relationOf(bodyOf(parent, "RangeVar"_L1));
        if (create.isPartition) {
            actions.first().other = name;
        } else {
            actions.append(
                {.kind = ActionKind::Inherit, .object = kind, .relation = create.relation, .other = name});
        }
    }
    return actions;
}

} // namespace stepwell::tree
