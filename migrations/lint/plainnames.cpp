// SPDX-License-Identifier: MIT
#include "migrations/lint/plainnames.h"

#include <QRegularExpression>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

class PlainNames
{
public:
    explicit PlainNames(const Catalogue &catalogue) : m_catalogue(catalogue) {}

    void say(RelationName &name) const
    {
        if (name.schema.isEmpty() || !isFound(name))
            return;
        name.schema.clear();
    }

    void say(QList<RelationName> &names) const
    {
        for (RelationName &name : names)
            say(name);
    }

    void say(QString &text) const
    {
        for (const QString &schema : m_catalogue.searchPath) {
            const QRegularExpression qualified(u"\\b%1\\.(\\w+)"_s.arg(QRegularExpression::escape(schema)));
            qsizetype at = 0;
            for (QRegularExpressionMatch match; (match = qualified.match(text, at)).hasMatch();) {
                at = match.capturedEnd();
                if (!isFound({.schema = schema, .name = match.captured(1)}))
                    continue;
                text.remove(match.capturedStart(), schema.size() + 1);
                at -= schema.size() + 1;
            }
        }
    }

private:
    /// Without the schema it is the same relation, or none that is still there.
    [[nodiscard]] bool isFound(const RelationName &name) const
    {
        if (!m_catalogue.searchPath.contains(name.schema))
            return false;
        const CatalogueRelation *found = m_catalogue.find({.schema = {}, .name = name.name});
        return !found || found->name.schema == name.schema;
    }

    const Catalogue &m_catalogue;
};

} // namespace

void sayPlainNames(LintReport &report, const Catalogue &catalogue)
{
    if (!catalogue.isFromDatabase)
        return;
    const PlainNames names(catalogue);
    for (LintedStatement &statement : report.statements) {
        for (RelationLock &lock : statement.effects.locks) {
            names.say(lock.relation);
            names.say(lock.reason);
        }
        names.say(statement.effects.rewrites);
        names.say(statement.effects.scans);
        names.say(statement.effects.builds);
    }
    QSet<RelationName> unseen;
    for (RelationName name : std::as_const(report.unseen)) {
        names.say(name);
        unseen.insert(name);
    }
    report.unseen = unseen;
    for (Finding &finding : report.findings) {
        names.say(finding.relation);
        names.say(finding.message);
        names.say(finding.advice);
    }
}

} // namespace stepwell
