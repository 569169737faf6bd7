// SPDX-License-Identifier: MIT
// Single revision files as read here, compared with Python and real Alembic: a corpus in which each file is
// one form, random files, and Python's own library.
//
// Known differences, all on purpose: a None among branch labels is dropped, as nobody can name it; the order
// of a set is chance in Alembic; a file that fails while it runs is read all the same.
//
// STEPWELL_DIFFERENTIAL_FILES and STEPWELL_DIFFERENTIAL_SEED ask for another run of random files than the
// fixed one, STEPWELL_DIFFERENTIAL_LIBRARY=all for every file of the library instead of a sample, or names a
// folder with other files.
#include "migrations/alembic/revisionfile.h"
#include "migrations/python/pythontokens.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QStringList texts(const QJsonValue &value)
{
    QStringList result;
    for (const auto &item : value.toArray())
        result += item.toString();
    return result;
}

QString listText(const QJsonObject &answer, const QString &key, QStringList items)
{
    // A set has no order.
    if (texts(answer["unordered"_L1]).contains(key))
        items.sort();
    return key + u" ["_s + items.join(u"|"_s) + u"]\n"_s;
}

QString answerText(const QJsonObject &answer)
{
    const auto list = [&](const QString &key) { return QString(listText(answer, key, texts(answer[key]))); };
    return u"revision "_s + answer["revision"_L1].toString() + u'\n' + list(u"down"_s) + list(u"labels"_s) +
           list(u"depends"_s) + u"doc "_s + answer["doc"_L1].toString() + u'\n' +
           answer["longdoc"_L1].toString();
}

QString revisionText(const QJsonObject &answer, const Revision &revision)
{
    return u"revision "_s + revision.id.text() + u'\n' +
           listText(answer, u"down"_s, toTexts(revision.downRevisions)) +
           listText(answer, u"labels"_s, revision.branchLabels) +
           listText(answer, u"depends"_s, revision.dependsOn) + u"doc "_s + revision.message + u'\n' +
           revision.longMessage;
}

QByteArray contents(const QString &file)
{
    QFile source(file);
    return source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
}

} // namespace

class FileDifferential : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsTheCorpus();
    void readsRandomFiles();
    void takesWhatPythonCompiles();

private:
    QList<QJsonObject> ask(const QStringList &arguments);
    void compare(const QJsonObject &answer);
    void note(const QJsonObject &answer, const QString &expected, const QString &got);
    void report(qsizetype count) const;

    QStringList m_differences;
    int m_read = 0;
    int m_computed = 0;
    int m_broken = 0;
    int m_brokenFound = 0;
};

void FileDifferential::init()
{
    QTest::failOnWarning();
    m_differences.clear();
    m_read = m_computed = m_broken = m_brokenFound = 0;
}

QList<QJsonObject> FileDifferential::ask(const QStringList &arguments)
{
    QProcess oracle;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PYTHONHASHSEED"_s, u"0"_s);
    environment.insert(u"PYTHONDONTWRITEBYTECODE"_s, u"1"_s);
    oracle.setProcessEnvironment(environment);
    const QString script = qEnvironmentVariable("STEPWELL_SOURCE") + u"/tests/differential/file_oracle.py"_s;
    oracle.start(u"python3"_s, QStringList{script} + arguments);
    if (!oracle.waitForFinished(-1) || oracle.exitCode() != 0) {
        m_differences += QString::fromUtf8(oracle.readAllStandardError());
        return {};
    }
    QList<QJsonObject> answers;
    while (!oracle.atEnd())
        answers += QJsonDocument::fromJson(oracle.readLine()).object();
    return answers;
}

void FileDifferential::note(const QJsonObject &answer, const QString &expected, const QString &got)
{
    if (expected == got)
        return;
    const QString file = answer["file"_L1].toString();
    m_differences += u"%1\n%2\n%3\nPython:\n%4\nStepwell:\n%5\n"_s.arg(
        file, QString::fromUtf8(contents(file)),
        QString::fromUtf8(QJsonDocument(answer).toJson(QJsonDocument::Compact)), expected, got);
}

void FileDifferential::report(qsizetype count) const
{
    qInfo("%lld files: %d read, %d left to Python, %d of %d that do not compile found",
          static_cast<long long>(count), m_read, m_computed, m_brokenFound, m_broken);
    constexpr qsizetype shown = 5;
    QVERIFY2(m_differences.isEmpty(),
             qPrintable(u"%1 differences in %2 files; the first:\n%3"_s.arg(m_differences.size())
                            .arg(count)
                            .arg(m_differences.first(qMin(shown, m_differences.size())).join(u'\n'))));
}

