// SPDX-License-Identifier: MIT
#include "migrations/database/versiontable.h"
#include "migrations/preflight/checks.h"
#include "migrations/preflight/concernedtables.h"
#include "migrations/preflight/privilegeneeds.h"
#include "migrations/run/reviewchecks.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

QString quotedName(const QString &schema, const QString &name)
{
    return QString(quotedIdentifier(schema) + u'.' + quotedIdentifier(name));
}

/// What is missing, collected from one query for each kind of need.
class MissingPrivileges
{
public:
    MissingPrivileges(DatabaseSession &session, const QList<PrivilegeNeed> &needs)
        : m_session(session), m_needs(needs)
    {
    }

    /// False if a query failed; error() says why.
    [[nodiscard]] bool look()
    {
        return owners() && tables() && schemas() && schemaOwners() && database() && extensions() && role();
    }

    QStringList missing; ///< sentences
    QStringList grants;  ///< what would mend it
    std::optional<Error> error;

private:
    [[nodiscard]] QList<PrivilegeNeed> of(PrivilegeNeed::Kind kind) const
    {
        QList<PrivilegeNeed> some;
        std::ranges::copy_if(m_needs, std::back_inserter(some),
                             [kind](const PrivilegeNeed &need) { return need.kind == kind; });
        return some;
    }
    /// Asks with the needs of one kind as JSON; `tell` gets the rows.
    bool ask(const QList<PrivilegeNeed> &needs, const QString &sql,
             const std::function<void(const QVariantList &)> &tell);
    bool owners();
    bool tables();
    bool schemas();
    bool schemaOwners();
    bool database();
    bool extensions();
    bool role();

    DatabaseSession &m_session;
    const QList<PrivilegeNeed> &m_needs;
};

bool MissingPrivileges::ask(const QList<PrivilegeNeed> &needs, const QString &sql,
                            const std::function<void(const QVariantList &)> &tell)
{
    if (needs.isEmpty())
        return true;
    QJsonArray array;
    for (const PrivilegeNeed &need : needs)
        array += QJsonObject{{u"s"_s, need.object.schema},
                             {u"n"_s, need.object.name},
                             {u"p"_s, need.privilege},
                             {u"w"_s, need.why}};
    const auto rows =
        m_session.query(sql, {QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact))});
    if (!rows) {
        error = rows.error();
        return false;
    }
    for (const QVariantList &row : *rows)
        tell(row);
    return true;
}

bool MissingPrivileges::owners()
{
    return ask(of(PrivilegeNeed::Owner),
               u"WITH e AS (SELECT * FROM json_to_recordset(?::json) AS e(s text, n text, w text)), o AS ("
               "SELECT e.w, ns.nspname, c.relname AS name, c.relowner AS owner FROM e "
               "JOIN pg_catalog.pg_class c ON c.relname = e.n "
               "JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace AND CASE WHEN e.s = '' "
               "THEN pg_catalog.pg_table_is_visible(c.oid) ELSE ns.nspname = e.s END UNION ALL "
               "SELECT e.w, ns.nspname, t.typname, t.typowner FROM e "
               "JOIN pg_catalog.pg_type t ON t.typname = e.n AND t.typrelid = 0 "
               "JOIN pg_catalog.pg_namespace ns ON ns.oid = t.typnamespace AND CASE WHEN e.s = '' "
               "THEN pg_catalog.pg_type_is_visible(t.oid) ELSE ns.nspname = e.s END) "
               "SELECT o.w, o.nspname::text, o.name::text, pg_get_userbyid(o.owner)::text FROM o "
               "WHERE NOT pg_has_role(o.owner, 'USAGE') ORDER BY 3"_s,
               [this](const QVariantList &row) {
                   missing += u"%1: %2 belongs to %3"_s.arg(row.at(0).toString(), row.at(2).toString(),
                                                            row.at(3).toString());
                   grants += u"GRANT %1 TO CURRENT_ROLE"_s.arg(quotedIdentifier(row.at(3).toString()));
               });
}

