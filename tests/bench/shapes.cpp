// SPDX-License-Identifier: MIT
#include "tests/bench/shapes.h"

#include <QDir>
#include <QFile>

namespace stepwell::shapes {

using namespace Qt::StringLiterals;

namespace {

RevisionId idOf(int number)
{
    // Twelve hexadecimal digits whose order says nothing, as Alembic's own.
    const quint64 mixed = (quint64(number) + 1) * 0x9E3779B97F4A7C15U;
    return RevisionId(QString::number(mixed >> 16, 16).rightJustified(12, u'0'));
}

class Growing
{
public:
    int add(const QList<int> &parents, const QList<int> &dependencies = {})
    {
        Revision revision{.id = idOf(int(m_revisions.size()))};
        for (const int parent : parents)
            revision.downRevisions += idOf(parent);
        for (const int dependency : dependencies)
            revision.dependsOn += idOf(dependency).text();
        revision.message = u"Change number %1"_s.arg(m_revisions.size());
        m_revisions += revision;
        return int(m_revisions.size()) - 1;
    }
    QList<Revision> take() { return std::move(m_revisions); }

private:
    QList<Revision> m_revisions;
};

void growFan(Growing &growing, int size, bool merged)
{
    const int base = growing.add({});
    QList<int> tips;
    for (int i = 1; i < size; ++i)
        tips += growing.add({base});
    if (merged)
        growing.add(tips);
}

void growLadder(Growing &growing, int rungs)
{
    int merge = growing.add({});
    for (int i = 0; i < rungs; ++i) {
        const int left = growing.add({merge});
        const int right = growing.add({merge});
        merge = growing.add({left, right});
    }
}

void growTwoChains(Growing &growing, int size)
{
    int first = growing.add({});
    int second = growing.add({}, {first});
    for (int i = 2; i + 1 < size; i += 2) {
        first = growing.add({first});
        second = growing.add({second}, {first});
    }
}

QByteArray fileText(const Revision &revision)
{
    const QString down = revision.downRevisions.isEmpty()
                             ? u"None"_s
                             : u"(\"%1\",)"_s.arg(toTexts(revision.downRevisions).join(u"\", \""_s));
    const QString depends =
        revision.dependsOn.isEmpty() ? u"None"_s : u"(\"%1\",)"_s.arg(revision.dependsOn.join(u"\", \""_s));
    return uR"("""%1

Revision ID: %2
Revises: %3
Create Date: 2024-02-29 12:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "%2"
down_revision = %4
branch_labels = None
depends_on = %5


def upgrade():
    op.add_column("invoices", sa.Column("c%2", sa.String(length=200), nullable=True))
    op.create_index("ix_invoices_c%2", "invoices", ["c%2"], unique=False)
    op.execute("UPDATE invoices SET c%2 = '' WHERE c%2 IS NULL")
    op.alter_column("invoices", "c%2", nullable=False)


def downgrade():
    op.drop_index("ix_invoices_c%2", table_name="invoices")
    op.drop_column("invoices", "c%2")
)"_s.arg(revision.message, revision.id.text(), toText(revision.downRevisions), down, depends)
        .toUtf8();
}

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
}

} // namespace

QList<Revision> revisions(Shape shape, int size)
{
    Growing growing;
    switch (shape) {
    case Shape::Chain:
        for (int i = 0; i < size; ++i)
            growing.add(i == 0 ? QList<int>() : QList<int>{i - 1});
        break;
    case Shape::Fan:
    case Shape::MergedFan:
        growFan(growing, size, shape == Shape::MergedFan);
        break;
    case Shape::Ladder:
        growLadder(growing, size);
        break;
    case Shape::TwoChains:
        growTwoChains(growing, size);
        break;
    }
    return growing.take();
}

void writeProject(const QString &folder, const QList<Revision> &revisions)
{
    const QDir versions(folder + u"/versions"_s);
    if (!versions.mkpath(u"."_s))
        qFatal("%s cannot be made", qPrintable(versions.path()));
    write(folder + u"/alembic.ini"_s, "[alembic]\nscript_location = %(here)s\n");
    for (const Revision &revision : revisions)
        write(versions.filePath(revision.id.text() + u"_change.py"_s), fileText(revision));
}

} // namespace stepwell::shapes
