// SPDX-License-Identifier: MIT
#include "views/passworddialog.h"

#include "views/elidedlabel.h"
#include "views/runlabel.h"
#include "views/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace stepwell {

using namespace Qt::StringLiterals;

PasswordDialog::PasswordDialog(const TargetId &target, const ConnectionSettings &connection,
                               bool secretServiceAvailable, QWidget *parent)
    : QDialog(parent)
    , m_secretService(secretServiceAvailable)
    , m_failure(new RunLabel({}, RunLabel::Plain, this))
    , m_edit(new QLineEdit(this))
    , m_keepSecret(new QCheckBox(tr("&Keep it in the desktop's secret service"), this))
    , m_keepMemory(new QCheckBox(tr("Keep it in &memory until Stepwell ends"), this))
{
    setObjectName(u"passwordDialog"_s);
    setWindowTitle(tr("Password for %1").arg(target.text()));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(10);
    addConnection(layout, target, connection);

    m_failure->setObjectName(u"failureLabel"_s);
    m_failure->setWordWrap(true);
    m_failure->setTone(Tone::Bad);
    m_failure->hide();
    layout->addWidget(m_failure);

    m_edit->setObjectName(u"passwordEdit"_s);
    m_edit->setAccessibleName(tr("Password"));
    m_edit->setEchoMode(QLineEdit::Password);
    m_edit->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    m_edit->setPlaceholderText(tr("Password"));
    layout->addWidget(m_edit);

    m_keepSecret->setObjectName(u"keepSecretBox"_s);
    m_keepMemory->setObjectName(u"keepMemoryBox"_s);
    if (secretServiceAvailable) {
        connect(m_keepSecret, &QCheckBox::toggled, m_keepMemory, &QWidget::setDisabled);
    } else {
        m_keepSecret->hide();
        auto *none =
            new RunLabel(tr("No secret service answers on this desktop, so Stepwell cannot keep the password "
                            "safely on disk and does not try."),
                         RunLabel::Muted, this);
        none->setObjectName(u"noServiceLabel"_s);
        none->setWordWrap(true);
        layout->addWidget(none);
    }
    layout->addWidget(m_keepSecret);
    layout->addWidget(m_keepMemory);
    layout->addStretch();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_ok = buttons->addButton(tr("Connect"), QDialogButtonBox::AcceptRole);
    m_ok->setObjectName(u"connectButton"_s);
    m_ok->setDefault(true);
    m_ok->setEnabled(false);
    layout->addWidget(buttons);
    connect(m_edit, &QLineEdit::textChanged, m_ok,
            [this](const QString &text) { m_ok->setEnabled(!text.isEmpty()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_edit->setFocus();
    resize(460, sizeHint().height());
}

PasswordDialog::~PasswordDialog()
{
    wipe();
}

void PasswordDialog::addConnection(QVBoxLayout *layout, const TargetId &target,
                                   const ConnectionSettings &connection)
{
    layout->addWidget(
        new RunLabel(QString(target.environment + u" / "_s + target.component), RunLabel::Title, this));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(4);
    const auto add = [&](const QString &name, const QString &value, const QString &objectName) {
        auto *label = new ElidedLabel(this);
        label->setObjectName(objectName);
        label->setFont(theme::monospace());
        label->setText(value.isEmpty() ? tr("default") : value);
        form->addRow(new RunLabel(name, RunLabel::Muted, this), label);
    };
    const QString server = connection.port.isEmpty() || connection.host.startsWith(u'/')
                               ? connection.host
                               : QString(connection.host + u':' + connection.port);
    add(tr("Server"), server, u"serverLabel"_s);
    add(tr("User"), connection.user, u"userLabel"_s);
    add(tr("Database"), connection.database, u"databaseLabel"_s);
    layout->addLayout(form);
}

void PasswordDialog::setFailure(const QString &text)
{
    wipe();
    m_failure->setText(text);
    m_failure->setVisible(!text.isEmpty());
    m_edit->setFocus();
}

PasswordDialog::Keep PasswordDialog::keep() const
{
    if (m_secretService && m_keepSecret->isChecked())
        return Keep::InSecretService;
    return m_keepMemory->isChecked() ? Keep::InMemory : Keep::Once;
}

QString PasswordDialog::takePassword()
{
    const QString password = m_edit->text();
    wipe();
    return password;
}

/// Overwrites before clearing. What the toolkit copied meanwhile is out of reach.
void PasswordDialog::wipe()
{
    m_edit->setText(QString(m_edit->text().size(), u'*'));
    m_edit->clear();
}

} // namespace stepwell
