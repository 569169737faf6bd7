// SPDX-License-Identifier: MIT
#include "tests/repair/repairedhistory.h"

#include "migrations/alembic/changerecord.h"
#include "tests/support/testfiles.h"

#include <QJsonDocument>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

HistoryMaker::HistoryMaker(const QString &url)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PYTHONHASHSEED"_s, u"0"_s); // the same histories each time
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(
        u"python3"_s,
        {QString(qEnvironmentVariable("STEPWELL_SOURCE") + u"/tests/repair/historymaker.py"_s), url});
    if (!m_process.waitForStarted())
        qFatal("no python3");
}

HistoryMaker::~HistoryMaker()
{
    m_process.closeWriteChannel();
    m_process.waitForFinished();
}

QJsonObject HistoryMaker::ask(const QJsonObject &question)
{
    m_process.write(QJsonDocument(question).toJson(QJsonDocument::Compact) + '\n');
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(60000))
            qFatal("the maker of histories does not answer: %s",
                   QJsonDocument(question).toJson(QJsonDocument::Compact).constData());
    }
    const QJsonObject answer = QJsonDocument::fromJson(m_process.readLine()).object();
    return answer;
}

RepairedHistory::RepairedHistory(HistoryMaker &maker, const QString &folder, int seed)
    : m_maker(maker), m_folder(folder), m_seed(seed)
{
}

QString RepairedHistory::mend()
{
    const QJsonObject made =
        m_maker.ask({{u"what"_s, u"make"_s}, {u"folder"_s, m_folder}, {u"seed"_s, m_seed}});
    if (made.contains(u"error"))
        return QString(u"not made: "_s + made[u"error"].toString());
    m_kind = made[u"kind"].toString();
    m_databases = made[u"databases"].toArray();
    m_component = {.name = u"app"_s, .config = made[u"config"].toString(), .python = {u"python3"_s}};
    if (m_kind == "crash"_L1) {
        if (const auto broken = breakOff(); !broken)
            return toText(broken.error());
    }
    constexpr int rounds = 10;
    for (int round = 0;; ++round) {
        const auto history = read();
        if (!history)
            return toText(history.error());
        QList<Trouble> troubles = diagnoseHistory(*history);
        if (troubles.isEmpty())
            break;
        lookInGit(troubles, *history);
        const Trouble &trouble = troubles.constFirst();
        m_last = QString(trouble.title + u": "_s + trouble.text);
        if (round == rounds)
            return QString(u"still after ten repairs: "_s + m_last);
        auto offer = std::ranges::find_if(trouble.offers, [](const RepairOffer &one) {
            return one.whyNot.isEmpty() && one.action != RepairOffer::OpenFile &&
                   one.action != RepairOffer::OtherFiles;
        });
        // A merge is advised where databases would have to go down: the way over them is tried all the same.
        if (m_kind == "applied"_L1) {
            const auto rebase =
                std::ranges::find_if(offer, trouble.offers.cend(), [](const RepairOffer &one) {
                    return one.whyNot.isEmpty() && one.action == RepairOffer::Repair &&
                           one.request.kind == RepairKind::Rebase;
                });
            offer = rebase == trouble.offers.cend() ? offer : rebase;
        }
        if (offer == trouble.offers.cend()) {
            for (const RepairOffer &one : trouble.offers)
                m_last += QString(u"\n  "_s + one.label + u": "_s + one.whyNot);
            return QString(u"no way out of "_s + m_last);
        }
        const auto taken = take(*history, *offer);
        if (!taken)
            return QString(m_last + u"\n  "_s + offer->label + u": "_s + toText(taken.error()));
    }
    QJsonArray schemas;
    for (const QJsonValue &database : std::as_const(m_databases))
        schemas += database[u"schema"];
    const QJsonObject judged = m_maker.ask(
        {{u"what"_s, u"judge"_s}, {u"folder"_s, m_folder}, {u"seed"_s, m_seed}, {u"databases"_s, schemas}});
    if (judged.contains(u"error"))
        return judged[u"error"].toString();
    return judged[u"faults"].toVariant().toStringList().join(u'\n');
}

Result<History> RepairedHistory::read()
{
    const ScriptSource source{.config = m_component.config, .python = m_component.python};
    QList<Target> targets;
    QList<TargetStatus> statuses;
    for (const QJsonValue &database : std::as_const(m_databases)) {
        Target target{.id = {.environment = database[u"environment"].toString(), .component = u"app"_s},
                      .component = m_component,
                      .config = m_component.config};
        target.environment.name = target.id.environment;
        if (database[u"protected"].toBool())
            target.environment.protection = Protection::Protected;
        DatabaseState state;
        state.rows = toRevisionIds(m_maker.ask({{u"what"_s, u"rows"_s}, {u"schema"_s, database[u"schema"]}})
                                       .value(u"rows")
                                       .toVariant()
                                       .toStringList());
        targets += target;
        statuses += assessTarget(target, ScriptDirectory::survey(source), state);
    }
    return readHistory(m_component, source, targets, statuses);
}

