// SPDX-License-Identifier: MIT
#include "migrations/sql/statements.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <pg_query.h>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace stepwell {

namespace {

/// A piece of the script in bytes of UTF-8, as libpg_query counts.
struct Piece {
    qsizetype location = 0;
    qsizetype length = 0; ///< 0: to the end
    QJsonObject tree;     ///< the statement's node, empty if unknown
};

/// Turns byte offsets into QString offsets and lines, going forward only.
class Position
{
public:
    explicit Position(const QByteArray &bytes) : m_bytes(bytes) {}

    void advanceTo(qsizetype byte)
    {
        const QByteArrayView part = QByteArrayView(m_bytes).sliced(m_byte, byte - m_byte);
        m_offset += QString::fromUtf8(part).size();
        m_line += static_cast<int>(std::ranges::count(part, '\n'));
        m_byte = byte;
    }
    [[nodiscard]] qsizetype offset() const { return m_offset; }
    [[nodiscard]] int line() const { return m_line; }

private:
    const QByteArray &m_bytes;
    qsizetype m_byte = 0;
    qsizetype m_offset = 0;
    int m_line = 1;
};

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// The end of a block comment that starts at `at`; PostgreSQL nests them.
qsizetype blockCommentEnd(const QByteArray &bytes, qsizetype at, qsizetype end)
{
    int depth = 0;
    while (at < end) {
        const QByteArrayView two = QByteArrayView(bytes).sliced(at, std::min<qsizetype>(2, end - at));
        if (two == "/*") {
            ++depth;
            at += 2;
        } else if (two == "*/") {
            at += 2;
            if (--depth == 0)
                return at;
        } else {
            ++at;
        }
    }
    return end;
}

/// Where the first token after blanks and comments starts.
qsizetype skipComments(const QByteArray &bytes, qsizetype at, qsizetype end)
{
    while (at < end) {
        const QByteArrayView rest = QByteArrayView(bytes).sliced(at, end - at);
        if (isSpace(bytes.at(at))) {
            ++at;
        } else if (rest.startsWith("--")) {
            const qsizetype newline = bytes.indexOf('\n', at);
            at = newline < 0 || newline > end ? end : newline + 1;
        } else if (rest.startsWith("/*")) {
            at = blockCommentEnd(bytes, at, end);
        } else {
            break;
        }
    }
    return at;
}

struct Parsed {
    QList<Piece> pieces;
    QString error;
    int errorCharacter = 0; ///< where the parser stopped: the character's number from 1; 0 if it did not say
};

Parsed parse(const QByteArray &bytes)
{
    const PgQueryParseResult result = pg_query_parse(bytes.constData());
    Parsed parsed;
    if (result.error) {
        parsed.error = QString::fromUtf8(result.error->message);
        parsed.errorCharacter = result.error->cursorpos;
    } else {
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray(result.parse_tree));
        if (document.isNull())
            parsed.error = u"The parse tree is too deep."_s;
        for (const QJsonValue &value : document["stmts"_L1].toArray()) {
            const QJsonObject entry = value.toObject();
            parsed.pieces.append({.location = entry["stmt_location"_L1].toInteger(),
                                  .length = entry["stmt_len"_L1].toInteger(),
                                  .tree = entry["stmt"_L1].toObject()});
        }
    }
    pg_query_free_parse_result(result);
    return parsed;
}

/// The scanner leaves out what has no keyword ("SELEC 1;"). It is in the script all the same.
void addGap(QList<Piece> &pieces, const QByteArray &bytes, qsizetype from, qsizetype to)
{
    qsizetype start = from;
    for (;;) {
        start = skipComments(bytes, start, to);
        if (start >= to || bytes.at(start) != ';')
            break;
        ++start;
    }
    qsizetype end = to;
    while (end > start && (isSpace(bytes.at(end - 1)) || bytes.at(end - 1) == ';'))
        --end;
    if (end > start)
        pieces.append({.location = start, .length = end - start, .tree = {}});
}

/// Semicolons outside of quotes, comments and bodies: all that is left when the script does not parse.
Result<QList<Piece>> scan(const QByteArray &bytes)
{
    const PgQuerySplitResult result = pg_query_split_with_scanner(bytes.constData());
    QList<Piece> pieces;
    std::optional<QString> error;
    if (result.error)
        error = QString::fromUtf8(result.error->message);
    qsizetype done = 0;
    for (int i = 0; !error && i < result.n_stmts; ++i) {
        const qsizetype start = result.stmts[i]->stmt_location;
        const qsizetype length = result.stmts[i]->stmt_len;
        addGap(pieces, bytes, done, start);
        pieces.append({.location = start, .length = length, .tree = {}});
        done = start + length;
    }
    if (!error)
        addGap(pieces, bytes, done, bytes.size());
    pg_query_free_split_result(result);
    if (error) {
        return failure(ErrorKind::RenderFailed, u"The SQL cannot be read: %1."_s.arg(*error),
                       u"Look for a quote, a dollar quote or a comment that is not closed."_s, *error);
    }
    return pieces;
}

QJsonObject rangeVar(const QString &node, const QJsonObject &body)
{
    static const QStringList withRelation{u"InsertStmt"_s, u"UpdateStmt"_s,     u"DeleteStmt"_s,
                                          u"CreateStmt"_s, u"AlterTableStmt"_s, u"RenameStmt"_s};
    if (withRelation.contains(node))
        return body["relation"_L1].toObject();
    if (node == u"TruncateStmt"_s)
        return body["relations"_L1][0]["RangeVar"_L1].toObject();
    return {};
}

