// SPDX-License-Identifier: MIT
#include "views/resolvechoice.h"

#include "models/repairtext.h"
#include "views/breakabletext.h"
#include "views/chiplabel.h"
#include "views/runlabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QRadioButton>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

constexpr int indent = 24;
constexpr int idLetters = 13; // of an identifier in a radio button
constexpr int narrow = 20;

RunLabel *wrapping(const QString &text, RunLabel::Look look, QWidget *parent)
{
    auto *label = new RunLabel(breakable(text, narrow), look, parent);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    return label;
}

} // namespace

ResolveChoice::ResolveChoice(const History &history, const Trouble &trouble, QWidget *parent)
    : QWidget(parent), m_trouble(trouble)
{
    setObjectName(u"resolveChoice"_s);
    if (trouble.divergence)
        m_sides = trouble.divergence->sides;
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    if (m_sides.size() > 2)
        addHeadBoxes(column);
    else
        addRebases(column);
    m_redate = new QCheckBox(tr("Also set the &create date to now"), this);
    m_redate->setObjectName(u"redateBox"_s);
    m_redate->setToolTip(tr("The create date of what is moved becomes now, so that dates keep the order."));
    auto *redate = new QHBoxLayout;
    redate->setContentsMargins(indent, 0, 0, 4);
    redate->addWidget(m_redate);
    column->addLayout(redate);
    addUnread(column, history);
    addMerge(column);
    connect(m_redate, &QCheckBox::toggled, this, [this] { refresh(false); });
    chooseFirst();
    m_isReady = true;
    refresh(false);
}

ResolveChoice::Way ResolveChoice::addWay(QBoxLayout *column, const QString &name, const QString &text,
                                         const QString &whole, const RepairOffer *offer)
{
    Way way;
    way.button = new QRadioButton(text, this);
    way.button->setObjectName(name);
    way.button->setToolTip(whole);
    way.button->setAccessibleName(whole);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(way.button);
    auto *advised = new ChipLabel(this);
    if (offer && offer->isAdvised)
        advised->setChip({tr("advised"), Tone::Good});
    row->addWidget(advised);
    row->addStretch();
    way.reason = wrapping({}, RunLabel::Muted, this);
    way.reason->setObjectName(QString(name + u"-reason"_s));
    way.reason->setContentsMargins(indent, 0, 0, 2);
    column->addLayout(row);
    column->addWidget(way.reason);
    connect(way.button, &QRadioButton::toggled, this, [this](bool on) {
        if (on)
            refresh(false);
    });
    return way;
}

void ResolveChoice::addRebases(QBoxLayout *column)
{
    if (m_sides.size() != 2)
        return;
    for (int moved = 0; moved < 2; ++moved) {
        const int onto = 1 - moved;
        const RevisionId &a = m_sides.at(moved).head;
        const RevisionId &b = m_sides.at(onto).head;
        Way way = addWay(column, u"rebase-%1"_s.arg(moved), RepairText::putOnTop(a, b, idLetters),
                         RepairText::putOnTop(a, b, int(a.text().size() + b.text().size())),
                         offerFor(RepairKind::Rebase, moved, onto));
        way.moved = moved;
        way.onto = onto;
        m_rebases += way;
    }
}

/// More than two heads: which one goes on top of which.
void ResolveChoice::addHeadBoxes(QBoxLayout *column)
{
    const auto advised = std::ranges::find_if(m_trouble.offers, [](const RepairOffer &offer) {
        return offer.isAdvised && offer.action == RepairOffer::Repair &&
               offer.request.kind == RepairKind::Rebase;
    });
    const RepairOffer *offer = advised == m_trouble.offers.cend() ? nullptr : &*advised;
    m_rebases += addWay(column, u"rebase"_s, tr("Put one head on top of another"),
                        tr("Put one head on top of another"), offer);
    auto *form = new QFormLayout;
    form->setContentsMargins(indent, 0, 0, 4);
    form->setVerticalSpacing(6);
    const auto box = [&](const QString &name, const QString &label) {
        auto *choice = new QComboBox(this);
        choice->setObjectName(name);
        choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        choice->setMinimumContentsLength(14);
        for (const HeadSide &side : std::as_const(m_sides))
            choice->addItem(side.head.text());
        form->addRow(label, choice);
        return choice;
    };
    m_moved = box(u"movedBox"_s, tr("&Put"));
    m_onto = box(u"ontoBox"_s, tr("on &top of"));
    m_onto->setCurrentIndex(1);
    if (offer) {
        m_moved->setCurrentText(offer->request.moved);
        m_onto->setCurrentText(offer->request.onto);
    }
    column->addLayout(form);
    // What cannot be: a head on top of itself. The other box gives way.
    const auto part = [this](QComboBox *changed, QComboBox *other) {
        if (changed->currentIndex() == other->currentIndex()) {
            const QSignalBlocker blocker(other);
            other->setCurrentIndex((changed->currentIndex() + 1) % int(m_sides.size()));
        }
        refresh(false);
    };
    connect(m_moved, &QComboBox::currentIndexChanged, this, [this, part] { part(m_moved, m_onto); });
    connect(m_onto, &QComboBox::currentIndexChanged, this, [this, part] { part(m_onto, m_moved); });
}