/// A rebase that ends in its middle: the record is there, some of the files are changed.
Result<void> RepairedHistory::breakOff()
{
    const auto history = read();
    if (!history)
        return std::unexpected(history.error());
    for (const Trouble &trouble : diagnoseHistory(*history)) {
        for (const RepairOffer &offer : trouble.offers) {
            if (offer.request.kind != RepairKind::Rebase || !offer.whyNot.isEmpty())
                continue;
            const auto plan = planRepair(*history, offer.request);
            if (!plan)
                return std::unexpected(plan.error());
            const QString folder = history->scripts.config.scriptLocation;
            const auto lock = ChangeLock::create(folder, {.record = changeRecordFile(folder),
                                                          .what = plan->title,
                                                          .begun = QDateTime::currentDateTimeUtc(),
                                                          .changes = plan->changes});
            if (!lock)
                return std::unexpected(lock.error());
            const qsizetype changed = m_seed % (plan->changes.size() + 1);
            for (const FileChange &change : plan->changes.first(changed))
                writeFile(change.file, *change.after);
            m_deeds += u"crash"_s;
            return {};
        }
    }
    return failure(ErrorKind::Internal, u"There is nothing to break off."_s);
}

Result<void> RepairedHistory::take(const History &history, const RepairOffer &offer)
{
    const auto unfinished = [&] { return findUnfinishedChange(history.scripts.config.scriptLocation); };
    switch (offer.action) {
    case RepairOffer::Repair:
        m_deeds += repairKindName(offer.request.kind);
        return write(history, offer.request);
    case RepairOffer::Stamp:
        m_deeds += u"stamp"_s;
        return run(u"stamp"_s, offer.target, QJsonArray::fromStringList(offer.stampTo));
    case RepairOffer::FinishChange:
        m_deeds += u"finish"_s;
        return unfinished().and_then([](const auto &change) { return finishChange(*change); });
    case RepairOffer::UndoChange:
        m_deeds += u"undo"_s;
        return unfinished().and_then([](const auto &change) { return undoChange(*change); });
    case RepairOffer::OtherFiles:
    case RepairOffer::OpenFile:
        break;
    }
    return failure(ErrorKind::Internal, u"That needs a person."_s);
}

Result<void> RepairedHistory::write(const History &history, const RepairRequest &request)
{
    const auto plan = planRepair(history, request);
    if (!plan)
        return std::unexpected(plan.error());
    if (plan->detours.isEmpty()) {
        return read().and_then([&](const History &now) {
            return checkStillTrue(*plan, now).and_then([&] { return writeRepair(now, *plan); });
        });
    }
    const RepairRecord record = recordOf(history, *plan, m_folder, request.vouchedFor);
    return keepRepair(record).and_then([&] { return takeStages(record); }).and_then([&] {
        return closeRepair(record);
    });
}

/// As it goes after every kind of break: nothing is known but the record and what can be read now.
Result<void> RepairedHistory::takeStages(const RepairRecord &record)
{
    const qsizetype most = 2 * record.detours.size() + 1;
    for (qsizetype taken = 0; taken <= most; ++taken) {
        const auto now = read();
        if (!now)
            return std::unexpected(now.error());
        const QList<RepairStage> stages = stagesOf(record, *now);
        const auto next = std::ranges::find(stages, false, &RepairStage::isDone);
        if (next == stages.cend())
            return {};
        if (!next->isKnown)
            return failure(ErrorKind::Internal, u"not known: "_s + next->text);
        if (const auto done = takeStage(record, *next, *now); !done)
            return done;
    }
    return failure(ErrorKind::Internal, u"The stages do not end."_s);
}

Result<void> RepairedHistory::takeStage(const RepairRecord &record, const RepairStage &stage,
                                        const History &now)
{
    switch (stage.kind) {
    case RepairStage::RollBack:
        m_deeds += u"detour"_s;
        return planDowngrade(now.scripts.map, now.find(stage.target)->rows, stage.revision)
            .and_then([&](const Plan &plan) { return checkRollBack(stage, plan); })
            .and_then([&] { return run(u"downgrade"_s, stage.target, stage.revision); });
    case RepairStage::WriteFiles:
        return writeRecorded(record, now);
    case RepairStage::Upgrade:
        return run(u"upgrade"_s, stage.target, stage.revision);
    }
    Q_UNREACHABLE_RETURN({});
}

Result<void> RepairedHistory::run(const QString &what, const TargetId &target, const QJsonValue &to)
{
    for (const QJsonValue &database : std::as_const(m_databases)) {
        if (database[u"environment"].toString() != target.environment)
            continue;
        const QJsonObject ran = m_maker.ask({{u"what"_s, what},
                                             {u"folder"_s, m_folder},
                                             {u"schema"_s, database[u"schema"]},
                                             {u"target"_s, to}});
        if (ran.contains(u"error"))
            return failure(ErrorKind::MigrationFailed, u"Alembic stopped."_s, {}, ran[u"error"].toString());
    }
    return {};
}

} // namespace stepwell
