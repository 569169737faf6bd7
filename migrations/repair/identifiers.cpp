// SPDX-License-Identifier: MIT
#include "migrations/repair/identifiers.h"

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longest = 32; // of version_num

bool isForbidden(QChar character)
{
    return character.isSpace() || !character.isPrint() || u"@-+:/'\"`\\"_s.contains(character);
}

std::unexpected<Error> invalid(const QString &message)
{
    return failure(ErrorKind::InvalidIdentifier, message,
                   u"Letters, digits, '_' and '.' are fine; without an identifier one is made up."_s);
}

/// What has the name: a file, or a link to a lost one.
QString ownerOf(const QString &id, const QList<Revision> &revisions)
{
    for (const Revision &revision : revisions) {
        if (revision.id.text() == id || revision.branchLabels.contains(id))
            return u"%1 has it"_s.arg(revision.file);
    }
    for (const Revision &revision : revisions) {
        if (revision.downRevisions.contains(RevisionId(id)) || revision.dependsOn.contains(id))
            return u"%1 names it"_s.arg(revision.file);
    }
    return {};
}

} // namespace

Result<QString> checkedIdentifier(const QString &id, const QList<Revision> &revisions)
{
    if (id.isEmpty())
        return invalid(u"An identifier has one character at least."_s);
    if (const auto bad = std::ranges::find_if(id, isForbidden); bad != id.cend())
        return invalid(u"An identifier may not hold '%1'."_s.arg(bad->isPrint() ? *bad : u'?'));
    if (id.toUcs4().size() > longest)
        return invalid(u"'%1' is too long for the version table, which has 32 characters."_s.arg(id));
    if (QStringList{u"head"_s, u"heads"_s, u"base"_s, u"current"_s}.contains(id))
        return invalid(u"'%1' cannot be an identifier: Alembic reads it as a target."_s.arg(id));
    if (const QString owner = ownerOf(id, revisions); !owner.isEmpty())
        return failure(ErrorKind::DuplicateRevision, u"'%1' is taken: %2."_s.arg(id, owner),
                       u"Name another identifier, or none: one is made up then."_s);
    return id;
}

} // namespace stepwell