void FileDifferential::compare(const QJsonObject &answer)
{
    const QString file = answer["file"_L1].toString();
    const QString outcome = answer["outcome"_L1].toString();
    const bool plain = answer["plain"_L1].toBool();
    const auto revision = readRevisionFile(file, ReadDepth::Facts);
    const QString error = revision ? QString() : kindName(revision.error().kind);
    const bool computed = !revision && revision.error().kind == ErrorKind::ComputedHeader;
    m_read += revision ? 1 : 0;
    m_computed += computed ? 1 : 0;
    if (outcome == "syntax"_L1) {
        ++m_broken;
        m_brokenFound += !revision && revision.error().kind == ErrorKind::InvalidPython ? 1 : 0;
        return;
    }
    if (computed)
        return note(answer, u"not plain"_s, plain ? error : u"not plain"_s);
    if (!revision && revision.error().kind == ErrorKind::InvalidPython)
        return note(answer, u"it compiles"_s, revision.error().message);
    if (outcome == "ok"_L1)
        return note(answer, answerText(answer),
                    revision ? revisionText(answer, *revision) : revision.error().message);
    if (outcome == "invalid"_L1 || outcome == "odd"_L1)
        return note(answer, u"invalid-revision-file"_s, revision ? revisionText(answer, *revision) : error);
}

void FileDifferential::readsTheCorpus()
{
    const QString folder = qEnvironmentVariable("STEPWELL_SOURCE") + u"/tests/differential/revisions"_s;
    const QList<QJsonObject> answers = ask({u"revisions"_s, folder});
    for (const QJsonObject &answer : answers) {
        compare(answer);
        // The names of the files say what they are.
        const QString file = answer["file"_L1].toString();
        const auto revision = readRevisionFile(file, ReadDepth::Header);
        const QString kind = revision ? u"read"_s : kindName(revision.error().kind);
        const QString form = QFileInfo(file).baseName().section(u'_', 0, 0);
        note(answer,
             form == "syntax"_L1     ? u"invalid-python"_s
             : form == "computed"_L1 ? u"computed-header"_s
             : form == "invalid"_L1  ? u"invalid-revision-file"_s
                                     : u"read"_s,
             kind);
        note(answer, form == "syntax"_L1 ? u"syntax"_s : u"compiles"_s,
             answer["outcome"_L1].toString() == "syntax"_L1 ? u"syntax"_s : u"compiles"_s);
    }
    report(answers.size());
    QVERIFY(answers.size() > 250);
}

void FileDifferential::readsRandomFiles()
{
    const QTemporaryDir folder;
    QVERIFY(folder.isValid());
    const QString count = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_FILES", u"3000"_s);
    const QString seed = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_SEED", u"20240229"_s);
    const QList<QJsonObject> answers = ask({u"generate"_s, folder.path(), count, seed});
    for (const QJsonObject &answer : answers)
        compare(answer);
    report(answers.size());
    QCOMPARE(answers.size(), count.toInt());
    // Enough of each kind, or the comparison says nothing.
    QVERIFY(m_read > answers.size() / 6);
    QVERIFY(m_computed > answers.size() / 20);
    QVERIFY(m_brokenFound > m_broken / 2);
}

void FileDifferential::takesWhatPythonCompiles()
{
    const QString wanted = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_LIBRARY");
    QStringList arguments{u"library"_s, wanted.isEmpty() ? u"4"_s : u"1"_s};
    if (wanted.startsWith(u'/'))
        arguments += wanted;
    const QList<QJsonObject> answers = ask(arguments);
    for (const QJsonObject &answer : answers) {
        const PythonTokens tokens = PythonTokens::read(contents(answer["file"_L1].toString()));
        const bool faulty = tokens.fault() != PythonFault::None;
        if (!answer["compiles"_L1].toBool()) {
            ++m_broken;
            m_brokenFound += faulty ? 1 : 0;
        } else if (faulty) {
            m_differences += u"%1, line %2: %3"_s.arg(answer["file"_L1].toString())
                                 .arg(tokens.faultLine())
                                 .arg(toText(tokens.fault()));
        }
    }
    report(answers.size());
    QVERIFY(answers.size() > 100);
}

QTEST_GUILESS_MAIN(FileDifferential)
#include "tst_filedifferential.moc"
