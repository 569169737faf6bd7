// SPDX-License-Identifier: MIT
// Headers as they are written here, read by Python and real Alembic: each file of the corpus and random ones
// are edited, and Alembic has to find what was asked for and all else as before.
//
// STEPWELL_DIFFERENTIAL_FILES and STEPWELL_DIFFERENTIAL_SEED ask for another run of random files.
#include "migrations/alembic/headeredit.h"
#include "migrations/alembic/revisionfile.h"

#include <QDir>
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

using Answers = QMap<QString, QJsonObject>; ///< by file name

using Masks = QList<std::pair<QString, QString>>; ///< identifier and what stands for it

QString unmasked(QString text, const Masks &masks)
{
    for (const auto &[id, mask] : masks)
        text.replace(mask, id);
    return text;
}

QStringList texts(const QJsonObject &answer, const QString &key, const Masks &masks = {})
{
    QStringList result;
    for (const auto &item : answer[key].toArray())
        result += unmasked(item.toString(), masks);
    for (const auto &unordered : answer["unordered"_L1].toArray()) {
        if (unordered.toString() == key)
            result.sort();
    }
    return result;
}

QString answerText(const QJsonObject &answer, bool withDocstring, const Masks &masks = {})
{
    const QString docstring = answer["doc"_L1].toString() + u'\n' + answer["longdoc"_L1].toString();
    const auto list = [&](const QString &key) { return texts(answer, key, masks).join(u'|'); };
    return u"%1\ndown %2\nlabels %3\ndepends %4\n%5"_s.arg(
        unmasked(answer["revision"_L1].toString(), masks), list(u"down"_s), list(u"labels"_s),
        list(u"depends"_s), withDocstring ? unmasked(docstring, masks) : QString());
}

/// Alembic does odd things with an identifier that is empty.
bool hasEmptyIdentifier(const Revision &revision)
{
    return revision.id.isEmpty() || revision.downRevisions.contains(RevisionId()) ||
           revision.dependsOn.contains(QString());
}

QByteArray contents(const QString &file)
{
    QFile source(file);
    return source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
}

/// A text of the same length that is nowhere else; for identifiers of two letters or more.
QString maskOf(const QString &id, int number)
{
    return QString(u"Z"_s + QChar(u'A' + number)).leftJustified(id.size(), u'Q');
}

/// False if the docstring tells other identifiers than the variables: its lines become right then.
bool isDocstringTrue(const Revision &revision)
{
    for (const QStringView line : QStringView(revision.longMessage).tokenize(u'\n')) {
        const QStringView text = line.trimmed();
        QStringList parents;
        for (const QStringView item : text.mid(8).split(u','))
            parents += item.trimmed().toString();
        if (text.startsWith("Revision ID:"_L1) && text.mid(12).trimmed() != revision.id.text())
            return false;
        if (text.startsWith("Revises:"_L1) && parents != toTexts(revision.downRevisions))
            return false;
    }
    return true;
}

} // namespace

class HeaderDifferential : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void exchangesEveryIdentifier_data() { sources(); }
    void exchangesEveryIdentifier();
    void givesOtherLists_data() { sources(); }
    void givesOtherLists();

private:
    static void sources();
    Answers ask(const QStringList &arguments);
    /// The files to be edited, with Alembic's answers.
    Answers before(const QString &corpus);
    void write(const QString &name, const QByteArray &content) const;
    void report(qsizetype count) const;

    std::unique_ptr<QTemporaryDir> m_random;
    std::unique_ptr<QTemporaryDir> m_edited;
    QStringList m_differences;
};

void HeaderDifferential::init()
{
    QTest::failOnWarning();
    m_differences.clear();
    m_random = std::make_unique<QTemporaryDir>();
    m_edited = std::make_unique<QTemporaryDir>();
}

void HeaderDifferential::sources()
{
    QTest::addColumn<QString>("corpus");
    QTest::newRow("corpus") << QString(qEnvironmentVariable("STEPWELL_SOURCE") +
                                       u"/tests/differential/revisions"_s);
    QTest::newRow("random") << QString();
}

Answers HeaderDifferential::ask(const QStringList &arguments)
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
    Answers answers;
    while (!oracle.atEnd()) {
        const QJsonObject answer = QJsonDocument::fromJson(oracle.readLine()).object();
        answers.insert(QFileInfo(answer["file"_L1].toString()).fileName(), answer);
    }
    return answers;
}

Answers HeaderDifferential::before(const QString &corpus)
{
    if (!corpus.isEmpty())
        return ask({u"revisions"_s, corpus});
    return ask({u"generate"_s, m_random->path(),
                qEnvironmentVariable("STEPWELL_DIFFERENTIAL_FILES", u"3000"_s),
                qEnvironmentVariable("STEPWELL_DIFFERENTIAL_SEED", u"20240301"_s)});
}

void HeaderDifferential::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_edited->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void HeaderDifferential::report(qsizetype count) const
{
    qInfo("%lld files edited", static_cast<long long>(count));
    constexpr qsizetype shown = 5;
    QVERIFY2(m_differences.isEmpty(),
             qPrintable(u"%1 differences in %2 files; the first:\n%3"_s.arg(m_differences.size())
                            .arg(count)
                            .arg(m_differences.first(qMin(shown, m_differences.size())).join(u'\n'))));
}

