#include "gpu/shader_source.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "embedded/shaders.h"

namespace shadenet {

namespace {

constexpr std::uint32_t spirv_magic = 0x07230203;
constexpr std::uint64_t max_shader_bytes = 16 << 20;

std::vector<std::uint32_t> words_of(std::span<const std::byte> bytes, const std::string& source) {
    const auto refuse = [&] {
        throw InputError(fmt::format("{}: is not SPIR-V; compile the shaders again", source));
    };
    constexpr std::size_t header_bytes = 20;
    if (bytes.size() % 4 != 0 || bytes.size() < header_bytes) refuse();
    std::vector<std::uint32_t> words(bytes.size() / 4);
    std::memcpy(words.data(), bytes.data(), bytes.size());
    if (words[0] != spirv_magic) refuse();
    return words;
}

}  // namespace

std::vector<std::uint32_t> shader_code(const std::string& shader) {
    const char* folder = std::getenv("SHADENET_SHADER_DIR");
    if (folder != nullptr && *folder != '\0') {
        const auto path = std::filesystem::path(folder) / (shader + ".spv");
        if (std::filesystem::exists(path)) return words_of(read_file(path, max_shader_bytes), path.string());
    }
    for (const auto& file : embedded::shaders()) {
        if (file.name == shader) return words_of(file.bytes, shader);
    }
    throw WorkError(fmt::format("shader {}: is not part of this build", shader));
}

}  // namespace shadenet
