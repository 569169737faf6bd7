// SPDX-License-Identifier: MIT
#include "app/reviewflow.h"

#include "app/savefile.h"
#include "migrations/review/reviewhtml.h"
#include "migrations/review/textdifference.h"
#include "views/componentpage.h"
#include "views/reviewexport.h"
#include "views/reviewpane.h"
#include "views/sqlsearch.h"

#include <QLocale>

#include <algorithm>

namespace stepwell {

using namespace Qt::StringLiterals;

ReviewFlow::ReviewFlow(KSyntaxHighlighting::Repository &repository, ComponentPage *page, QWidget *window)
    : QObject(window), m_repository(repository), m_page(page), m_window(window)
{
    ReviewPane *pane = page->reviewPane();
    connect(page, &ComponentPage::scriptNeeded, this, &ReviewFlow::revisionShown);
    connect(page, &ComponentPage::sqlNeeded, this, &ReviewFlow::showReview);
    connect(pane, &ReviewPane::changesNeeded, this, &ReviewFlow::showChanges);
    connect(pane, &ReviewPane::fileVersionRequested, this, &ReviewFlow::compareWithVersion);
    connect(pane, &ReviewPane::acceptRequested, this, &ReviewFlow::accept);
    connect(pane, &ReviewPane::reviewRequested, this, &ReviewFlow::store);
    connect(pane, &ReviewPane::saveSqlRequested, this, [this](const QString &sql) {
        chooseFile(tr("Save the SQL"), tr("SQL files (*.sql)"), u"sql"_s,
                   [sql](const QString &file) { return saveText(file, sql); });
    });
}

template<typename T>
void ReviewFlow::ask(QFuture<T> future, std::function<void(const T &)> answer)
{
    ++m_asked;
    Q_EMIT changed();
    future.then(this, [this, answer = std::move(answer)](const T &value) {
        --m_asked;
        answer(value);
        Q_EMIT changed();
    });
}

void ReviewFlow::setSession(WorkspaceSession *session)
{
    m_session = session;
    m_target = {};
    m_pending.clear();
    m_accepted.clear();
    ++m_request; // what is under way belongs to the workspace of before
    m_reviewing = false;
    if (session)
        ask<QString>(session->reviewer(), [this](const QString &name) {
            m_reviewer = name;
            m_page->reviewPane()->setReviewer(name);
        });
}

const TargetStatus *ReviewFlow::status() const
{
    return m_session ? m_session->status(m_target) : nullptr;
}

void ReviewFlow::setTarget(const TargetId &id)
{
    if (id != m_target) {
        m_target = id;
        m_pending.clear();
        m_page->setReviews({});
    }
    reviewPending(false);
}

void ReviewFlow::refresh()
{
    reviewPending(true);
}

void ReviewFlow::reviewPending(bool renderAnew)
{
    const int request = ++m_request;
    m_reviewing = false;
    const TargetStatus *now = status();
    const bool sound = now && now->scripts && now->scripts->problems.isEmpty() && now->database;
    const Result<Plan> plan =
        sound ? planUpgrade(now->scripts->map, now->current, u"heads"_s) : Result<Plan>(Plan());
    if (!plan || plan->steps.isEmpty()) {
        take({});
        return;
    }
    m_reviewing = true;
    ask<Result<QList<StepReview>>>(
        m_session->review(m_target, runSteps(*plan), Direction::Upgrade, WorkspaceSession::Reader::Reviewer,
                          renderAnew),
        [this, request](const Result<QList<StepReview>> &reviews) {
            if (request != m_request)
                return;
            m_reviewing = false;
            take(reviews.value_or(QList<StepReview>()));
            if (reviews)
                return;
            const RevisionId shown = m_page->reviewPane()->shownRevision();
            for (const Direction direction : {Direction::Upgrade, Direction::Downgrade})
                m_page->reviewPane()->setSqlError(shown, direction, reviews.error());
        });
}

void ReviewFlow::take(const QList<StepReview> &reviews)
{
    m_pending.clear();
    QHash<RevisionId, StepReview> byRevision;
    for (const StepReview &review : reviews) {
        m_pending += withAccepted(review);
        byRevision.insert(review.revision, m_pending.constLast());
    }
    m_page->setReviews(byRevision);
    if (m_search)
        m_search->setReviews(m_pending);
    const RevisionId shown = m_page->reviewPane()->shownRevision();
    if (const auto found = byRevision.constFind(shown); found != byRevision.constEnd()) {
        m_page->reviewPane()->setReview(*found);
        reviewAlone(shown, Direction::Downgrade);
        showEarlier(shown);
    }
    Q_EMIT changed();
}

/// Findings that somebody accepted here count as accepted, until a verdict says it for everybody.
StepReview ReviewFlow::withAccepted(StepReview review) const
{
    const Accepted known = m_accepted.value(m_target).value(review.revision);
    if (known.hashes == review.hashes)
        acceptFindings(review.lint, known.findings, tr("you"));
    return review;
}

void ReviewFlow::showReview(const RevisionId &id, Direction direction)
{
    const auto found = std::ranges::find(m_pending, id, &StepReview::revision);
    if (direction == Direction::Upgrade && found != m_pending.end()) {
        m_page->reviewPane()->setReview(*found);
        return;
    }
    m_page->reviewPane()->setRendering(id, direction);
    const TargetStatus *now = status();
    const bool comesWithTheRest = m_reviewing && now && now->pending.contains(id);
    if (direction == Direction::Downgrade || !comesWithTheRest)
        reviewAlone(id, direction);
}

/// One revision by itself, from the rows just below it (or above it).
void ReviewFlow::reviewAlone(const RevisionId &id, Direction direction)
{
    const TargetStatus *now = status();
    const Revision *revision = now && now->scripts ? now->scripts->map.find(id) : nullptr;
    if (!revision)
        return;
    ask<Result<QList<StepReview>>>(
        m_session->review(m_target, {stepOf(*revision, direction)}, direction,
                          WorkspaceSession::Reader::Reviewer),
        [this, id, direction, target = m_target](const Result<QList<StepReview>> &reviews) {
            if (target != m_target)
                return;
            if (!reviews)
                m_page->reviewPane()->setSqlError(id, direction, reviews.error());
            else if (!reviews->isEmpty())
                m_page->reviewPane()->setReview(withAccepted(reviews->first()));
        });
}

void ReviewFlow::revisionShown(const RevisionId &id, const QString &file)
{
    m_file = file;
    m_versions.clear();
    m_page->reviewPane()->setFileVersions({});
    if (!m_session || file.isEmpty())
        return;
    showEarlier(id);
    ask<QList<FileVersion>>(m_session->fileVersions(file), [this, file](const QList<FileVersion> &versions) {
        if (file != m_file)
            return;
        m_versions = versions;
        QStringList labels;
        for (const FileVersion &version : versions)
            labels += u"%1 · %2 · %3"_s.arg(QLocale().toString(version.when.date(), QLocale::ShortFormat),
                                            version.author, version.subject);
        m_page->reviewPane()->setFileVersions(labels);
    });
}

void ReviewFlow::showEarlier(const RevisionId &id)
{
    ask<QList<Review>>(m_session->reviews(m_target.component, id),
                       [this, id, target = m_target](const QList<Review> &reviews) {
                           if (target == m_target)
                               m_page->reviewPane()->setEarlierReviews(id, reviews);
                       });
}

void ReviewFlow::showChanges(const RevisionId &id)
{
    const auto found = std::ranges::find(m_pending, id, &StepReview::revision);
    if (found == m_pending.end() || !found->signOff.stale) {
        m_page->reviewPane()->setDifference({});
        return;
    }
    ask<ReviewedTexts>(
        m_session->reviewedTexts(*found->signOff.stale),
        [this, id, target = m_target, now = found->texts](const ReviewedTexts &before) {
            if (target != m_target || m_page->reviewPane()->shownRevision() != id)
                return;
            m_page->reviewPane()->setDifference(
                unifiedDiff(before.file, now.file, tr("approved file"), tr("file now")) +
                unifiedDiff(before.upgrade, now.upgrade, tr("approved upgrade SQL"), tr("upgrade SQL now")) +
                unifiedDiff(before.downgrade, now.downgrade, tr("approved downgrade SQL"),
                            tr("downgrade SQL now")));
        });
}

void ReviewFlow::compareWithVersion(int version)
{
    if (version < 0 || version >= m_versions.size())
        return;
    const QString label = m_versions.at(version).commit.first(10);
    ask<Result<ComparedFile>>(m_session->compareFile(m_file, m_versions.at(version)),
                              [this, file = m_file, label](const Result<ComparedFile> &compared) {
                                  if (file != m_file)
                                      return;
                                  if (!compared)
                                      Q_EMIT failed(tr("That version cannot be read"), compared.error());
                                  else
                                      m_page->reviewPane()->setDifference(unifiedDiff(
                                          compared->before, compared->now, label, tr("file now")));
                              });
}

QHash<RevisionId, QList<AcceptedFinding>> ReviewFlow::accepted(const TargetId &id) const
{
    QHash<RevisionId, QList<AcceptedFinding>> findings;
    const auto known = m_accepted.value(id);
    for (const StepReview &review : m_pending) {
        const auto here = known.constFind(review.revision);
        if (here != known.constEnd() && here->hashes == review.hashes)
            findings.insert(review.revision, here->findings);
    }
    return findings;
}

void ReviewFlow::accept(const StepReview &review, const QString &key, const QString &reason)
{
    Accepted &known = m_accepted[m_target][review.revision];
    if (known.hashes != review.hashes)
        known = {.hashes = review.hashes, .findings = {}};
    known.findings += AcceptedFinding{.key = key, .reason = reason};
    take(QList<StepReview>(m_pending));
    if (m_page->reviewPane()->shownRevision() == review.revision)
        m_page->reviewPane()->setReview(withAccepted(review));
}

void ReviewFlow::store(Verdict verdict, const QString &comment, const QList<AcceptedFinding> &accepted,
                       const QList<LineComment> &lineComments, const StepReview &shown)
{
    Review review{.component = m_target.component,
                  .revision = shown.revision,
                  .hashes = shown.hashes,
                  .verdict = verdict,
                  .reviewer = m_reviewer,
                  .when = QDateTime::currentDateTimeUtc(),
                  .comment = comment,
                  .lineComments = lineComments,
                  .accepted = accepted};
    const Accepted known = m_accepted.value(m_target).value(shown.revision);
    const bool fits = known.hashes == shown.hashes;
    for (const AcceptedFinding &here : fits ? known.findings : QList<AcceptedFinding>()) {
        if (std::ranges::find(review.accepted, here.key, &AcceptedFinding::key) == review.accepted.end())
            review.accepted += here;
    }
    ask<Result<QString>>(
        m_session->signOff(review, shown.texts),
        [this, id = shown.revision, target = m_target, verdict](const Result<QString> &file) {
            if (!file) {
                Q_EMIT failed(tr("The review could not be stored"), file.error());
                return;
            }
            m_page->reviewPane()->clearComments(id);
            m_accepted[target].remove(id); // the verdict says it now
            Q_EMIT done(verdict == Verdict::Approved
                            ? tr("%1 approved. Commit %2, so that others see it.").arg(id.text(), *file)
                            : tr("%1 rejected. Commit %2, so that others see it.").arg(id.text(), *file));
            const bool isPending = std::ranges::find(m_pending, id, &StepReview::revision) != m_pending.end();
            reviewPending(false);
            if (!isPending && m_page->reviewPane()->shownRevision() == id) {
                reviewAlone(id, Direction::Upgrade);
                showEarlier(id);
            }
        });
}

void ReviewFlow::search()
{
    if (!m_search) {
        m_search = new SqlSearch(m_window);
        m_search->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_search, &SqlSearch::openRequested, this,
                [this](const RevisionId &id, Direction direction, int line) {
                    if (m_page->selectRevision(id))
                        m_page->reviewPane()->showSqlLine(direction, line);
                });
    }
    m_search->setReviews(m_pending);
    m_search->show();
    m_search->raise();
    m_search->activateWindow();
}

