// SPDX-License-Identifier: MIT
#include "views/reviewpane.h"

#include "views/codeview.h"
#include "views/elidedlabel.h"
#include "views/sqlpane.h"
#include "views/theme.h"

#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QScrollArea>
#include <QTabBar>

using namespace Qt::StringLiterals;

namespace stepwell {

ReviewPane::ReviewPane(KSyntaxHighlighting::Repository &repository, QWidget *parent)
    : QTabWidget(parent)
    , m_script(new CodeView(repository))
    , m_upgrade(new SqlPane(repository, Direction::Upgrade))
    , m_downgrade(new SqlPane(repository, Direction::Downgrade))
    , m_origin(new ElidedLabel)
{
    setObjectName(u"reviewPane"_s);
    setDocumentMode(true);
    tabBar()->setExpanding(false);
    tabBar()->setAccessibleName(tr("Review of the selected revision"));
    m_script->setObjectName(u"scriptCode"_s);
    m_script->setAccessibleName(tr("Revision script"));
    m_upgrade->setObjectName(u"upgradeSql"_s);
    m_downgrade->setObjectName(u"downgradeSql"_s);
    m_origin->setObjectName(u"sqlOrigin"_s);
    // In line with the words on the tabs: the corner is as high as the tab bar, less its frame.
    m_origin->setContentsMargins(8, 0, 12, 6);
    m_origin->setAlignment(Qt::AlignRight);
    mute(m_origin);
    addTab(m_script, tr("Script"));
    addTab(m_upgrade, tr("Upgrade SQL"));
    addTab(m_downgrade, tr("Downgrade SQL"));
    addTab(makeDetails(), tr("Details"));
    setCornerWidget(m_origin, Qt::TopRightCorner);
    setCurrentIndex(UpgradeSql);

    connect(this, &QTabWidget::currentChanged, this, &ReviewPane::askForSql);
    for (SqlPane *sql : {m_upgrade, m_downgrade}) {
        const Direction direction = sql == m_upgrade ? Direction::Upgrade : Direction::Downgrade;
        connect(sql, &SqlPane::retryRequested, this, [this, direction] {
            m_asked[int(direction)] = false;
            askForSql();
        });
        connect(sql, &SqlPane::showLineRequested, this, [this](int line) {
            setCurrentIndex(Script);
            m_script->markLine(line);
        });
    }
    clear();
}

QWidget *ReviewPane::makeDetails()
{
    auto *area = new QScrollArea;
    area->setObjectName(u"detailsArea"_s);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setBackgroundRole(QPalette::Base);
    auto *page = new QWidget;
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    m_details = new QFormLayout(page);
    m_details->setContentsMargins(16, 12, 16, 12);
    m_details->setHorizontalSpacing(20);
    m_details->setVerticalSpacing(6);
    m_details->setLabelAlignment(Qt::AlignLeft);
    m_details->setRowWrapPolicy(QFormLayout::DontWrapRows);
    area->setWidget(page);
    return area;
}

SqlPane *ReviewPane::pane(Direction direction) const
{
    return direction == Direction::Upgrade ? m_upgrade : m_downgrade;
}

void ReviewPane::clear()
{
    m_id = RevisionId();
    m_file.clear();
    m_script->setCode(QString(), u"Python"_s);
    m_script->setPlaceholderText(tr("Select a revision to see its script."));
    m_upgrade->setEmpty();
    m_downgrade->setEmpty();
    m_origin->setText(QString());
    while (m_details->rowCount() > 0)
        m_details->removeRow(0);
}

void ReviewPane::showRevision(const RevisionRow &row, const Revision *revision, const RevisionIds &children)
{
    fillDetails(row, revision, children);
    if (row.id == m_id && row.file == m_file)
        return;
    m_id = row.id;
    m_file = row.file;
    m_asked[0] = m_asked[1] = false;
    m_script->setCode(QString(), u"Python"_s);
    if (m_file.isEmpty()) {
        m_script->setPlaceholderText(tr("No file here has this revision, so there is no script to show."));
        const RenderedSql none{.revision = m_id, .problem = tr("No file here has this revision")};
        m_upgrade->setSql(none);
        m_downgrade->setSql(none);
        return;
    }
    m_script->setPlaceholderText(tr("Reading the script…"));
    m_upgrade->setRendering();
    m_downgrade->setRendering();
    Q_EMIT scriptNeeded(m_id, m_file);
    askForSql();
}

void ReviewPane::askForSql()
{
    const int tab = currentIndex();
    if (m_id.isEmpty() || m_file.isEmpty() || (tab != UpgradeSql && tab != DowngradeSql))
        return;
    const Direction direction = tab == UpgradeSql ? Direction::Upgrade : Direction::Downgrade;
    if (m_asked[int(direction)])
        return;
    m_asked[int(direction)] = true;
    pane(direction)->setRendering();
    Q_EMIT sqlNeeded(m_id, direction);
}

void ReviewPane::setScript(const RevisionId &id, const QString &text)
{
    if (id == m_id)
        m_script->setCode(text, u"Python"_s);
}

void ReviewPane::setRendering(const RevisionId &id, Direction direction)
{
    if (id == m_id)
        pane(direction)->setRendering();
}

void ReviewPane::setSql(const RenderedSql &sql)
{
    if (sql.revision != m_id)
        return;
    m_asked[int(sql.direction)] = true;
    pane(sql.direction)->setSql(sql);
}

void ReviewPane::setSqlError(const RevisionId &id, Direction direction, const Error &error)
{
    if (id == m_id)
        pane(direction)->setError(error);
}

void ReviewPane::setOrigin(const QString &text)
{
    m_origin->setText(text);
}

void ReviewPane::mute(QWidget *label) const
{
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme::mutedText(palette()));
    label->setPalette(muted);
}

