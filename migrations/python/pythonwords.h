// SPDX-License-Identifier: MIT
#pragma once

#include <QtTypes>

#include <array>
#include <cstring>
#include <string_view>

namespace stepwell {

/// The names that reading a revision file looks for, told apart once, by the tokenizer.
enum class PythonWord : quint8 {
    Other,
    // Python's keywords
    False,
    None,
    True,
    And,
    As,
    Assert,
    Async,
    Await,
    Break,
    Class,
    Continue,
    Def,
    Del,
    Elif,
    Else,
    Except,
    Finally,
    For,
    From,
    Global,
    If,
    Import,
    In,
    Is,
    Lambda,
    Nonlocal,
    Not,
    Or,
    Pass,
    Raise,
    Return,
    Try,
    While,
    With,
    Yield,
    // names that are keywords in some places
    Match,
    Case,
    Type,
    // what a revision sets
    Revision,
    DownRevision,
    BranchLabels,
    DependsOn,
    Doc,
    Upgrade,
    Downgrade,
    // ways to set a variable without naming it
    Globals,
    Locals,
    Vars,
    Exec,
    Eval,
    Setattr,
    Dict,
    Modules,
    // what upgrade() and downgrade() call
    Op,
    AutocommitBlock,
    GetBind,
    Inspect,
    Inspector,
    Autoload,
    AutoloadWith,
    FromEngine,
    CreateTable,
    AddColumn,
    DropTable,
    DropColumn,
    Delete,
    Column,
};

/// By PythonWord.
inline constexpr std::array<std::string_view, static_cast<size_t>(PythonWord::Column) + 1> pythonWordTexts{
    "",
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "match",
    "case",
    "type",
    "revision",
    "down_revision",
    "branch_labels",
    "depends_on",
    "__doc__",
    "upgrade",
    "downgrade",
    "globals",
    "locals",
    "vars",
    "exec",
    "eval",
    "setattr",
    "__dict__",
    "modules",
    "op",
    "autocommit_block",
    "get_bind",
    "inspect",
    "Inspector",
    "autoload",
    "autoload_with",
    "from_engine",
    "create_table",
    "add_column",
    "drop_table",
    "drop_column",
    "delete",
    "Column"};

[[nodiscard]] constexpr bool isKeyword(PythonWord word)
{
    return word >= PythonWord::False && word <= PythonWord::Yield;
}

/// A keyword in some places only: a name everywhere else.
[[nodiscard]] constexpr bool isSoftKeyword(PythonWord word)
{
    return word >= PythonWord::Match && word <= PythonWord::Type;
}

/// One of the four variables that Alembic reads.
[[nodiscard]] constexpr bool isHeaderWord(PythonWord word)
{
    return word >= PythonWord::Revision && word <= PythonWord::DependsOn;
}

namespace pythonwords {

inline constexpr size_t longest = 16;
inline constexpr unsigned tableBits = 9;

/// No two words share length, first and last letter.
[[nodiscard]] constexpr unsigned bucket(const char *text, size_t length, unsigned factor)
{
    const unsigned key = static_cast<unsigned char>(text[0]) |
                         static_cast<unsigned>(static_cast<unsigned char>(text[length - 1])) << 8U |
                         static_cast<unsigned>(length) << 16U;
    return key * factor >> (32U - tableBits);
}

struct Table {
    unsigned factor = 0;
    std::array<quint8, 1U << tableBits> words{};
};

/// A table without collisions, found when the program is compiled.
consteval Table makeTable()
{
    for (unsigned factor = 0x9e3779b1U;; factor += 2) {
        Table table{.factor = factor};
        bool fits = true;
        for (size_t word = 1; fits && word < pythonWordTexts.size(); ++word) {
            const std::string_view text = pythonWordTexts[word];
            quint8 &place = table.words[bucket(text.data(), text.size(), factor)];
            fits = place == 0;
            place = static_cast<quint8>(word);
        }
        if (fits)
            return table;
    }
}

inline constexpr Table table = makeTable();

} // namespace pythonwords

[[nodiscard]] inline PythonWord pythonWord(const char *text, size_t length)
{
    if (length > pythonwords::longest || length < 2)
        return PythonWord::Other;
    const quint8 word =
        pythonwords::table.words[pythonwords::bucket(text, length, pythonwords::table.factor)];
    const std::string_view known = pythonWordTexts[word];
    return known.size() == length && std::memcmp(known.data(), text, length) == 0
               ? static_cast<PythonWord>(word)
               : PythonWord::Other;
}

/// True for the keywords of compound statements other than definitions: what stands in them is still at the
/// level of the module or function around.
[[nodiscard]] constexpr bool opensBlock(PythonWord word)
{
    using enum PythonWord;
    switch (word) {
    case If:
    case Elif:
    case Else:
    case Try:
    case Except:
    case Finally:
    case With:
    case For:
    case While:
        return true;
    default:
        return false;
    }
}

} // namespace stepwell
