// SPDX-License-Identifier: MIT
#include "migrations/core/result.h"
#include "migrations/core/revisionid.h"

#include <QSet>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

class tst_Core : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasItsOwnName()
    {
        QSet<QString> names;
        const int last = static_cast<int>(ErrorKind::Cancelled);
        for (int kind = 0; kind <= last; ++kind)
            names += kindName(static_cast<ErrorKind>(kind));
        QCOMPARE(names.size(), last + 1);
    }

    void exitCodesOfTheDesign()
    {
        QCOMPARE(exitCode(ErrorKind::Usage), 2);
        QCOMPARE(exitCode(ErrorKind::MultipleHeads), 4);
        QCOMPARE(exitCode(ErrorKind::HostUnknown), 5);
        QCOMPARE(exitCode(ErrorKind::MigrationFailed), 6);
        QCOMPARE(exitCode(ErrorKind::Refused), 7);
        QCOMPARE(exitCode(ErrorKind::BackupFailed), 8);
        QCOMPARE(exitCode(ErrorKind::OutcomeUnknown), 9);
        QCOMPARE(exitCode(ErrorKind::UnknownRevision), 10);
        QCOMPARE(exitCode(ErrorKind::Locked), 12);
        QCOMPARE(exitCode(ErrorKind::Cancelled), 130);
    }

    void aTextSaysEachThingOnce()
    {
        const Error error{
            .message = u"It failed: disk full."_s, .hint = u"Make room."_s, .detail = u"disk full"_s};
        QCOMPARE(toText(error), u"It failed: disk full.\nMake room."_s);
    }

    void rowsAsText()
    {
        QCOMPARE(toText(RevisionIds{}), u"base"_s);
        QCOMPARE(toText(toRevisionIds({u"a"_s, u"b"_s})), u"a, b"_s);
    }

    void rowsAreASet()
    {
        QVERIFY(sameSet(toRevisionIds({u"a"_s, u"b"_s}), toRevisionIds({u"b"_s, u"a"_s})));
        QVERIFY(!sameSet(toRevisionIds({u"a"_s}), toRevisionIds({u"a"_s, u"b"_s})));
    }
};

QTEST_GUILESS_MAIN(tst_Core)
#include "tst_core.moc"
