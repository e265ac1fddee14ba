// shadenet devices: what Vulkan offers here, and what would be used.

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/rank_devices.h"
#include "cli/text.h"
#include "gpu/device_info.h"
#include "gpu/instance.h"

namespace shadenet {

namespace {

void show_device(const DeviceInfo& device) {
    const bool software = device.kind == DeviceKind::software;
    say("{}  {}", device.index, device.name);
    if (!device.problem.empty()) say("   cannot be used   it {}", device.problem);
    say("   kind             {}{}", to_string(device.kind), software ? ", the processor does the work" : "");
    say("   driver           {}", device.driver);
    say("   Vulkan           {}", device.api_version_text());
    say("   memory           {}{}", bytes_text(device.memory_bytes),
        device.unified_memory ? ", shared with the processor" : "");
    say("   largest buffer   {} in one binding", bytes_text(device.max_storage_range));
    say("   workgroup        {} threads, {} of shared memory", device.max_invocations,
        bytes_text(device.max_shared_bytes));
    say("   timestamps       {}\n", device.timestamp_period > 0
                                        ? fmt::format("{:g} ns apart", device.timestamp_period)
                                        : "none: the GPU's own times cannot be shown");
}

int run_devices(const std::string& request) {
    if (!this_group().is_alone()) {
        const std::vector<RankDevice> devices = devices_of_ranks(this_group(), request);
        std::vector<std::string> uuids;
        for (const RankDevice& one : devices) uuids.push_back(one.uuid);
        say_ranks(devices, "UUID", uuids);
        const auto has_none = [](const RankDevice& one) { return !one.problem.empty(); };
        return std::ranges::any_of(devices, has_none) ? exit_failure : exit_fine;
    }
    const auto instance = Instance::create();
    const std::vector<DeviceInfo> devices = list_devices(*instance);
    for (const DeviceInfo& device : devices) show_device(device);
    const DeviceChoice choice = choose_device(devices, request);
    say("shadenet would use {}: {} ({})", choice.index, devices[choice.index].name, choice.reason);
    say("another one: --device with a number, a part of a name, or cpu; or the environment variable "
        "SHADENET_DEVICE");
    return exit_fine;
}

int follow_devices(const std::string& request) {
    devices_of_ranks(this_group(), request);
    return exit_fine;
}

}  // namespace

void add_devices_command(CLI::App& program, int& exit_code) {
    const auto [command, request] =
        add_command(program, "devices", "List the GPUs, and which one would be used", exit_code, run_devices,
                    follow_devices);
    add_valued(command, "--device", request, "show whether this one would be found", "DEVICE");
}

}  // namespace shadenet
