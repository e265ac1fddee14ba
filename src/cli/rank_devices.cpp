#include "cli/rank_devices.h"

#include <algorithm>
#include <cstddef>
#include <exception>

#include <fmt/format.h>

#include "cli/device_text.h"
#include "cli/output.h"
#include "gpu/instance.h"
#include "group/texts.h"

namespace shadenet {

namespace {

Texts texts_of_own(const std::string& host, const std::string& request) {
    try {
        const auto instance = Instance::create();
        const std::vector<DeviceInfo> devices = list_devices(*instance);
        const DeviceChoice choice = choose_device(devices, request);
        const DeviceInfo& device = devices[choice.index];
        return {host, device_line(device, choice.reason), device.name, device.driver, device.uuid_text(), ""};
    } catch (const std::exception& error) {
        return {host, "", "", "", "", error.what()};
    }
}

}  // namespace

std::vector<RankDevice> devices_of_ranks(Group& group, const std::string& request) {
    std::vector<RankDevice> devices;
    for (const Texts& texts : gather_texts(group, texts_of_own(group.host(), request))) {
        devices.push_back({texts[0], texts[1], texts[2], texts[3], texts[4], texts[5]});
    }
    return devices;
}

void say_ranks(const std::vector<RankDevice>& devices, const std::string& heading,
               const std::vector<std::string>& last) {
    std::size_t host = 4, name = 6, driver = 6;
    for (const RankDevice& one : devices) {
        host = std::max(host, one.host.size());
        name = std::max(name, one.name.size());
        driver = std::max(driver, one.driver.size());
    }
    say("{:<4}  {:<{}}  {:<{}}  {:<{}}  {}", "rank", "host", host, "device", name, "driver", driver, heading);
    for (std::size_t rank = 0; rank < devices.size(); ++rank) {
        const RankDevice& one = devices[rank];
        if (!one.problem.empty()) {
            say("{:<4}  {:<{}}  none: {}", rank, one.host, host, one.problem);
            continue;
        }
        say("{:<4}  {:<{}}  {:<{}}  {:<{}}  {}", rank, one.host, host, one.name, name, one.driver, driver,
            last[rank]);
    }
}

std::vector<std::string> rank_lines(const std::string& request) {
    std::vector<std::string> lines;
    if (this_group().is_alone()) return lines;
    for (const RankDevice& one : devices_of_ranks(this_group(), request)) {
        lines.push_back(fmt::format("rank {} on {}: {}", lines.size(), one.host,
                                    one.problem.empty() ? one.line : one.problem));
    }
    return lines;
}

}  // namespace shadenet
