// SPDX-License-Identifier: MIT
#include "migrations/journal/journalexport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QTimeZone>
#include <QXmlStreamReader>

using namespace stepwell;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

JournalEntry sample()
{
    const QDateTime started(QDate(2026, 11, 22), QTime(14, 6, 32), QTimeZone::UTC);
    JournalEntry entry{.id = 14,
                       .uid = u"0f0e6d0c-7f43-4a54-9d5e-6a1c9b4e7a11"_s,
                       .target = {u"production"_s, u"manager"_s},
                       .databaseText = u"migrator@db1:5432/backend"_s,
                       .who = u"ada@desk"_s,
                       .asked = u"head"_s,
                       .started = started,
                       .finished = started.addSecs(102),
                       .from = toRevisionIds({u"aaa"_s}),
                       .planned = toRevisionIds({u"ccc"_s}),
                       .to = toRevisionIds({u"bbb"_s}),
                       .outcome = Outcome::FailedWithChanges,
                       .message = u"ccc failed after part of its work was committed."_s,
                       .transactions = TransactionPolicy::Project,
                       .leftBehind = {u"INVALID index ix_a on a"_s}};
    entry.backup = BackupRecord{.file = u"/b/x.dump"_s, .size = 4096, .sha256 = u"beef"_s};
    entry.steps = {
        JournalStep{.revision = RevisionId(u"bbb"_s),
                    .message = u"Add <it>"_s,
                    .state = StepState::Done,
                    .duration = 1200ms,
                    .signOff = {.approvedBy = {u"Grace <grace@example.org>"_s},
                                .accepted = {{.finding = u"drops-table@old"_s,
                                              .reason = u"nobody reads it"_s,
                                              .by = u"Grace"_s}}},
                    .statements = {{.text = u"UPDATE a SET b = 1 WHERE c < 2 AND d = '</pre><script>'"_s,
                                    .duration = 1100ms,
                                    .rows = 12}},
                    .statementCount = 700},
        JournalStep{.revision = RevisionId(u"ccc"_s),
                    .state = StepState::Failed,
                    .error = u"relation \"x\" & more"_s,
                    .statements = {{.text = u"CREATE INDEX\u202e ix_a"_s, .ok = false}},
                    .statementCount = 1}};
    entry.after = {{.kind = JournalAfter::Log,
                    .what = u"/var/log/app.log"_s,
                    .ok = false,
                    .text = u"2 lines tell of trouble."_s,
                    .lines = {u"ERROR <one>"_s, u"ERROR two"_s},
                    .duration = 60s}};
    return entry;
}

/// A CSV reader as strict as RFC 4180.
QList<QStringList> readCsv(const QString &csv)
{
    QList<QStringList> rows{{}};
    QString cell;
    bool quoted = false;
    for (qsizetype i = 0; i < csv.size(); ++i) {
        const QChar c = csv.at(i);
        if (quoted) {
            if (c != u'"')
                cell += c;
            else if (i + 1 < csv.size() && csv.at(i + 1) == u'"')
                cell += csv.at(++i);
            else
                quoted = false;
        } else if (c == u'"') {
            quoted = true;
        } else if (c == u',' || c == u'\r') {
            rows.last() += std::exchange(cell, {});
            if (c == u'\r') {
                if (csv.at(++i) != u'\n')
                    return {};
                rows += QStringList();
            }
        } else {
            return {}; // every cell is quoted
        }
    }
    rows.removeLast();
    return rows;
}

} // namespace

