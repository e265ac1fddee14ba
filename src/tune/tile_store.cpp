#include "tune/tile_store.h"

#include <exception>
#include <mutex>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/cache.h"
#include "base/checksum.h"
#include "base/file.h"
#include "gpu/shader_source.h"

namespace shadenet {

namespace {

using nlohmann::json;

constexpr std::uint64_t largest_file = 1 << 16;

std::mutex unwritten_turn;

/// Tiles by the name of the file that could not be written, for the rest of this process' life.
std::map<std::string, std::string>& unwritten() {
    static std::map<std::string, std::string> tiles;
    return tiles;
}

/// Changes with every change of the shaders whose speed was measured.
std::string build_of(const std::vector<const char*>& shaders) {
    std::uint64_t hash = checksum({});
    for (const char* shader : shaders) {
        const std::vector<std::uint32_t> code = shader_code(shader);
        hash = checksum(std::as_bytes(std::span(code)), hash);
    }
    return fmt::format("{:016x}", hash);
}

}  // namespace

TileStore::TileStore(const Device& device, const std::vector<const char*>& shaders, const std::string& form)
    : key_{{"device", device.info().name},
           {"driver", device.info().driver},
           {"build", build_of(shaders)},
           {"form", form}} {
    std::uint64_t hash = checksum({});
    for (const char* name : {"device", "driver", "build", "form"}) {
        const std::string& part = key_.at(name);
        hash = checksum(std::as_bytes(std::span(part.c_str(), part.size() + 1)), hash);
    }
    name_ = fmt::format("tiles-{:016x}.json", hash);
}

std::filesystem::path TileStore::path() const {
    const std::filesystem::path folder = cache_folder();
    return folder.empty() ? folder : folder / name_;
}

std::optional<std::string> TileStore::read() const {
    if (std::optional<std::string> kept = read_kept()) return kept;
    const std::lock_guard lock(unwritten_turn);
    const auto found = unwritten().find(name_);
    return found == unwritten().end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> TileStore::read_kept() const {
    try {
        const std::filesystem::path file = path();
        if (file.empty() || !std::filesystem::exists(file)) return std::nullopt;
        const std::vector<std::byte> bytes = read_file(file, largest_file);
        const json kept =
            json::parse(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
        for (const auto& [name, value] : key_) {
            if (kept.at(name) != value) return std::nullopt;
        }
        return kept.at("tiles").get<std::string>();
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

void TileStore::write(const std::string& tiles) const noexcept {
    try {
        json kept = key_;
        kept["tiles"] = tiles;
        const std::string text = kept.dump(2) + "\n";
        if (keep_in_cache(name_, std::as_bytes(std::span(text)))) return;
        const std::lock_guard lock(unwritten_turn);
        unwritten()[name_] = tiles;
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace shadenet
