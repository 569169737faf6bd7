// SPDX-License-Identifier: MIT
#include "tests/support/scratchproject.h"

#include "tests/support/testfiles.h"

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

const char *const envHead = R"(from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
target_metadata = None


def run_migrations_offline():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()

)";

const char *const envSync = R"(
def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()

)";

const char *const envAsync = R"(
def do_run_migrations(connection):
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_async_migrations():
    connectable = async_engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()


def run_migrations_online():
    asyncio.run(run_async_migrations())

)";

const char *const envTail = R"(
if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
)";

const char *const ini = R"([alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = URL

[loggers]
keys = root,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
)";

QString quoted(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return QString(u'"' + escaped + u'"');
}

/// None, one string, or a tuple.
QString pythonValue(const QStringList &values)
{
    if (values.isEmpty())
        return u"None"_s;
    if (values.size() == 1)
        return quoted(values.first());
    QStringList all;
    for (const QString &value : values)
        all += quoted(value);
    return QString(u'(' + all.join(u", "_s) + u')');
}

QString body(const QString &lines)
{
    QString text;
    const QStringList all = (lines.trimmed().isEmpty() ? u"pass"_s : lines).split(u'\n');
    for (const QString &line : all)
        text += line.isEmpty() ? u"\n"_s : QString(u"    "_s + line + u'\n');
    return text;
}

} // namespace

ScratchProject::ScratchProject(const QString &url, Environment environment) : m_url(url)
{
    if (!m_folder.isValid())
        qFatal("no temporary folder: %s", qPrintable(m_folder.errorString()));
    const QString driver = environment == AsyncAsyncpg  ? u"asyncpg"_s
                           : environment == SyncPsycopg ? u"psycopg"_s
                                                        : u"psycopg2"_s;
    if (m_url.startsWith(u"postgresql://"_s))
        m_url.replace(0, 10, QString(u"postgresql+"_s + driver));
    QString iniUrl = m_url;
    iniUrl.replace(u'%', u"%%"_s);
    writeFile(config(), QString::fromLatin1(ini).replace(u"URL"_s, iniUrl));
    QString env = QString::fromLatin1(envHead);
    if (environment == AsyncAsyncpg) {
        env.prepend(u"import asyncio\n"_s);
        env.replace(
            u"from sqlalchemy import engine_from_config, pool\n"_s,
            u"from sqlalchemy import pool\nfrom sqlalchemy.ext.asyncio import async_engine_from_config\n"_s);
        env += QString::fromLatin1(envAsync);
    } else {
        env += QString::fromLatin1(envSync);
    }
    writeFile(envFile(), QString(env + QString::fromLatin1(envTail)));
    writeFile(QString(versionsDirectory() + u"/.keep"_s), QByteArray());
}

QString ScratchProject::config() const
{
    return m_folder.filePath(u"alembic.ini"_s);
}

QString ScratchProject::envFile() const
{
    return m_folder.filePath(u"migrations/env.py"_s);
}

QString ScratchProject::versionsDirectory() const
{
    return m_folder.filePath(u"migrations/versions"_s);
}

QString ScratchProject::addRevision(const QString &id, const QString &down, const QString &upgrade,
                                    const QString &downgrade)
{
    return addRevision(ScratchRevision{.id = id,
                                       .down = down.isEmpty() ? QStringList() : QStringList{down},
                                       .upgrade = upgrade,
                                       .downgrade = downgrade});
}

QString ScratchProject::addRevision(const ScratchRevision &revision)
{
    const QString path = u"%1/%2_.py"_s.arg(versionsDirectory(), revision.id);
    QString text = u"\"\"\""_s;
    text += revision.message.isEmpty() ? revision.id : revision.message;
    text += u"\n\nRevision ID: "_s + revision.id + u"\nRevises: "_s + revision.down.join(u", "_s) +
            u"\nCreate Date: 2026-01-02 03:04:05.678901\n\n\"\"\"\n"_s;
    text += u"import sqlalchemy as sa\nfrom alembic import op\n\n"_s;
    text += u"revision = "_s + quoted(revision.id) + u"\ndown_revision = "_s + pythonValue(revision.down);
    text += u"\nbranch_labels = "_s + pythonValue(revision.labels) + u"\ndepends_on = "_s +
            pythonValue(revision.dependsOn) + u'\n';
    text += u"\n\ndef upgrade():\n"_s + body(revision.upgrade);
    text += u"\n\ndef downgrade():\n"_s + body(revision.downgrade);
    writeFile(path, text);
    return path;
}

} // namespace stepwell