class tst_JournalExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }

    void json()
    {
        const QJsonObject run = toJson(sample());
        QCOMPARE(run["id"_L1].toInteger(), 14);
        QCOMPARE(run["uid"_L1].toString(), sample().uid);
        QCOMPARE(run["started"_L1].toString(), u"2026-11-22T14:06:32Z"_s);
        QCOMPARE(run["transactions"_L1].toString(), u"project"_s);
        QCOMPARE(run["left_behind"_L1][0].toString(), sample().leftBehind.first());
        QCOMPARE(run["to"_L1][0].toString(), u"bbb"_s);
        const QJsonValue step = run["steps"_L1][0];
        QCOMPARE(step["statements"_L1][0]["rows"_L1].toInteger(), 12);
        QCOMPARE(step["statements"_L1][0]["duration_ms"_L1].toInteger(), 1100);
        QCOMPARE(step["statements"_L1][0]["ok"_L1].toBool(), true);
        QCOMPARE(step["statement_count"_L1].toInteger(), 700);
        QCOMPARE(step["accepted"_L1][0]["reason"_L1].toString(), u"nobody reads it"_s);
        QVERIFY(run["steps"_L1][1]["statements"_L1][0]["rows"_L1].isNull());
        QCOMPARE(run["after"_L1][0]["kind"_L1].toString(), u"log"_s);
        QCOMPARE(run["after"_L1][0]["lines"_L1].toArray().size(), 2);
        QVERIFY(toJson(sample(), false)["steps"_L1][0]["statements"_L1].isUndefined());
        const QJsonObject all = QJsonDocument::fromJson(journalJson({sample(), sample()})).object();
        QCOMPARE(all["version"_L1].toInt(), 1);
        QCOMPARE(all["runs"_L1].toArray().size(), 2);
        QCOMPARE(all["runs"_L1][0].toObject(), run);
        JournalEntry shared = sample();
        shared.id = 0;
        shared.outcome = Outcome::Unknown;
        shared.backup.reset();
        QVERIFY(toJson(shared)["id"_L1].isNull());
        QVERIFY(toJson(shared)["to"_L1].isNull());
        QVERIFY(toJson(shared)["backup"_L1].isNull());
    }

    void csv()
    {
        JournalEntry other = sample();
        other.note = u"a \"quote\", a comma\r\nand a line"_s;
        const QByteArray bytes = journalCsv({sample(), other});
        const QList<QStringList> rows = readCsv(QString::fromUtf8(bytes));
        QCOMPARE(rows.size(), 3);
        const auto value = [&rows](int row, const QString &name) {
            return rows.at(row).value(rows.first().indexOf(name));
        };
        for (const QStringList &row : rows)
            QCOMPARE(row.size(), rows.first().size());
        QCOMPARE(value(1, u"id"_s), u"14"_s);
        QCOMPARE(value(1, u"outcome"_s), u"failed-with-changes"_s);
        QCOMPARE(value(1, u"statements"_s), u"701"_s);
        QCOMPARE(value(1, u"revisions"_s), u"bbb done\nccc failed"_s);
        QCOMPARE(value(2, u"note"_s), other.note);
        QCOMPARE(readCsv(QString::fromUtf8(journalCsv({}))).size(), 1);
    }

    void formulasAreText_data()
    {
        QTest::addColumn<QString>("note");
        QTest::addColumn<bool>("guarded");
        for (const QString &note : {u"=1+1"_s, u"+1"_s, u"-1"_s, u"@SUM(A1)"_s, u"\t=1"_s, u"\r=1"_s,
                                    u"  =1"_s, u"\n=1"_s, u"＝1"_s, u"=cmd|' /C calc'!A0"_s})
            QTest::addRow("%s", note.toUtf8().toPercentEncoding().constData()) << note << true;
        for (const QString &note : {u"a=1"_s, u""_s, u"'quoted"_s, u"1-1"_s})
            QTest::addRow("plain %s", qPrintable(note)) << note << false;
    }
    void formulasAreText()
    {
        QFETCH(QString, note);
        QFETCH(bool, guarded);
        JournalEntry entry = sample();
        entry.note = note;
        const QList<QStringList> rows = readCsv(QString::fromUtf8(journalCsv({entry})));
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows.at(1).at(rows.first().indexOf(u"note"_s)), guarded ? QString(u'\'' + note) : note);
    }

    void report()
    {
        const QString html = runReportHtml(sample());
        // The verdict first, then what it means, then the rest.
        QStringList order{u"Failed, changes were left"_s,
                          u"part of its work"_s,
                          u"INVALID index"_s,
                          u"migrator@db1"_s,
                          u"approved by Grace"_s,
                          u"CREATE INDEX"_s,
                          u"/b/x.dump"_s,
                          u"2 lines tell of trouble"_s};
        qsizetype at = html.indexOf(u"<body>"_s);
        for (const QString &text : order) {
            at = html.indexOf(text, at, Qt::CaseInsensitive);
            QVERIFY2(at > 0, qPrintable(text));
        }
        QVERIFY(html.contains(u"prefers-color-scheme: dark"_s));
        QVERIFY(html.contains(u"@media print"_s));
        QVERIFY(html.contains(u"699 more were executed"_s));
        QVERIFY(html.contains(u"1.1 s"_s));
    }

    void reportIsEscaped()
    {
        JournalEntry entry = sample();
        const QString evil = u"<script>alert(1)</script><img src=x onerror=y>\"'&%1 %2\u202e"_s;
        entry.target = {evil, evil};
        for (QString *text :
             {&entry.uid, &entry.databaseText, &entry.who, &entry.asked, &entry.message, &entry.note,
              &entry.backup->file, &entry.backup->sha256, &entry.backup->toolVersion})
            *text = evil;
        entry.from = entry.planned = entry.to = {RevisionId(evil)};
        entry.leftBehind = {evil};
        entry.after.first().what = entry.after.first().text = evil;
        entry.after.first().lines = {evil};
        JournalStep &step = entry.steps.first();
        step.revision = RevisionId(evil);
        step.message = step.fileHash = step.error = step.signOff.sqlHash = evil;
        step.signOff.approvedBy = {evil};
        step.signOff.accepted = {{.finding = evil, .reason = evil, .by = evil}};
        step.statements = {{.text = evil}};
        const QString html = runReportHtml(entry);
        QVERIFY(!html.contains(u"<script"_s));
        QVERIFY(!html.contains(u"<img"_s));
        QVERIFY(!html.contains(QChar(0x202e)));
        // Each place shows the text whole, marks of a format included.
        const QString shown =
            u"&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;&quot;'&amp;%1 %2‹U+202e›"_s;
        QVERIFY2(html.count(shown) >= 26, qPrintable(QString::number(html.count(shown))));
    }

    /// A page that is well-formed cannot have lost a bracket to some text.
    void reportIsWellFormed_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("full") << u"full"_s;
        QTest::newRow("empty") << u"empty"_s;
        QTest::newRow("backup") << u"backup"_s;
    }
    void reportIsWellFormed()
    {
        QFETCH(QString, kind);
        JournalEntry entry = kind == "full"_L1 ? sample() : JournalEntry{};
        if (kind == "backup"_L1) {
            entry.kind = RunKind::Backup;
            entry.backup = sample().backup;
        }
        QString body = runReportHtml(entry);
        body = body.sliced(body.indexOf(u"<body>"_s)).remove(u"</html>"_s).replace(u"<br>"_s, u"<br/>"_s);
        QXmlStreamReader reader(body);
        while (!reader.atEnd())
            reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QCOMPARE(body.contains(u"Backup</h2>"_s), true);
    }
};

QTEST_GUILESS_MAIN(tst_JournalExport)
#include "tst_journalexport.moc"
