// SPDX-License-Identifier: MIT
#include "migrations/sql/action.h"

#include "migrations/sql/definitions.h"

namespace stepwell {

using namespace Qt::StringLiterals;

QString TypeName::text() const
{
    QString result = schema.isEmpty() ? name : QString(schema + u'.' + name);
    if (!modifiers.isEmpty()) {
        QStringList numbers;
        for (const int modifier : modifiers)
            numbers.append(QString::number(modifier));
        result += u"(%1)"_s.arg(numbers.join(u','));
    }
    return isArray ? QString(result + "[]"_L1) : result;
}

QList<Action> actionsOf(const Statement &statement)
{
    if (statement.tree.isEmpty())
        return {};
    const QString node = statement.tree.constBegin().key();
    const QJsonObject body = statement.tree.constBegin().value().toObject();
    using Reader = QList<Action> (*)(const QString &, const QJsonObject &);
    for (const Reader reader : {tree::tableActions, tree::creationActions, tree::objectActions,
                                tree::maintenanceActions, tree::rowActions, tree::sessionActions}) {
        const QList<Action> actions = reader(node, body);
        if (!actions.isEmpty())
            return actions;
    }
    return {{.kind = node.startsWith("Alter"_L1) ? ActionKind::AlterOther : ActionKind::Other,
             .name = commandName(statement)}};
}

} // namespace stepwell
