#include "base/machine.h"

#include <array>
#include <fstream>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/rand.h>

#ifdef _WIN32
#include <process.h>
#include <windows.h>
#else
#include <ctime>

#include <unistd.h>
#ifdef __APPLE__
#include <sys/sysctl.h>
#include <sys/time.h>
#endif
#endif

#include "base/error.h"
#include "base/sha256.h"

namespace shadenet {

namespace {

constexpr std::size_t identity_bytes = 6;

/// Nobody else may learn a machine's identity, hence a hash that cannot be reversed.
std::string hidden(const std::string& identity) {
    const std::string text = "shadenet " + identity;
    return sha256(std::as_bytes(std::span(text))).substr(0, 2 * identity_bytes);
}

#ifdef __APPLE__
std::string boot_identity() {
    std::array<char, 64> text{};
    std::size_t size = text.size() - 1;
    return sysctlbyname("kern.bootsessionuuid", text.data(), &size, nullptr, 0) == 0 ? text.data() : "";
}

std::optional<std::int64_t> boot_time() {
    timeval time{};
    std::size_t size = sizeof time;
    if (sysctlbyname("kern.boottime", &time, &size, nullptr, 0) != 0) return std::nullopt;
    return time.tv_sec;
}
#elif defined(__linux__)
std::string boot_identity() {
    std::string line;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id") >> std::ws, line);
    return line;
}

std::optional<std::int64_t> boot_time() {
    timespec since{};
    if (clock_gettime(CLOCK_BOOTTIME, &since) != 0) return std::nullopt;
    return std::time(nullptr) - since.tv_sec;
}
#else
std::string boot_identity() {
    return "";
}

std::optional<std::int64_t> boot_time() {
    return std::nullopt;
}
#endif

/// The identity of the installed system; empty if it has none.
std::string installation() {
    std::string line;
    std::getline(std::ifstream("/etc/machine-id") >> std::ws, line);
    return line;
}

Machine find_machine() {
    const std::string boot = boot_identity();
    return {hidden(fmt::format("host {} {}", host_name(), installation())),
            boot.empty() ? random_digits(identity_bytes) : hidden("boot " + boot), boot_time()};
}

}  // namespace

int process_id() {
#ifdef _WIN32
    return _getpid();
#else
    return getpid();
#endif
}

std::string host_name() {
    std::array<char, 256> name{};
#ifdef _WIN32
    DWORD size = name.size() - 1;
    return GetComputerNameA(name.data(), &size) != 0 ? name.data() : "";
#else
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
#endif
}

std::string random_digits(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    if (RAND_bytes(random.data(), static_cast<int>(bytes)) != 1) {
        throw WorkError("the system gives no random numbers; see that /dev/urandom is there");
    }
    return fmt::format("{:02x}", fmt::join(random, ""));
}

const Machine& this_machine() {
    static const Machine machine = find_machine();
    return machine;
}

}  // namespace shadenet
