// SPDX-License-Identifier: MIT
#include "migrations/workspace/checkpolicy.h"

namespace stepwell {

using namespace Qt::StringLiterals;

const QList<CheckName> &checkNames()
{
    static const QList<CheckName> names{
        {u"files"_s, false},
        {u"connection"_s, false},
        {u"tls"_s},
        {u"direct"_s, false},
        {u"primary"_s, false},
        {u"same-database"_s, false},
        {u"environment-mark"_s},
        {u"single-head"_s},
        {u"current-known"_s, false},
        {u"way-back"_s},
        {u"git"_s},
        {u"edited-after-applied"_s},
        {u"run-lock"_s, false},
        {u"unfinished-runs"_s},
        {u"privileges"_s},
        {u"long-transactions"_s},
        {u"prepared-transactions"_s},
        {u"dumps"_s},
        {u"autovacuum"_s},
        {u"invalid-indexes"_s},
        {u"disk-space"_s},
        {u"backup-room"_s},
        {u"replication"_s},
        {u"findings"_s, false},
        {u"approvals"_s, false},
    };
    return names;
}

} // namespace stepwell