/// All identifiers become others of the same length: with them put back, everything is as before, in the file
/// and for Alembic.
void HeaderDifferential::exchangesEveryIdentifier()
{
    QFETCH(const QString, corpus);
    const Answers answers = before(corpus);
    QHash<QString, Masks> masks;
    QSet<QString> stale;
    int compared = 0;
    for (const auto &[name, answer] : answers.asKeyValueRange()) {
        const QString file = answer["file"_L1].toString();
        const QByteArray source = contents(file);
        const auto revision = parseRevision(source, file);
        if (!revision || answer["outcome"_L1] != u"ok"_s || hasEmptyIdentifier(*revision))
            continue;
        Masks used;
        const auto masked = [&](const QStringList &ids) {
            QStringList all;
            for (const QString &id : ids) {
                const auto known = std::ranges::find(used, id, &std::pair<QString, QString>::first);
                const bool isNew = known == used.end();
                const QString mask = isNew ? maskOf(id, static_cast<int>(used.size())) : known->second;
                if (isNew)
                    used.emplaceBack(id, mask);
                all += mask;
            }
            return all;
        };
        const HeaderEdit edit{.revision = RevisionId(masked({revision->id.text()}).front()),
                              .downRevisions = toRevisionIds(masked(toTexts(revision->downRevisions))),
                              .dependsOn = masked(revision->dependsOn)};
        const auto result = editHeader(source, file, edit);
        if (!result) {
            m_differences +=
                QString(name + u": "_s + toText(result.error()) + u'\n' + QString::fromUtf8(source));
            continue;
        }
        masks.insert(name, used);
        write(name, *result);
        if (!isDocstringTrue(*revision))
            stale += name;
        QByteArray back = *result;
        for (const auto &[id, mask] : std::as_const(used))
            back.replace(mask.toUtf8(), id.toUtf8());
        // Identifiers may be written in pieces, or as escapes.
        const bool isPlain = std::ranges::all_of(used, [&](const auto &one) {
            return one.first.size() > 1 && source.contains(one.first.toUtf8());
        });
        if (!isPlain || stale.contains(name) || back.size() != source.size())
            continue;
        ++compared;
        if (back != source)
            m_differences += QString(name + u"\n"_s + QString::fromUtf8(source) + QString::fromUtf8(*result));
    }
    const Answers after = ask({u"revisions"_s, m_edited->path()});
    QCOMPARE(after.size(), masks.size());
    for (const auto &[name, used] : masks.asKeyValueRange()) {
        const bool withDocstring = !stale.contains(name);
        const QString got = answerText(after.value(name), withDocstring, used);
        const QString expected = answerText(answers.value(name), withDocstring);
        if (got != expected)
            m_differences += u"%1\n%2\nbefore: %3\nafter: %4"_s.arg(
                name, QString::fromUtf8(contents(m_edited->filePath(name))), expected, got);
    }
    qInfo("%d of them compared byte by byte", compared);
    report(masks.size());
    QVERIFY(masks.size() > answers.size() / 6);
    QVERIFY(compared > masks.size() / 8);
}

/// No parents, more, fewer, others.
void HeaderDifferential::givesOtherLists()
{
    QFETCH(const QString, corpus);
    const Answers answers = before(corpus);
    QHash<QString, Revision> wanted;
    int number = 0;
    for (const auto &[name, answer] : answers.asKeyValueRange()) {
        const QString file = answer["file"_L1].toString();
        const QByteArray source = contents(file);
        const auto revision = parseRevision(source, file);
        if (!revision || answer["outcome"_L1] != u"ok"_s || hasEmptyIdentifier(*revision))
            continue;
        const auto changed = [&](QStringList ids) {
            switch (number++ % 5) {
            case 0:
                return QStringList();
            case 1:
                return ids << u"n'e\\w"_s;
            case 2:
                return ids.mid(1);
            case 3:
                return QStringList{u"\u00fcber"_s} + ids;
            default:
                return QStringList{u"p"_s, u"q\"r"_s, u"s t"_s};
            }
        };
        Revision asked = *revision;
        asked.downRevisions = toRevisionIds(changed(toTexts(asked.downRevisions)));
        asked.dependsOn = changed(asked.dependsOn);
        const auto result =
            editHeader(source, file, {.downRevisions = asked.downRevisions, .dependsOn = asked.dependsOn});
        if (!result) {
            m_differences +=
                QString(name + u": "_s + toText(result.error()) + u'\n' + QString::fromUtf8(source));
            continue;
        }
        wanted.insert(name, asked);
        write(name, *result);
    }
    const Answers after = ask({u"revisions"_s, m_edited->path()});
    for (const auto &[name, revision] : wanted.asKeyValueRange()) {
        const QJsonObject answer = after.value(name);
        const auto sorted = [&](QStringList ids) {
            ids.sort();
            return ids.join(u'|');
        };
        const QString expected = u"%1\n%2\n%3\n%4"_s.arg(
            revision.id.text(), sorted(toTexts(revision.downRevisions)), sorted(revision.dependsOn),
            sorted(texts(answers.value(name), u"labels"_s)));
        const QString got =
            u"%1\n%2\n%3\n%4"_s.arg(answer["revision"_L1].toString(), sorted(texts(answer, u"down"_s)),
                                    sorted(texts(answer, u"depends"_s)), sorted(texts(answer, u"labels"_s)));
        if (got != expected)
            m_differences += u"%1\n%2\nasked for: %3\nPython: %4 %5"_s.arg(
                name, QString::fromUtf8(contents(m_edited->filePath(name))), expected, got,
                answer["error"_L1].toString());
    }
    report(wanted.size());
    QVERIFY(wanted.size() > answers.size() / 6);
}

QTEST_GUILESS_MAIN(HeaderDifferential)
#include "tst_headerdifferential.moc"
