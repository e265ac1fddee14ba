#include "base/memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#ifdef _WIN32
#include <windows.h>
#else
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// The number in a file; none if the file says "max" or does not exist.
std::optional<std::uint64_t> number_in(const fs::path& file) {
    std::uint64_t number = 0;
    return std::ifstream(file) >> number ? std::optional(number) : std::nullopt;
}

/// The smallest memory limit of this process' control group and the groups above it: set by containers and
/// batch systems of Linux. Lines of /proc/self/cgroup are "0::/path" in version 2, "7:memory:/path" in
/// version 1.
std::uint64_t control_group_memory() {
    std::uint64_t least = UINT64_MAX;
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        const bool second = line.starts_with("0::");
        if (!second && line.find(":memory:") == std::string::npos) continue;
        const fs::path root = second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
        const char* const file = second ? "memory.max" : "memory.limit_in_bytes";
        fs::path group = fs::path(line.substr(line.find('/'))).relative_path();
        for (;; group = group.parent_path()) {
            least = std::min(least, number_in(root / group / file).value_or(UINT64_MAX));
            if (group.empty()) break;
        }
    }
    return least;
}

}  // namespace

std::uint64_t usable_memory() {
    return std::min(physical_memory(), control_group_memory());
}

std::uint64_t physical_memory() {
    constexpr std::uint64_t unknown = std::uint64_t{8} << 30;
#ifdef _WIN32
    MEMORYSTATUSEX status{};
    status.dwLength = sizeof status;
    return GlobalMemoryStatusEx(&status) != 0 ? status.ullTotalPhys : unknown;
#else
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
                                 : unknown;
#endif
}

std::uint64_t peak_memory() {
#ifdef _WIN32
    return 0;
#else
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
    const auto size = static_cast<std::uint64_t>(usage.ru_maxrss);
#ifdef __APPLE__
    return size;
#else
    return size * 1024;
#endif
#endif
}

}  // namespace shadenet
