#include "base/cache.h"

#include <atomic>
#include <cstdlib>
#include <exception>

#include <spdlog/spdlog.h>

#include "base/error.h"
#include "base/file.h"
#include "base/temporary_file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

#ifdef _WIN32
constexpr const char* cache_variable = "LOCALAPPDATA";
#elif defined(__APPLE__)
constexpr const char* cache_variable = "HOME";
#else
constexpr const char* cache_variable = "XDG_CACHE_HOME";
#endif

fs::path below(const char* variable, const char* folder) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? fs::path(value) / folder : fs::path();
}

void write_to_cache(const fs::path& folder, const std::string& name, std::span<const std::byte> bytes) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw WorkError(fmt::format("{}: cannot make the folder: {}", folder.string(), error.message()));
    remove_abandoned(folder);
    write_file_atomically(folder / name, bytes);
}

void say_once(const char* problem) {
    static std::atomic<bool> said = false;
    if (said.exchange(true)) return;
    spdlog::warn(
        "nothing is kept for the next start, which will take as long as this one ({}); point {} to a folder "
        "that can be written",
        problem, cache_variable);
}

}  // namespace

fs::path cache_folder() {
#ifdef _WIN32
    return below(cache_variable, "shadenet");
#elif defined(__APPLE__)
    return below(cache_variable, "Library/Caches/shadenet");
#else
    const fs::path chosen = below(cache_variable, "shadenet");
    return chosen.empty() ? below("HOME", ".cache/shadenet") : chosen;
#endif
}

bool keep_in_cache(const std::string& name, std::span<const std::byte> bytes) noexcept {
    try {
        const fs::path folder = cache_folder();
        if (folder.empty()) throw WorkError("there is no cache folder");
        write_to_cache(folder, name, bytes);
        return true;
    } catch (const std::exception& error) {
        say_once(error.what());
        return false;
    }
}

}  // namespace shadenet