bool MissingPrivileges::tables()
{
    return ask(of(PrivilegeNeed::Table),
               u"SELECT e.w, ns.nspname::text, c.relname::text, e.p "
               "FROM json_to_recordset(?::json) AS e(s text, n text, p text, w text) "
               "JOIN pg_catalog.pg_class c ON c.relname = e.n "
               "JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace AND CASE WHEN e.s = '' "
               "THEN pg_catalog.pg_table_is_visible(c.oid) ELSE ns.nspname = e.s END "
               "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT has_table_privilege(c.oid, e.p) "
               "AND NOT CASE WHEN e.p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') "
               "THEN has_any_column_privilege(c.oid, e.p) ELSE false END ORDER BY 3, 4"_s,
               [this](const QVariantList &row) {
                   missing += u"%1: %2 on %3"_s.arg(row.at(0).toString(), row.at(3).toString(),
                                                    row.at(2).toString());
                   grants += u"GRANT %1 ON %2 TO CURRENT_ROLE"_s.arg(
                       row.at(3).toString(), quotedName(row.at(1).toString(), row.at(2).toString()));
               });
}

bool MissingPrivileges::schemas()
{
    return ask(
        of(PrivilegeNeed::Schema),
        u"SELECT e.w, ns.nspname::text FROM json_to_recordset(?::json) AS e(n text, w text) "
        "JOIN pg_catalog.pg_namespace ns ON ns.nspname = coalesce(nullif(e.n, ''), current_schema()::text) "
        "WHERE NOT has_schema_privilege(ns.oid, 'CREATE') ORDER BY 2"_s,
        [this](const QVariantList &row) {
            missing += u"%1: CREATE on the schema %2"_s.arg(row.at(0).toString(), row.at(1).toString());
            grants +=
                u"GRANT CREATE ON SCHEMA %1 TO CURRENT_ROLE"_s.arg(quotedIdentifier(row.at(1).toString()));
        });
}

bool MissingPrivileges::schemaOwners()
{
    return ask(of(PrivilegeNeed::SchemaOwner),
               u"SELECT e.w, ns.nspname::text, pg_get_userbyid(ns.nspowner)::text "
               "FROM json_to_recordset(?::json) AS e(n text, w text) "
               "JOIN pg_catalog.pg_namespace ns ON ns.nspname = e.n "
               "WHERE NOT pg_has_role(ns.nspowner, 'USAGE') ORDER BY 2"_s,
               [this](const QVariantList &row) {
                   missing += u"%1: the schema %2 belongs to %3"_s.arg(
                       row.at(0).toString(), row.at(1).toString(), row.at(2).toString());
                   grants += u"GRANT %1 TO CURRENT_ROLE"_s.arg(quotedIdentifier(row.at(2).toString()));
               });
}

bool MissingPrivileges::database()
{
    return ask(of(PrivilegeNeed::Database),
               u"SELECT e.w, current_database()::text FROM json_to_recordset(?::json) AS e(w text) "
               "WHERE NOT has_database_privilege(current_database(), 'CREATE') LIMIT 1"_s,
               [this](const QVariantList &row) {
                   missing += u"%1: CREATE on the database"_s.arg(row.at(0).toString());
                   grants += u"GRANT CREATE ON DATABASE %1 TO CURRENT_ROLE"_s.arg(
                       quotedIdentifier(row.at(1).toString()));
               });
}

bool MissingPrivileges::extensions()
{
    return ask(
        of(PrivilegeNeed::Extension),
        u"SELECT e.n, a.name IS NOT NULL, coalesce(v.trusted, false) "
        "FROM json_to_recordset(?::json) AS e(n text) "
        "LEFT JOIN pg_catalog.pg_available_extensions a ON a.name = e.n "
        "LEFT JOIN pg_catalog.pg_available_extension_versions v "
        "ON v.name = a.name AND v.version = a.default_version "
        "WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_extension x WHERE x.extname = e.n) "
        "AND NOT (coalesce(v.trusted, false) AND has_database_privilege(current_database(), 'CREATE')) "
        "ORDER BY 1"_s,
        [this](const QVariantList &row) {
            const QString extension = row.at(0).toString();
            missing += !row.at(1).toBool() ? u"CREATE EXTENSION: the server does not have %1"_s.arg(extension)
                       : row.at(2).toBool()
                           ? u"CREATE EXTENSION: CREATE on the database, for %1"_s.arg(extension)
                           : u"CREATE EXTENSION: only a superuser may create %1"_s.arg(extension);
            if (row.at(1).toBool())
                grants += u"CREATE EXTENSION %1"_s.arg(quotedIdentifier(extension));
        });
}

