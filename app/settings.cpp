// SPDX-License-Identifier: MIT
#include "app/settings.h"

#include <QFileInfo>
#include <QSettings>

namespace stepwell {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keptWorkspaces = 10;

// QSettings cannot be copied; guaranteed elision makes this its one construction.
QSettings store()
{
    return QSettings(QSettings::IniFormat, QSettings::UserScope, u"stepwell"_s, u"window"_s);
}

} // namespace

QStringList Settings::recentWorkspaces()
{
    QStringList recent = store().value(u"recentWorkspaces"_s).toStringList();
    recent.removeIf(
        [](const QString &directory) { return !QFileInfo::exists(directory + u"/stepwell.toml"_s); });
    return recent;
}

void Settings::addRecentWorkspace(const QString &directory)
{
    QStringList recent = recentWorkspaces();
    recent.removeAll(directory);
    recent.prepend(directory);
    store().setValue(u"recentWorkspaces"_s,
                     QStringList(recent.first(std::min(keptWorkspaces, recent.size()))));
}

ThemeChoice Settings::theme()
{
    const QString name = store().value(u"theme"_s).toString();
    return name == u"light"_s  ? ThemeChoice::Light
           : name == u"dark"_s ? ThemeChoice::Dark
                               : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice choice)
{
    store().setValue(u"theme"_s, choice == ThemeChoice::Light  ? u"light"_s
                                 : choice == ThemeChoice::Dark ? u"dark"_s
                                                               : u"system"_s);
}

QByteArray Settings::value(const QString &key)
{
    return store().value(key).toByteArray();
}

void Settings::setValue(const QString &key, const QByteArray &value)
{
    store().setValue(key, value);
}

} // namespace stepwell
