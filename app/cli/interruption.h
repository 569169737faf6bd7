// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <stop_token>

namespace stepwell::cli {

/// What Ctrl-C means: a command may take the first one itself, as a wish to stop at a good place; without
/// such a command, and from the second on, it cancels. Thread-safe.
class Interruption
{
public:
    [[nodiscard]] std::stop_token token() const { return m_cancel.get_token(); }

    void interrupt(); ///< Ctrl-C
    void cancel();    ///< SIGTERM: nobody there to press it twice

    /// While it lives, the first Ctrl-C goes to `handler`: true says that it was taken. Called from the
    /// thread that interrupts, never after the end of this object.
    class FirstGoesTo
    {
    public:
        FirstGoesTo(Interruption *interruption, std::function<bool()> handler);
        ~FirstGoesTo();
        FirstGoesTo(const FirstGoesTo &) = delete;
        FirstGoesTo &operator=(const FirstGoesTo &) = delete;

    private:
        Interruption *m_interruption;
    };

private:
    bool takeFirst();

    std::mutex m_mutex;
    std::function<bool()> m_handler;
    std::stop_source m_cancel;
};

} // namespace stepwell::cli