void ResolveChoice::addMerge(QBoxLayout *column)
{
    const RepairOffer *offer = offerFor(RepairKind::Merge);
    const QString text = m_sides.size() > 2 ? tr("Merge all %1 heads").arg(m_sides.size()) : tr("Merge");
    m_merge = addWay(column, u"merge"_s, text, tr("Merge: a new revision that follows all heads"), offer);
    auto *form = new QFormLayout;
    form->setContentsMargins(indent, 0, 0, 0);
    form->setVerticalSpacing(6);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_message = new QLineEdit(this);
    m_message->setObjectName(u"mergeMessage"_s);
    QStringList heads;
    for (const HeadSide &side : std::as_const(m_sides))
        heads += RepairText::brief(side.head.text(), idLetters);
    const QString last = heads.isEmpty() ? QString() : heads.takeLast();
    m_message->setText(offer && !offer->request.message.isEmpty()
                           ? offer->request.message
                           : tr("Merge %1 and %2").arg(heads.join(u", "_s), last));
    m_message->setCursorPosition(0);
    m_labels = new QLineEdit(offer ? offer->request.labels.join(u", "_s) : QString(), this);
    m_labels->setObjectName(u"mergeLabels"_s);
    m_labels->setPlaceholderText(tr("none"));
    m_labels->setToolTip(tr("Branch labels of the new revision, with commas between them. Most have none."));
    form->addRow(tr("&Message"), m_message);
    form->addRow(tr("&Labels"), m_labels);
    column->addLayout(form);
    for (QLineEdit *edit : {m_message, m_labels})
        connect(edit, &QLineEdit::textChanged, this, [this] { refresh(true); });
}

void ResolveChoice::addUnread(QBoxLayout *column, const History &history)
{
    QStringList names;
    for (const HeadSide &side : std::as_const(m_sides))
        names += side.unknownIn;
    names.removeDuplicates();
    if (names.isEmpty())
        return;
    auto *box = new QWidget(this);
    auto *rows = new QVBoxLayout(box);
    rows->setContentsMargins(indent, 0, 0, 6);
    rows->setSpacing(3);
    rows->addWidget(
        wrapping(tr("These databases cannot be read. Tick those in which nothing of what moves is "
                    "applied:"),
                 RunLabel::Muted, box));
    for (const QString &name : std::as_const(names)) {
        auto *check = new QCheckBox(name, box);
        check->setObjectName(QString(u"vouch-"_s + name));
        check->setAccessibleName(tr("Nothing of it is applied in %1 (it cannot be read)").arg(name));
        QString tip = check->accessibleName();
        for (const HistoryTarget &target : history.targets) {
            if (target.target.id.text() == name && target.error)
                tip += QString(u'\n' + target.error->message);
        }
        check->setToolTip(tip);
        connect(check, &QCheckBox::toggled, this, [this] { refresh(false); });
        rows->addWidget(check);
        m_vouched += check;
    }
    column->addWidget(box);
}

const RepairOffer *ResolveChoice::offerFor(RepairKind kind, int moved, int onto) const
{
    const auto found = std::ranges::find_if(m_trouble.offers, [&](const RepairOffer &offer) {
        if (offer.action != RepairOffer::Repair || offer.request.kind != kind)
            return false;
        return kind != RepairKind::Rebase ||
               (moved >= 0 && onto >= 0 && offer.request.moved == m_sides.at(moved).head.text() &&
                offer.request.onto == m_sides.at(onto).head.text());
    });
    return found == m_trouble.offers.cend() ? nullptr : &*found;
}

/// An objection that rests on databases nobody could read falls once somebody vouches for all of them:
/// whether there is another is for the plan to say.
QString ResolveChoice::reasonAgainst(const RepairOffer *offer, int moved) const
{
    if (!offer || offer->whyNot.isEmpty())
        return {};
    if (moved < 0 || m_sides.at(moved).unknownIn.isEmpty())
        return offer->whyNot;
    const bool all = std::ranges::all_of(m_sides.at(moved).unknownIn, [this](const QString &name) {
        return std::ranges::any_of(
            m_vouched, [&](const QCheckBox *check) { return check->isChecked() && check->text() == name; });
    });
    return all ? QString() : offer->whyNot;
}

