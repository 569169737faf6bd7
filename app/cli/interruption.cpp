// SPDX-License-Identifier: MIT
#include "app/cli/interruption.h"

#include <utility>

namespace stepwell::cli {

bool Interruption::takeFirst()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_handler || !m_handler())
        return false;
    m_handler = {}; // the next one cancels
    return true;
}

void Interruption::interrupt()
{
    if (!takeFirst())
        m_cancel.request_stop();
}

void Interruption::cancel()
{
    m_cancel.request_stop();
}

Interruption::FirstGoesTo::FirstGoesTo(Interruption *interruption, std::function<bool()> handler)
    : m_interruption(interruption)
{
    if (!m_interruption)
        return;
    const std::scoped_lock lock(m_interruption->m_mutex);
    m_interruption->m_handler = std::move(handler);
}

Interruption::FirstGoesTo::~FirstGoesTo()
{
    if (!m_interruption)
        return;
    const std::scoped_lock lock(m_interruption->m_mutex);
    m_interruption->m_handler = {};
}

} // namespace stepwell::cli
