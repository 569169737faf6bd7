// SPDX-License-Identifier: MIT
#pragma once

#include "migrations/core/result.h"

#include <QString>

#include <memory>
#include <stop_token>

namespace stepwell {

/// The files of another branch or commit beside the work tree: `git worktree add --detach` into a temporary
/// folder. Gone again with this object, from git's list too; what a crash leaves is pruned by the next one.
/// The project's git hooks are not run. The work tree that it is beside, its index and HEAD, stay as they
/// are.
class TemporaryCheckout
{
public:
    /// `folder`: in the repository. `ref`: branch, tag or commit. Blocking; any thread. Errors:
    /// ProgramMissing, ProcessFailed (git says why), FileError, Timeout, Cancelled.
    [[nodiscard]] static Result<TemporaryCheckout> make(const QString &folder, const QString &ref,
                                                        const std::stop_token &stop = {});
    TemporaryCheckout(TemporaryCheckout &&) noexcept;
    TemporaryCheckout &operator=(TemporaryCheckout &&) noexcept;
    ~TemporaryCheckout();

    [[nodiscard]] QString folder() const; ///< absolute; the top of the checkout
    [[nodiscard]] QString commit() const; ///< full hash
    /// Where a file of the work tree is in this one: an ini, for example. It need not be there. Null if the
    /// file is outside of the work tree.
    [[nodiscard]] QString pathOf(const QString &file) const;

private:
    class Files;
    explicit TemporaryCheckout(std::unique_ptr<Files> files);
    std::unique_ptr<Files> m_files;
};

} // namespace stepwell
