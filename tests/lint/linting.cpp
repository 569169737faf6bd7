// SPDX-License-Identifier: MIT
#include "linting.h"

#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace stepwell {

Catalogue catalogueOf(const QString &sql, bool isRead)
{
    Catalogue catalogue;
    const auto statements = splitStatements(sql);
    if (!statements)
        qFatal("%s", qPrintable(statements.error().message));
    for (const Statement &statement : *statements) {
        if (!statement.parseError.isEmpty())
            qFatal("%s: %s", qPrintable(statement.text), qPrintable(statement.parseError));
        catalogue.apply(actionsOf(statement));
    }
    for (const RelationName &name : catalogue.relationsInSchema(u"public"_s)) {
        CatalogueRelation relation = *catalogue.find(name);
        relation.isNew = false;
        relation.isFilled = false;
        catalogue.add(relation);
    }
    catalogue.isFromDatabase = isRead;
    return catalogue;
}

void setSize(Catalogue &catalogue, const QString &table, qint64 bytes, qint64 rows)
{
    const CatalogueRelation *known = catalogue.find({{}, table});
    if (!known)
        qFatal("no table %s", qPrintable(table));
    CatalogueRelation relation = *known;
    relation.bytes = bytes;
    relation.rows = rows;
    catalogue.add(relation);
    catalogue.hasSizes = true;
}

const QString &sampleSchema()
{
    static const QString schema = uR"(
        CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, name text);
        CREATE TABLE sessions (id bigint PRIMARY KEY, owner_id bigint CONSTRAINT fk_owner REFERENCES users (id),
            state text, code varchar(20), amount numeric(10, 2), visits integer, created_at timestamp);
        CREATE INDEX ix_sessions_owner ON sessions (owner_id);
        CREATE TABLE events (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
        CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE loose (id bigint, day date NOT NULL);
        CREATE TYPE mood AS ENUM ('happy', 'sad');
        CREATE DOMAIN address AS text;
        CREATE TABLE letters (id bigint PRIMARY KEY, sent_to address, feeling mood);
        CREATE VIEW open_sessions AS SELECT id, state FROM sessions WHERE state = 'open';
        CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM letters;
        CREATE TABLE empty (id bigint PRIMARY KEY, a text);
    )"_s;
    return schema;
}

LintOptions sampleOptions()
{
    LintOptions options;
    options.catalogue = catalogueOf(sampleSchema());
    setSize(options.catalogue, u"users"_s, 3LL << 30, 12'400'000);
    setSize(options.catalogue, u"sessions"_s, 41LL << 30, 182'000'000);
    setSize(options.catalogue, u"events_2024"_s, 2LL << 30, 9'000'000);
    setSize(options.catalogue, u"loose"_s, 5LL << 30, 20'000'000);
    setSize(options.catalogue, u"letters"_s, 40LL << 10, 300);
    setSize(options.catalogue, u"empty"_s, 8192, 0);
    options.lockTimeoutIsSet = true;
    options.statementTimeoutIsSet = true;
    return options;
}

LintReport lintSql(const QString &sql, const LintOptions &options, bool inTransaction)
{
    return Linter(options).lint(
        {.sql = sql, .inTransaction = inTransaction, .file = {}, .versionTable = u"alembic_version"_s});
}

QString findingsText(const LintReport &report)
{
    QStringList lines;
    for (const Finding &finding : report.findings)
        lines.append(u"%1 %2 %3: %4"_s.arg(severityName(finding.severity), finding.rule,
                                           QString::number(finding.line), finding.message));
    return lines.join(u'\n');
}

const Finding *findingOf(const LintReport &report, const QString &rule)
{
    const auto finding = std::ranges::find(report.findings, rule, &Finding::rule);
    return finding == report.findings.cend() ? nullptr : &*finding;
}

QString sourceText(const QString &path)
{
    QFile file(qEnvironmentVariable("STEPWELL_SOURCE") + u'/' + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

bool isUpToDate(const QString &path, const QString &text)
{
    if (qEnvironmentVariableIsSet("STEPWELL_WRITE_DOCS")) {
        QFile file(qEnvironmentVariable("STEPWELL_SOURCE") + u'/' + path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
            return false;
    }
    return sourceText(path) == text;
}

} // namespace stepwell