bool MissingPrivileges::role()
{
    return ask(of(PrivilegeNeed::Role),
               u"SELECT e.w, e.p FROM json_to_recordset(?::json) AS e(w text, p text) "
               "JOIN pg_catalog.pg_roles r ON r.rolname = current_user "
               "WHERE NOT CASE e.p WHEN 'CREATEDB' THEN r.rolcreatedb ELSE r.rolcreaterole END ORDER BY 2"_s,
               [this](const QVariantList &row) {
                   missing += u"%1: %2 of the role"_s.arg(row.at(0).toString(), row.at(1).toString());
                   grants += u"ALTER ROLE CURRENT_ROLE %1"_s.arg(row.at(1).toString());
               });
}

/// Alembic's own bookkeeping.
QList<PrivilegeNeed> versionTableNeeds(const QString &versionTable, const DatabaseState &state)
{
    const auto table = VersionTableName::parse(versionTable);
    if (!table)
        return {};
    const QString why = u"Alembic's version table"_s;
    if (!state.versionTableExists)
        return {{.kind = PrivilegeNeed::Schema,
                 .object = {.schema = {}, .name = table->schema},
                 .privilege = {},
                 .why = why}};
    QList<PrivilegeNeed> needs;
    for (const QString &privilege : {u"SELECT"_s, u"INSERT"_s, u"UPDATE"_s, u"DELETE"_s})
        needs += PrivilegeNeed{.kind = PrivilegeNeed::Table,
                               .object = {.schema = table->schema, .name = table->name},
                               .privilege = privilege,
                               .why = why};
    return needs;
}

} // namespace

Told privilegesCheck(const CheckContext &context, DatabaseSession &session)
{
    const QString name = u"privileges"_s;
    const auto role = session.query(
        u"SELECT rolname::text, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"_s);
    if (!role)
        return errorOf(name, role.error());
    const QString user = role->first().at(0).toString();
    if (role->first().at(1).toBool())
        return checkOf(name, u"%1 is a superuser"_s.arg(user));
    const DatabaseState *state = context.state();
    if (!state)
        return std::nullopt;
    const QList<StepReview> *reviews = context.reviews();
    const PrivilegeNeeds found = reviews ? privilegeNeeds(*reviews) : PrivilegeNeeds();
    const QList<PrivilegeNeed> needs =
        versionTableNeeds(context.request.target.component.versionTable, *state) + found.needs;
    MissingPrivileges privileges(session, needs);
    if (!privileges.look())
        return errorOf(name, *privileges.error);

    CheckResult result = checkOf(name, reviews ? u"%1 may do what the SQL needs"_s.arg(user)
                                               : u"%1 may write the version table"_s.arg(user));
    QStringList grants = privileges.grants;
    grants.removeDuplicates();
    for (QString &grant : grants)
        grant.replace(u"CURRENT_ROLE"_s, quotedIdentifier(user));
    if (!privileges.missing.isEmpty()) {
        worsen(result, CheckState::Failed);
        result.text = u"%1 lacks %2: %3"_s.arg(
            user, countText(privileges.missing.size(), u"privilege"_s, u"privileges"_s),
            privileges.missing.join(u"; "_s));
        result.hint =
            u"Connect as the owner, or have a superuser grant it: the statements are in the details."_s;
        result.details = grants;
    }
    for (const QString &unknown : found.unknown)
        result.details += u"not looked at: %1"_s.arg(unknown);
    return result;
}

} // namespace stepwell
