// SPDX-License-Identifier: MIT
#include "migrations/database/urltext.h"

#include <QRegularExpression>
#include <QStringDecoder>
#include <QStringList>

#include <cctype>

using namespace Qt::StringLiterals;

namespace stepwell {

std::optional<QString> unquoted(QStringView text)
{
    // Qt's own decoder drops what Python leaves alone: a percent sign without two hex digits.
    const QByteArray bytes = text.toUtf8();
    const auto isHex = [&bytes](qsizetype at) {
        return at < bytes.size() && std::isxdigit(uchar(bytes.at(at)));
    };
    QByteArray decoded;
    decoded.reserve(bytes.size());
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const bool escape = bytes.at(i) == '%' && isHex(i + 1) && isHex(i + 2);
        decoded.append(escape ? static_cast<char>(bytes.sliced(i + 1, 2).toInt(nullptr, 16)) : bytes.at(i));
        i += escape ? 2 : 0;
    }
    if (!QUtf8StringView(decoded.constData(), decoded.size()).isValidUtf8())
        return std::nullopt;
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::ConvertInitialBom); // keeps it
    return QString(decoder(decoded));
}

std::optional<QList<QPair<QString, QString>>> parseQuery(QStringView query)
{
    QList<QPair<QString, QString>> found;
    for (const QString &part : query.toString().split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = part.indexOf(u'=');
        if (equals < 0 || equals + 1 == part.size())
            continue;
        const auto key = unquoted(part.first(equals).replace(u'+', u' '));
        const auto value = unquoted(part.sliced(equals + 1).replace(u'+', u' '));
        if (!key || !value)
            return std::nullopt;
        found.emplace_back(*key, *value);
    }
    return found;
}

std::optional<QString> plainPorts(const QString &ports)
{
    static const QRegularExpression number(u"\\A\\s*\\+?([0-9]+(?:_[0-9]+)*)\\s*\\z"_s,
                                           QRegularExpression::UseUnicodePropertiesOption);
    QStringList plain;
    for (QString port : ports.split(u',')) {
        for (QChar &c : port)
            c = c.isDigit() ? QChar(u'0' + c.digitValue()) : c; // int() takes the digits of any script
        if (port.isEmpty()) {
            plain += QString();
            continue;
        }
        const QRegularExpressionMatch match = number.match(port);
        bool known = false;
        const uint value = match.captured(1).remove(u'_').toUInt(&known);
        if (!known || value < 1 || value > 65'535)
            return std::nullopt;
        plain += QString::number(value);
    }
    const QString joined = plain.join(u',');
    return joined.count(u',') == joined.size() ? QString() : joined;
}

} // namespace stepwell
