// SPDX-License-Identifier: MIT
#include "migrations/repair/readnow.h"

#include <future>
#include <vector>

namespace stepwell {

Result<History> readNow(const History &history, const std::function<QString(const Target &)> &password)
{
    QList<Target> targets;
    std::vector<std::future<TargetStatus>> reading;
    for (const HistoryTarget &known : history.targets) {
        targets += known.target;
        reading.push_back(std::async(std::launch::async, [target = known.target, &password] {
            return readTargetStatus(target, password(target), ReadDepth::Header);
        }));
    }
    QList<TargetStatus> statuses;
    for (std::future<TargetStatus> &one : reading)
        statuses += one.get();
    const Component component = targets.isEmpty()
                                    ? Component{.name = history.component, .config = history.source.config}
                                    : targets.first().component;
    return readHistory(component, history.source, targets, statuses);
}

} // namespace stepwell
