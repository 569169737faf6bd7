// SPDX-License-Identifier: MIT
#include "app/savefile.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QSaveFile>

namespace stepwell {

void chooseAndSave(QWidget *parent, const SaveQuestion &question,
                   const std::function<Result<void>(const QString &file)> &write,
                   const std::function<void(const QString &file, const Result<void> &written)> &ended)
{
    auto *chooser = new QFileDialog(parent, question.title, question.name, question.filter);
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(question.suffix);
    QObject::connect(chooser, &QFileDialog::fileSelected, parent,
                     [write, ended](const QString &file) { ended(file, write(file)); });
    chooser->open();
}

Result<void> saveText(const QString &name, const QString &text)
{
    QSaveFile file(name);
    const QByteArray bytes = text.toUtf8();
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return failure(ErrorKind::FileError, file.errorString(),
                   QCoreApplication::translate("stepwell::saveText", "Choose another place."));
}

} // namespace stepwell
