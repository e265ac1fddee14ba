#include "tune/tile_store.h"

#include <exception>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/checksum.h"
#include "base/file.h"
#include "gpu/shader_source.h"

namespace shadenet {

namespace {

using nlohmann::json;

constexpr std::uint64_t largest_file = 1 << 16;

/// Changes with every change of the shaders whose speed was measured.
std::string build_of_shaders() {
    std::uint64_t hash = checksum({});
    for (const char* shader : {"fused_forward", "fused_backward"}) {
        const std::vector<std::uint32_t> code = shader_code(shader);
        hash = checksum(std::as_bytes(std::span(code)), hash);
    }
    return fmt::format("{:016x}", hash);
}

}  // namespace

TileStore::TileStore(const Device& device, const FusedNetwork& network)
    : device_(device.info().name),
      driver_(device.info().driver),
      build_(build_of_shaders()),
      network_(fmt::format("kernel {}, {} hidden channels, activation {}", network.conv1.kernel,
                           network.hidden(), network.activation)) {
    const std::filesystem::path folder = cache_folder();
    if (folder.empty()) return;
    std::uint64_t hash = checksum({});
    for (const std::string* part : {&device_, &driver_, &build_, &network_}) {
        hash = checksum(std::as_bytes(std::span(part->c_str(), part->size() + 1)), hash);
    }
    path_ = folder / fmt::format("tiles-{:016x}.json", hash);
}

std::optional<FusedTiles> TileStore::read(const TileTable& table) const {
    try {
        if (path_.empty() || !std::filesystem::exists(path_)) return std::nullopt;
        const std::vector<std::byte> bytes = read_file(path_, largest_file);
        const json kept =
            json::parse(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
        if (kept.at("device") != device_ || kept.at("driver") != driver_ || kept.at("build") != build_ ||
            kept.at("network") != network_) {
            return std::nullopt;
        }
        return find_tiles(table, kept.at("tiles").get<std::string>());
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

void TileStore::write(const FusedTiles& tiles) const noexcept {
    try {
        if (path_.empty()) return;
        const json kept = {{"device", device_},
                           {"driver", driver_},
                           {"build", build_},
                           {"network", network_},
                           {"tiles", to_string(tiles)}};
        const std::string text = kept.dump(2) + "\n";
        std::filesystem::create_directories(path_.parent_path());
        write_file_atomically(path_, std::as_bytes(std::span(text)));
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace shadenet