void ResolveChoice::chooseFirst()
{
    QList<std::pair<QRadioButton *, const RepairOffer *>> ways;
    for (const Way &way : std::as_const(m_rebases)) {
        const int a = m_moved ? m_moved->currentIndex() : way.moved;
        const int b = m_onto ? m_onto->currentIndex() : way.onto;
        ways.append({way.button, offerFor(RepairKind::Rebase, a, b)});
    }
    ways.append({m_merge.button, offerFor(RepairKind::Merge)});
    std::ranges::stable_sort(ways, std::greater(), [](const auto &way) {
        return !way.second ? 1 : !way.second->whyNot.isEmpty() ? 0 : way.second->isAdvised ? 2 : 1;
    });
    const RepairOffer *best = ways.constFirst().second;
    if (!best || best->whyNot.isEmpty() || m_moved)
        ways.constFirst().first->setChecked(true);
}

void ResolveChoice::choose(const RepairRequest &request)
{
    if (request.kind == RepairKind::Merge) {
        if (!request.message.isEmpty())
            m_message->setText(request.message);
        if (m_merge.button->isEnabled())
            m_merge.button->setChecked(true);
        return;
    }
    for (const Way &way : std::as_const(m_rebases)) {
        if (m_moved) {
            m_moved->setCurrentText(request.moved);
            m_onto->setCurrentText(request.onto);
            way.button->setChecked(true);
        } else if (m_sides.at(way.moved).head.text() == request.moved && way.button->isEnabled()) {
            way.button->setChecked(true);
        }
    }
}

bool ResolveChoice::isMerge() const
{
    return m_merge.button->isChecked();
}

int ResolveChoice::moved() const
{
    if (m_moved)
        return m_moved->currentIndex();
    for (const Way &way : m_rebases) {
        if (way.button->isChecked())
            return way.moved;
    }
    return -1;
}

int ResolveChoice::onto() const
{
    if (m_onto)
        return m_onto->currentIndex();
    const int side = moved();
    return side < 0 ? -1 : 1 - side;
}

void ResolveChoice::tell(const Way &way, const RepairOffer *offer, int moved)
{
    const QString against = reasonAgainst(offer, moved);
    // With boxes another pair may be possible: the way stays open.
    way.button->setEnabled(against.isEmpty() || (m_moved && way.button != m_merge.button));
    way.reason->setText(breakable(against, narrow));
    way.reason->setVisible(!against.isEmpty());
    way.button->setAccessibleDescription(against);
}

void ResolveChoice::refresh(bool typed)
{
    if (!m_isReady)
        return;
    for (const Way &way : std::as_const(m_rebases)) {
        const int a = m_moved ? m_moved->currentIndex() : way.moved;
        const int b = m_onto ? m_onto->currentIndex() : way.onto;
        tell(way, offerFor(RepairKind::Rebase, a, b), a);
    }
    tell(m_merge, offerFor(RepairKind::Merge), -1);
    const bool merge = isMerge();
    m_message->setEnabled(merge);
    m_labels->setEnabled(merge);
    const bool rebase = !merge && moved() >= 0;
    m_redate->setEnabled(rebase);
    if (m_moved) {
        m_moved->setEnabled(rebase);
        m_onto->setEnabled(rebase);
    }
    Q_EMIT changed(typed);
}

QString ResolveChoice::whyNot() const
{
    if (isMerge())
        return m_message->text().trimmed().isEmpty() ? tr("A merge revision needs a message.") : QString();
    if (!std::ranges::any_of(m_rebases, [](const Way &way) { return way.button->isChecked(); }))
        return tr("None of these ways is possible here. The reasons stand beside them.");
    return reasonAgainst(offerFor(RepairKind::Rebase, moved(), onto()), moved());
}

RepairRequest ResolveChoice::request() const
{
    const RepairKind kind = isMerge() ? RepairKind::Merge : RepairKind::Rebase;
    const RepairOffer *offer = offerFor(kind, moved(), onto());
    RepairRequest request = offer ? offer->request : RepairRequest();
    request.kind = kind;
    if (kind == RepairKind::Merge) {
        request.message = m_message->text().trimmed();
        request.labels.clear();
        for (const QString &label : m_labels->text().split(u',', Qt::SkipEmptyParts)) {
            if (!label.trimmed().isEmpty())
                request.labels += label.trimmed();
        }
        return request;
    }
    if (moved() < 0)
        return request;
    request.moved = m_sides.at(moved()).head.text();
    request.onto = m_sides.at(onto()).head.text();
    request.redate = m_redate->isChecked();
    request.vouchedFor.clear();
    for (const QCheckBox *check : m_vouched) {
        if (check->isChecked())
            request.vouchedFor += check->text();
    }
    return request;
}

} // namespace stepwell
