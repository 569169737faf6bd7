// SPDX-License-Identifier: MIT
// Inis read by Stepwell and by the real ConfigParser and Alembic 1.13.2, on fixed and random texts.
//
// Where Alembic has changed since, the oracle answers as the newer ones do and says so (config_oracle.py).
// One difference stays: a text that stands for more than 64 Ki characters through its references, which
// Python would build as long as there is memory. tst_inifile has it.
//
// STEPWELL_DIFFERENTIAL_INIS and STEPWELL_DIFFERENTIAL_SEED ask for a longer run than the fixed one.
#include "migrations/config/alembicconfig.h"
#include "migrations/config/inifile.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

QString asText(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject valuesOf(const IniFile &ini, const QString &section)
{
    QJsonObject values;
    for (const QString &option : ini.options(section)) {
        const auto value = ini.value(section, option);
        values[option] = value ? QJsonValue(*value) : QJsonValue();
    }
    return values;
}

QJsonObject parsed(const Result<IniFile> &ini)
{
    if (!ini)
        return {{u"error"_s, true}};
    QJsonObject values;
    for (const QString &section : ini->sections() + QStringList{u"DEFAULT"_s})
        values[section] = valuesOf(*ini, section);
    return {{u"sections"_s, QJsonArray::fromStringList(ini->sections())}, {u"values"_s, values}};
}

/// A package that nobody finds is an error of Alembic's, and a question to Python for us.
QJsonObject settingsOf(const Result<AlembicConfig> &config)
{
    if (!config || !config->unlocatedPackages.isEmpty())
        return {{u"error"_s, true}};
    return {{u"dir"_s, config->scriptLocation},
            {u"locations"_s, QJsonArray::fromStringList(config->versionLocations)},
            {u"recursive"_s, config->recursive}};
}

} // namespace

class ConfigDifferential : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(); }
    void agreesWithAlembic();

private:
    void compare(const QString &file, const QJsonObject &answer);
    void note(const QString &question, const QJsonObject &expected, const QJsonObject &got);
    void checkError(const QString &file, const Error &error);

    QByteArray m_ini;
    QStringList m_differences;
    int m_settings = 0;
    int m_errors = 0;
};

void ConfigDifferential::note(const QString &question, const QJsonObject &expected, const QJsonObject &got)
{
    if (expected != got)
        m_differences += u"%1\n%2\nPython:   %3\nStepwell: %4\n"_s.arg(
            QString::fromUtf8(m_ini).replace(QChar(0), u"NUL"_s), question, asText(expected), asText(got));
}

/// An error names its file, and its line unless something is missing as a whole.
void ConfigDifferential::checkError(const QString &file, const Error &error)
{
    const bool missing = error.message.contains(" has no "_L1);
    if (error.kind != ErrorKind::InvalidConfig || error.hint.isEmpty() ||
        !error.message.startsWith(missing ? file : QString(file + u", line "_s)))
        m_differences += u"%1\nno good message: %2\n"_s.arg(QString::fromUtf8(m_ini), toText(error));
}

void ConfigDifferential::compare(const QString &file, const QJsonObject &answer)
{
    m_ini = QByteArray::fromBase64(answer["ini"_L1].toString().toLatin1());
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly) && out.write(m_ini) == m_ini.size());
    out.close();
    const auto ini = IniFile::read(file);
    note(u"ini"_s, answer["parsed"_L1].toObject(), parsed(ini));
    if (!ini)
        checkError(file, ini.error());
    const QJsonObject settings = answer["settings"_L1].toObject();
    for (auto at = settings.begin(); at != settings.end(); ++at) {
        const auto config = readAlembicConfig(file, at.key());
        note(u"settings of "_s + at.key(), at->toObject(), settingsOf(config));
        if (!config) {
            ++m_errors;
            checkError(file, config.error());
            continue;
        }
        ++m_settings;
        QJsonObject options;
        for (const auto &[name, value] : config->options.asKeyValueRange())
            options[name] = value;
        QJsonObject expected = answer["parsed"_L1]["values"_L1][at.key()].toObject();
        for (const QString &name : expected.keys()) {
            if (expected[name].isNull())
                expected.remove(name);
        }
        note(u"options of "_s + at.key(), expected, options);
    }
}

void ConfigDifferential::agreesWithAlembic()
{
    const QString inis = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_INIS", u"4000"_s);
    const QString seed = qEnvironmentVariable("STEPWELL_DIFFERENTIAL_SEED", u"20240229"_s);
    QTemporaryDir folder;
    QVERIFY(folder.isValid());
    QProcess oracle;
    oracle.start(u"python3"_s,
                 {qEnvironmentVariable("STEPWELL_SOURCE") + u"/tests/differential/config_oracle.py"_s,
                  folder.path(), inis, seed});
    int count = 0;
    while (oracle.canReadLine() || oracle.waitForReadyRead(-1)) {
        for (; oracle.canReadLine(); ++count)
            compare(folder.filePath(u"stepwell.ini"_s), QJsonDocument::fromJson(oracle.readLine()).object());
    }
    QVERIFY2(oracle.state() == QProcess::NotRunning || oracle.waitForFinished(),
             qPrintable(oracle.errorString()));
    QVERIFY2(oracle.exitCode() == 0, oracle.readAllStandardError().constData());
    qInfo("%d inis, %d settings read, %d refused", count, m_settings, m_errors);
    QVERIFY(count > inis.toInt());
    QVERIFY(m_settings > count / 5);
    constexpr qsizetype shown = 5;
    QVERIFY2(m_differences.isEmpty(),
             qPrintable(u"%1 differences in %2 inis; the first:\n%3"_s.arg(m_differences.size())
                            .arg(count)
                            .arg(m_differences.first(qMin(shown, m_differences.size())).join(u'\n'))));
}

QTEST_GUILESS_MAIN(ConfigDifferential)
#include "tst_configdifferential.moc"