/// QString offset of the character with that number; the parser counts whole characters.
qsizetype offsetOfCharacter(QStringView text, int number)
{
    qsizetype offset = 0;
    for (int i = 1; i < number && offset < text.size(); ++i)
        offset += text.at(offset).isHighSurrogate() ? 2 : 1;
    return std::min(offset, text.size());
}

/// `text` is what the parser was given; it starts where the statement does.
void describeError(Statement &statement, const Parsed &parsed, const QString &text)
{
    statement.parseError = parsed.error;
    if (parsed.errorCharacter <= 0)
        return;
    const qsizetype offset = offsetOfCharacter(text, parsed.errorCharacter);
    statement.errorOffset = statement.offset + offset;
    statement.errorLine = statement.line + static_cast<int>(QStringView(text).first(offset).count(u'\n'));
}

void describe(Statement &statement, const QJsonObject &tree)
{
    if (tree.isEmpty())
        return;
    statement.tree = tree;
    statement.node = tree.constBegin().key();
    const QJsonObject body = tree.constBegin().value().toObject();
    statement.isTransactionControl = statement.node == u"TransactionStmt"_s;
    const QJsonObject range = rangeVar(statement.node, body);
    statement.schema = range["schemaname"_L1].toString();
    statement.relation = range["relname"_L1].toString();
    if (statement.node == u"DropStmt"_s && body["removeType"_L1].toString() == u"OBJECT_TABLE"_s) {
        const QJsonArray names = body["objects"_L1][0]["List"_L1]["items"_L1].toArray();
        if (!names.isEmpty())
            statement.relation = names.last()["String"_L1]["sval"_L1].toString();
        if (names.size() > 1)
            statement.schema = names.at(names.size() - 2)["String"_L1]["sval"_L1].toString();
    }
}

/// What psql takes out of a script before the server sees it: rows of COPY … FROM stdin, which are blanked,
/// and its own commands, each of which becomes a statement of its own that PostgreSQL refuses. Offsets stay
/// as they are. False if there is nothing of the kind.
bool keepApart(QByteArray &bytes)
{
    static const QRegularExpression copy(u"\\bcopy\\b.*\\bfrom\\s+stdin\\b.*;\\s*$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    bool isFound = false;
    bool isData = false;
    for (qsizetype start = 0; start < bytes.size();) {
        const qsizetype newline = bytes.indexOf('\n', start);
        const qsizetype end = newline < 0 ? bytes.size() : newline;
        const QByteArray line = bytes.sliced(start, end - start).trimmed();
        if (isData) {
            std::fill(bytes.begin() + start, bytes.begin() + end, ' ');
            isData = line != "\\.";
        } else if (line.startsWith('\\')) {
            isFound = true;
            if (newline >= 0)
                bytes[newline] = ';';
        } else if (line.size() < 4096 && copy.match(QString::fromUtf8(line)).hasMatch()) {
            isFound = isData = true;
        }
        start = end + 1;
    }
    return isFound;
}

} // namespace

bool Statement::touchesVersionTable(const QString &versionTable) const
{
    if (relation.isEmpty())
        return false;
    const QString wanted = versionTable.isEmpty() ? u"alembic_version"_s : versionTable;
    const qsizetype dot = wanted.lastIndexOf(u'.');
    if (relation != QStringView(wanted).sliced(dot + 1))
        return false;
    return dot < 0 || schema.isEmpty() || schema == QStringView(wanted).first(dot);
}

Result<QList<Statement>> splitStatements(const QString &sql)
{
    if (sql.contains(QChar::Null)) {
        return failure(ErrorKind::RenderFailed, u"The SQL holds a zero character."_s,
                       u"PostgreSQL cannot store it; remove it from the revision."_s);
    }
    const QByteArray written = sql.toUtf8();
    QByteArray bytes = written;
    Parsed parsed = parse(bytes);
    if (!parsed.error.isEmpty() && keepApart(bytes))
        parsed = parse(bytes);
    const bool whole = parsed.error.isEmpty();
    if (!whole) {
        Result<QList<Piece>> scanned = scan(bytes);
        if (!scanned)
            return std::unexpected(scanned.error());
        parsed.pieces = *scanned;
    }

    QList<Statement> statements;
    Position position(written);
    for (const Piece &piece : std::as_const(parsed.pieces)) {
        const qsizetype end = piece.length > 0 ? piece.location + piece.length : bytes.size();
        const qsizetype start = skipComments(bytes, piece.location, end);
        if (start >= end)
            continue;
        position.advanceTo(start);
        Statement statement{.offset = position.offset(), .line = position.line()};
        const QByteArray own = bytes.sliced(start, end - start);
        const QString text = QString::fromUtf8(own);
        statement.text = text.trimmed();
        if (whole) {
            describe(statement, piece.tree);
        } else {
            const Parsed alone = parse(own);
            if (!alone.error.isEmpty())
                describeError(statement, alone, text);
            if (!alone.pieces.isEmpty())
                describe(statement, alone.pieces.constFirst().tree);
        }
        statements.append(statement);
    }
    return statements;
}

int countStatements(const QString &sql, const QString &versionTable)
{
    const Result<QList<Statement>> statements = splitStatements(sql);
    if (!statements)
        return 1;
    return static_cast<int>(std::ranges::count_if(*statements, [&versionTable](const Statement &statement) {
        return !statement.isTransactionControl && !statement.touchesVersionTable(versionTable);
    }));
}

} // namespace stepwell
