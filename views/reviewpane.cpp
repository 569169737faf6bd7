// SPDX-License-Identifier: MIT
#include "views/reviewpane.h"

#include "models/reviewtext.h"
#include "views/changesview.h"
#include "views/chiplabel.h"
#include "views/codepane.h"
#include "views/codeview.h"
#include "views/elidedlabel.h"
#include "views/reasondialog.h"
#include "views/reviewdialog.h"
#include "views/revisiondetails.h"
#include "views/sidebyside.h"
#include "views/signoffbar.h"
#include "views/sqlpane.h"
#include "views/theme.h"

#include <QEvent>
#include <QMenu>
#include <QTabBar>
#include <QTabWidget>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr std::array directions{Direction::Upgrade, Direction::Downgrade};

void mute(QWidget *label, const QPalette &palette)
{
    QPalette muted = palette;
    muted.setColor(QPalette::WindowText, theme::mutedText(palette));
    label->setPalette(muted);
}

} // namespace

ReviewPane::ReviewPane(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QWidget(parent)
    , m_tabs(new QTabWidget(this))
    , m_upgrade(new SqlPane(repository, Direction::Upgrade))
    , m_downgrade(new SqlPane(repository, Direction::Downgrade))
    , m_sides(new SideBySide(repository))
    , m_changes(new ChangesView(repository))
    , m_details(new RevisionDetails)
    , m_corner(new ElidedLabel)
    , m_signOff(new SignOffBar(this))
{
    setObjectName(u"reviewPane"_s);
    build(repository);
    connect(m_tabs, &QTabWidget::currentChanged, this, &ReviewPane::tabChanged);
    connectSql(Direction::Upgrade);
    connectSql(Direction::Downgrade);
    connectReview();
    clear();
}

void ReviewPane::build(KSyntaxHighlighting::Repository &repository)
{
    auto *script = new CodePane(repository);
    m_script = script->code();
    m_script->setObjectName(u"scriptCode"_s);
    m_script->setAccessibleName(tr("Revision script"));
    m_upgrade->setObjectName(u"upgradeSql"_s);
    m_downgrade->setObjectName(u"downgradeSql"_s);
    m_corner->setObjectName(u"sqlOrigin"_s);
    // In line with the words on the tabs: the corner is as high as the tab bar, less its frame.
    m_corner->setContentsMargins(8, 0, 12, 6);
    m_corner->setAlignment(Qt::AlignRight);
    mute(m_corner, palette());

    m_tabs->setDocumentMode(true);
    m_tabs->setObjectName(u"reviewTabs"_s);
    m_tabs->addTab(script, tr("Script"));
    m_tabs->addTab(m_upgrade, tr("Upgrade SQL"));
    m_tabs->addTab(m_downgrade, tr("Downgrade SQL"));
    m_tabs->addTab(m_sides, tr("Side by Side"));
    m_tabs->addTab(m_changes, tr("Changes"));
    m_tabs->addTab(m_details, tr("Details"));
    m_tabs->setCornerWidget(m_corner, Qt::TopRightCorner);
    m_tabs->setCurrentIndex(UpgradeSql);
    bar()->setExpanding(false);
    bar()->setAccessibleName(tr("Review of the selected revision"));
    for (const Direction direction : directions) {
        auto *badge = new ChipLabel(bar());
        badge->setObjectName(direction == Direction::Upgrade ? u"upgradeBadge"_s : u"downgradeBadge"_s);
        m_badges[size_t(direction)] = badge;
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_signOff);
}

void ReviewPane::connectSql(Direction direction)
{
    SqlPane *sql = pane(direction);
    connect(sql, &SqlPane::retryRequested, this, [this, direction] {
        m_asked[size_t(direction)] = false;
        askForSql(direction);
    });
    connect(sql, &SqlPane::showLineRequested, this, &ReviewPane::showFileLine);
    connect(sql, &SqlPane::acceptRequested, this,
            [this, direction](const Finding &finding, const QString &reason) {
                if (const auto &review = m_reviews[size_t(direction)])
                    Q_EMIT acceptRequested(*review, findingKey(finding), reason);
            });
    connect(sql->view(), &SqlReviewView::saveRequested, this, &ReviewPane::saveSqlRequested);
    connect(sql->view(), &SqlReviewView::commentRequested, this, [this, direction](int line) {
        askComment(direction == Direction::Upgrade ? LineComment::Upgrade : LineComment::Downgrade, line);
    });
}

void ReviewPane::connectReview()
{
    connect(m_signOff, &SignOffBar::approveRequested, this, [this] { openDialog(Verdict::Approved); });
    connect(m_signOff, &SignOffBar::rejectRequested, this, [this] { openDialog(Verdict::Rejected); });
    connect(m_signOff, &SignOffBar::changesRequested, this, [this] { setCurrentIndex(Changes); });
    connect(m_changes, &ChangesView::reviewedRequested, this, [this] { Q_EMIT changesNeeded(m_id); });
    connect(m_changes, &ChangesView::versionRequested, this, &ReviewPane::fileVersionRequested);
    connect(m_script, &CodeView::menuNeeded, this, [this](QMenu *menu, int line) {
        if (!anyReview() || m_script->document()->isEmpty())
            return;
        menu->addSeparator();
        QAction *comment = menu->addAction(tr("Comment on This Line…"), this,
                                           [this, line] { askComment(LineComment::File, line); });
        comment->setObjectName(u"commentAction"_s);
    });
}

SqlPane *ReviewPane::pane(Direction direction) const
{
    return direction == Direction::Upgrade ? m_upgrade : m_downgrade;
}

const StepReview *ReviewPane::anyReview() const
{
    for (const auto &review : m_reviews) {
        if (review)
            return &*review;
    }
    return nullptr;
}

QTabBar *ReviewPane::bar() const
{
    return m_tabs->tabBar();
}

int ReviewPane::currentIndex() const
{
    return m_tabs->currentIndex();
}

void ReviewPane::setCurrentIndex(int tab)
{
    m_tabs->setCurrentIndex(tab);
}

void ReviewPane::forgetReviews()
{
    m_asked = {};
    m_reviews = {};
    m_earlier.clear();
    m_changes->clear();
    refreshReview();
}

void ReviewPane::clear()
{
    m_id = RevisionId();
    m_file.clear();
    m_pending.clear(); // another target may have a revision of the same name
    m_script->setCode(QString(), u"Python"_s);
    m_script->setPlaceholderText(tr("Select a revision to see its script."));
    m_upgrade->setEmpty();
    m_downgrade->setEmpty();
    m_sides->clear(tr("Select a revision to see its SQL."));
    m_details->clear();
    forgetReviews();
}

void ReviewPane::showRevision(const RevisionRow &row, const Revision *revision, const RevisionIds &children)
{
    m_details->showRevision(row, revision, children);
    if (row.id == m_id && row.file == m_file)
        return;
    m_id = row.id;
    m_file = row.file;
    m_script->setCode(QString(), u"Python"_s);
    forgetReviews();
    if (m_file.isEmpty()) {
        m_script->setPlaceholderText(tr("No file here has this revision, so there is no script to show."));
        const RenderedSql none{.revision = m_id, .problem = tr("No file here has this revision")};
        m_upgrade->setSql(none);
        m_downgrade->setSql(none);
        m_sides->clear(none.problem);
        return;
    }
    m_script->setPlaceholderText(tr("Reading the script…"));
    m_upgrade->setRendering();
    m_downgrade->setRendering();
    m_sides->clear(tr("Rendering the SQL…"));
    Q_EMIT scriptNeeded(m_id, m_file);
    askForShown();
}

void ReviewPane::tabChanged()
{
    askForShown();
    refreshCorner();
    if (currentIndex() == Changes)
        m_changes->ask();
}

void ReviewPane::askForShown()
{
    const int tab = currentIndex();
    if (tab == UpgradeSql || tab == SideBySideSql)
        askForSql(Direction::Upgrade);
    if (tab == DowngradeSql || tab == SideBySideSql)
        askForSql(Direction::Downgrade);
}

void ReviewPane::askForSql(Direction direction)
{
    bool &asked = m_asked[size_t(direction)];
    if (m_id.isEmpty() || m_file.isEmpty() || asked)
        return;
    asked = true;
    pane(direction)->setRendering();
    Q_EMIT sqlNeeded(m_id, direction);
}

void ReviewPane::setScript(const RevisionId &id, const QString &text)
{
    if (id != m_id)
        return;
    m_script->setCode(text, u"Python"_s);
    refreshComments();
}

void ReviewPane::setRendering(const RevisionId &id, Direction direction)
{
    // What is shown stays while it is rendered again.
    if (id == m_id && !m_reviews[size_t(direction)])
        pane(direction)->setRendering();
}

void ReviewPane::setSqlError(const RevisionId &id, Direction direction, const Error &error)
{
    if (id != m_id)
        return;
    m_reviews[size_t(direction)].reset();
    pane(direction)->setError(error);
    m_sides->setNote(direction, error.message);
    refreshReview();
}

void ReviewPane::setReview(const StepReview &review)
{
    if (review.revision != m_id)
        return;
    m_asked[size_t(review.direction)] = true;
    m_reviews[size_t(review.direction)] = review;
    // A verdict is about both ways: the one that came last knows it best.
    for (auto &other : m_reviews) {
        if (other)
            other->signOff = review.signOff;
    }
    pane(review.direction)->setReview(review);
    m_sides->setReview(review);
    refreshReview();
}

void ReviewPane::setEarlierReviews(const RevisionId &id, const QList<Review> &reviews)
{
    if (id != m_id)
        return;
    m_earlier = reviews;
    refreshComments();
}

void ReviewPane::setDifference(const QString &unifiedDiff)
{
    m_changes->setDifference(unifiedDiff);
}

void ReviewPane::setFileVersions(const QStringList &labels)
{
    m_changes->setVersions(labels);
}

void ReviewPane::showSqlLine(Direction direction, int line)
{
    setCurrentIndex(direction == Direction::Upgrade ? UpgradeSql : DowngradeSql);
    pane(direction)->view()->showLine(line);
}

void ReviewPane::showFileLine(int line)
{
    setCurrentIndex(Script);
    m_script->markLine(line);
}

void ReviewPane::refreshReview()
{
    for (const Direction direction : directions) {
        const auto &review = m_reviews[size_t(direction)];
        const int tab = direction == Direction::Upgrade ? UpgradeSql : DowngradeSql;
        const int blocking = review ? ReviewText::counts(review->lint).blocking : 0;
        ChipLabel *badge = m_badges[size_t(direction)];
        badge->setChip({blocking > 0 ? QString::number(blocking) : QString(), Tone::Bad});
        // The bar keeps room for a button even while it is hidden.
        bar()->setTabButton(tab, QTabBar::RightSide, blocking > 0 ? badge : nullptr);
        badge->setVisible(blocking > 0);
        m_tabs->setTabToolTip(tab,
                              review ? ReviewText::countsText(ReviewText::counts(review->lint)) : QString());
    }
    const StepReview *review = anyReview();
    m_signOff->setVisible(review);
    if (review) {
        m_signOff->setSignOff(review->signOff);
        m_changes->setReviewed(review->signOff.stale.has_value());
    }
    refreshCorner();
    refreshComments();
}

void ReviewPane::refreshCorner()
{
    const int tab = currentIndex();
    const auto &review = m_reviews[size_t(tab == DowngradeSql ? Direction::Downgrade : Direction::Upgrade)];
    const StepReview *shown = review ? &*review : anyReview();
    m_corner->setText(shown ? ReviewText::corner(*shown) : QString());
    fitCorner();
}

/// The words in the corner give way to the tabs, which would else scroll.
void ReviewPane::fitCorner()
{
    m_corner->setMaximumWidth(qMax(0, width() - bar()->sizeHint().width() - 4));
}

void ReviewPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fitCorner();
}

void ReviewPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitCorner();
}

void ReviewPane::refreshComments()
{
    const StepReview *review = anyReview();
    const QList<LineComment> pending = pendingComments();
    m_signOff->setPendingComments(int(pending.size()));
    const auto comments = [&](LineComment::Text text) {
        return shownComments(m_earlier, pending, text, review ? review->hashes : ReviewHashes());
    };
    m_upgrade->view()->setComments(comments(LineComment::Upgrade));
    m_downgrade->view()->setComments(comments(LineComment::Downgrade));
    QList<CodeMark> marks;
    for (const ShownComment &comment : comments(LineComment::File))
        marks += {.line = comment.comment.line,
                  .tone = comment.isStale ? Tone::Neutral : Tone::Special,
                  .tip = comment.text(),
                  .isComment = true};
    for (const auto &one : m_reviews) {
        for (const Finding &finding : one ? one->lint.findings : QList<Finding>()) {
            if (finding.fileLine > 0)
                marks += {.line = finding.fileLine, .tone = ReviewText::tone(finding), .tip = finding.title};
        }
    }
    m_script->setMarks(marks);
}

void ReviewPane::askComment(LineComment::Text text, int line)
{
    auto *dialog = new ReasonDialog(
        tr("Comment on Line %1").arg(line),
        tr("It is given together with your verdict, and is shown at this line from then on."), tr("Comment"),
        this);
    connect(dialog, &ReasonDialog::given, this, [this, text, line, id = m_id](const QString &comment) {
        m_pending[id] += LineComment{text, line, comment};
        refreshComments();
    });
    dialog->open();
}

void ReviewPane::clearComments(const RevisionId &id)
{
    m_pending.remove(id);
    refreshComments();
}

void ReviewPane::openDialog(Verdict verdict)
{
    const StepReview *review = anyReview();
    if (!review)
        return;
    QList<Finding> findings;
    for (const auto &one : m_reviews)
        findings += one ? one->lint.findings : QList<Finding>();
    auto *dialog = new ReviewDialog(*review, verdict, m_reviewer, findings, pendingComments(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    // What was shown when the dialog opened is what the verdict is about, whatever is read meanwhile.
    connect(dialog, &QDialog::accepted, this, [this, dialog, verdict, shown = *review] {
        m_pending[shown.revision] = dialog->lineComments();
        refreshComments();
        Q_EMIT reviewRequested(verdict, dialog->comment(), dialog->accepted(), dialog->lineComments(), shown);
    });
    dialog->open();
}

void ReviewPane::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mute(m_corner, palette());
}

} // namespace stepwell
