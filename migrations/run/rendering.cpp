// SPDX-License-Identifier: MIT
#include "migrations/run/rendering.h"

#include "migrations/run/renderkeys.h"
#include "migrations/sql/passwordliteral.h"

#include <QDateTime>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <optional>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

/// As many processes may end without rendering anything before the rest is given up.
constexpr int lostLimit = 3;

QByteArray entryOf(const RenderedSql &sql, const QStringList &reads, const QByteArray &state)
{
    const QJsonObject entry{{u"sql"_s, sql.sql},
                            {u"problem"_s, sql.problem},
                            {u"line"_s, sql.problemLine},
                            {u"statements"_s, sql.statements},
                            {u"by"_s, sql.renderedBy},
                            {u"reads"_s, QJsonArray::fromStringList(reads)},
                            {u"state"_s, QString::fromLatin1(state)}};
    return QJsonDocument(entry).toJson(QJsonDocument::Compact);
}

/// Nothing if one of the files it was made from has changed.
std::optional<RenderedSql> sqlOf(const QByteArray &data, const RenderStep &step, FileStates &files)
{
    const QJsonObject entry = QJsonDocument::fromJson(data).object();
    QStringList reads;
    for (const QJsonValue &read : entry[u"reads"].toArray())
        reads += read.toString();
    if (files.of(reads) != entry[u"state"].toString().toLatin1())
        return std::nullopt;
    return RenderedSql{.revision = step.step.revision,
                       .direction = step.direction,
                       .sql = entry[u"sql"].toString(),
                       .problem = entry[u"problem"].toString(),
                       .problemLine = entry[u"line"].toInt(),
                       .statements = entry[u"statements"].toInt(),
                       .renderedBy = entry[u"by"].toString(),
                       .fromCache = true};
}

class Renderer
{
public:
    Renderer(const TargetAccess &access, const QList<RenderStep> &steps, const RenderOptions &options)
        : m_access(access), m_steps(steps), m_options(options), m_results(steps.size())
    {
        if (m_options.cache)
            m_keys.emplace(access, *m_options.cache);
    }

    Result<QList<RenderedSql>> render()
    {
        lookUp();
        const Result<void> rendered = renderRest();
        if (m_inserted)
            m_options.cache->trim();
        if (!rendered)
            return std::unexpected(rendered.error());
        QList<RenderedSql> all;
        for (std::optional<RenderedSql> &one : m_results)
            all += *std::move(one);
        return all;
    }

private:
    void lookUp()
    {
        if (!m_keys || !m_keys->knowsRuntime() || m_options.refresh)
            return;
        for (qsizetype at = 0; at < m_steps.size() && !m_options.stop.stop_requested(); ++at) {
            const QByteArray key = m_keys->keyOf(m_steps.at(at));
            const auto entry = key.isEmpty() ? std::nullopt : m_options.cache->find(key);
            if (auto sql = entry ? sqlOf(*entry, m_steps.at(at), m_keys->files()) : std::nullopt)
                settle(at, *std::move(sql));
        }
    }

    void settle(qsizetype at, RenderedSql sql)
    {
        m_results[at] = std::move(sql);
        ++m_done;
        if (m_options.progress)
            m_options.progress(m_done, static_cast<int>(m_steps.size()), *m_results[at]);
    }

    [[nodiscard]] QList<qsizetype> missing() const
    {
        QList<qsizetype> open;
        for (qsizetype at = 0; at < m_results.size(); ++at) {
            if (!m_results[at])
                open += at;
        }
        return open;
    }

    Result<void> renderRest()
    {
        int lost = 0;
        for (QList<qsizetype> open = missing(); !open.isEmpty(); open = missing()) {
            if (m_options.stop.stop_requested())
                return failure(ErrorKind::Cancelled, u"Cancelled."_s);
            const Result<void> rendered = renderInOneProcess(open);
            if (missing().isEmpty())
                break; // also if Python was lost after the last of them
            const Error why = rendered ? Error{.kind = ErrorKind::ProcessFailed,
                                               .message = u"The project's Python left it out."_s}
                                       : rendered.error();
            const bool mayGoOn = why.kind == ErrorKind::ProcessFailed || why.kind == ErrorKind::Timeout;
            if (!mayGoOn || !m_began)
                return std::unexpected(why);
            const QList<qsizetype> rest = missing();
            lost = rest.first() == open.first() ? lost + 1 : 1;
            // The first that was not told is the one that ended Python; if env.py does, it is each of them.
            for (const qsizetype at : lost < lostLimit ? rest.first(1) : rest)
                settle(at, {.revision = m_steps.at(at).step.revision,
                            .direction = m_steps.at(at).direction,
                            .problem = why.message});
        }
        return {};
    }

    Result<void> renderInOneProcess(const QList<qsizetype> &open)
    {
        m_started = QDateTime::currentDateTimeUtc();
        m_began = false;
        m_reads.clear();
        m_stable = true;
        if (m_keys)
            m_keys.emplace(m_access, *m_options.cache); // files as they are now
        QList<RenderStep> wanted;
        for (const qsizetype at : open)
            wanted += m_steps.at(at);
        Bridge bridge(m_access.bridge);
        const Bridge::RenderHandlers handlers{
            .runtime =
                [this](const BridgeRuntime &runtime) {
                    m_began = true;
                    if (m_keys)
                        m_keys->setRuntime(runtime);
                },
            .rendered =
                [&](const BridgeRendering &rendering) { accept(open.at(rendering.index), rendering); }};
        return bridge.start(m_options.stop).and_then([&] {
            return bridge.render(wanted, m_options.each, handlers, m_options.stop);
        });
    }

    void accept(qsizetype at, const BridgeRendering &rendering)
    {
        m_reads += rendering.reads;
        if (m_keys && m_stable && rendering.repeatable && !holdsPassword(rendering.sql.sql)) {
            // Hashed first: what is saved between the two looks is then new to the second.
            const QByteArray key = m_keys->keyOf(m_steps.at(at));
            const QByteArray reads = m_keys->files().of(m_reads);
            m_stable = isOld(rendering.reads);
            if (!key.isEmpty() && m_stable && isOld(m_keys->filesOf(m_steps.at(at)))) {
                m_options.cache->insert(key, entryOf(rendering.sql, m_reads, reads));
                m_inserted = true;
            }
        }
        m_stable = m_stable && isOld(rendering.reads);
        settle(at, rendering.sql);
    }

    /// What changed since Python was started may have been read before or after.
    [[nodiscard]] bool isOld(const QStringList &paths) const
    {
        return std::ranges::none_of(paths, [this](const QString &path) {
            const QFileInfo info(path);
            return info.exists() && (info.lastModified(QTimeZone::UTC) > m_started ||
                                     info.metadataChangeTime(QTimeZone::UTC) > m_started);
        });
    }

    const TargetAccess &m_access;
    const QList<RenderStep> &m_steps;
    const RenderOptions &m_options;
    QList<std::optional<RenderedSql>> m_results;
    std::optional<RenderKeys> m_keys;
    QDateTime m_started;  ///< the Python process
    QStringList m_reads;  ///< by it, until now
    bool m_stable = true; ///< none of them changed since
    bool m_began = false; ///< Alembic was loaded
    bool m_inserted = false;
    int m_done = 0;
};

} // namespace

Result<QList<RenderedSql>> renderSteps(const TargetAccess &access, const QList<RenderStep> &steps,
                                       const RenderOptions &options)
{
    return Renderer(access, steps, options).render();
}

} // namespace stepwell