void ReviewPane::changeEvent(QEvent *event)
{
    QTabWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !m_details)
        return;
    mute(m_origin);
    for (int row = 0; row < m_details->rowCount(); ++row)
        mute(m_details->itemAt(row, QFormLayout::LabelRole)->widget());
}

void ReviewPane::addDetail(const QString &name, const QString &label, const QString &text, bool fixed)
{
    if (text.isEmpty())
        return;
    auto *value = new QLabel(text);
    value->setObjectName(u"detail-%1"_s.arg(name));
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    if (fixed)
        value->setFont(theme::monospace());
    auto *caption = new QLabel(label);
    mute(caption);
    m_details->addRow(caption, value);
}

void ReviewPane::fillDetails(const RevisionRow &row, const Revision *revision, const RevisionIds &children)
{
    while (m_details->rowCount() > 0)
        m_details->removeRow(0);
    addDetail(u"id"_s, tr("Revision"), row.id.text(), true);
    addDetail(u"state"_s, tr("State"), row.stateText.text);
    if (!revision) {
        addDetail(u"message"_s, tr("Message"), row.message);
        return;
    }
    addDetail(u"message"_s, tr("Message"),
              revision->longMessage.isEmpty() ? revision->message : revision->longMessage);
    addDetail(u"follows"_s, tr("Follows"), toText(revision->downRevisions), true);
    addDetail(u"children"_s, tr("Followed by"), children.isEmpty() ? tr("nothing: a head") : toText(children),
              true);
    addDetail(u"depends"_s, tr("Depends on"), revision->dependsOn.join(u", "_s), true);
    addDetail(u"labels"_s, tr("Branch labels"), revision->branchLabels.join(u", "_s));
    addDetail(u"rollback"_s, tr("Way back"), row.rollback.text);
    addDetail(u"notes"_s, tr("Notes"), row.notes.text);
    addDetail(u"created"_s, tr("Created"), QLocale().toString(revision->created, QLocale::ShortFormat));
    addDetail(u"file"_s, tr("File"), revision->file, true);
}

} // namespace stepwell