QString ReviewFlow::reviewPage() const
{
    ReviewDocument document{
        .target = m_target.text(), .written = QDateTime::currentDateTime(), .reviews = m_pending};
    if (const TargetStatus *now = status()) {
        document.environment = now->connection.displayText();
        for (const StepReview &review : m_pending) {
            if (const Revision *revision = now->scripts ? now->scripts->map.find(review.revision) : nullptr)
                document.messages.insert(review.revision, revision->message);
        }
    }
    return reviewHtml(document, sqlHighlighter(m_repository));
}

void ReviewFlow::exportHtml()
{
    chooseFile(tr("Save the review"), tr("Web pages (*.html)"), u"html"_s,
               [page = reviewPage()](const QString &file) { return saveText(file, page); });
}

void ReviewFlow::exportPdf()
{
    chooseFile(tr("Save the review"), tr("PDF files (*.pdf)"), u"pdf"_s,
               [page = reviewPage(), title = tr("Review of %1").arg(m_target.text())](const QString &file) {
                   return writeReviewPdf(page, title, file);
               });
}

void ReviewFlow::chooseFile(const QString &title, const QString &filter, const QString &suffix,
                            const std::function<Result<void>(const QString &)> &write)
{
    chooseAndSave(m_window, {.title = title, .filter = filter, .suffix = suffix}, write,
                  [this](const QString &file, const Result<void> &written) {
                      if (written)
                          Q_EMIT done(tr("Saved to %1.").arg(file));
                      else
                          Q_EMIT failed(tr("It could not be saved"), written.error());
                  });
}

} // namespace stepwell
