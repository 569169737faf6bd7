// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/alembic/headervalue.h"

#include <array>
#include <optional>

namespace stepwell {

/// A function of the module, by tokens.
struct PythonFunction {
    QByteArrayView name;
    size_t def = 0;   ///< the `def`
    size_t begin = 0; ///< of the body
    size_t end = 0;   ///< one behind the body
};

/// The module level of a revision file. Views of the tokens that it was read from.
struct RevisionHeader {
    /// By PythonWord, from Revision to DependsOn.
    std::array<HeaderBinding, 4> bindings;
    HeaderBinding docstring;
    bool docstringIsAssigned = false;      ///< `__doc__ = …`: taken as it is
    std::vector<PythonFunction> functions; ///< in the file's order; the last of a name wins
    bool bindsDowngrade = false;           ///< `downgrade` is assigned or imported instead of defined

    [[nodiscard]] HeaderBinding &binding(PythonWord word)
    {
        return bindings[static_cast<size_t>(word) - static_cast<size_t>(PythonWord::Revision)];
    }
    [[nodiscard]] const PythonFunction *function(QByteArrayView name) const
    {
        const auto found =
            std::ranges::find(functions.rbegin(), functions.rend(), name, &PythonFunction::name);
        return found == functions.rend() ? nullptr : &*found;
    }
};

/// withFunctions: functions are needed too, not only the values.
[[nodiscard]] RevisionHeader readRevisionHeader(const PythonTokens &tokens, bool withFunctions);

/// The docstring as Python 3.13 keeps it; null if there is none, nothing if only Python can tell it.
[[nodiscard]] std::optional<QString> readDocstring(const PythonTokens &tokens, const RevisionHeader &header);

} // namespace stepwell
