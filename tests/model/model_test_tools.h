// What the tests of this folder share: files made by hand, a folder to write in, and what a call refuses.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "model/model_file.h"
#include "model/presets.h"

namespace shadenet::test {

/// A safetensors file of exactly this header and `data`. `length` is what it says of its header's size.
inline std::vector<std::byte> raw_file(std::string_view header, std::span<const std::byte> data,
                                       std::uint64_t length) {
    std::vector<std::byte> bytes(sizeof(length) + header.size() + data.size());
    std::memcpy(bytes.data(), &length, sizeof(length));
    std::memcpy(bytes.data() + sizeof(length), header.data(), header.size());
    if (!data.empty()) std::memcpy(bytes.data() + sizeof(length) + header.size(), data.data(), data.size());
    return bytes;
}

inline std::vector<std::byte> raw_file(std::string_view header, std::size_t data_bytes) {
    return raw_file(header, std::vector<std::byte>(data_bytes), header.size());
}

/// The message of the InputError that `call` throws; empty when it throws none. Anything else passes through.
template <typename Call>
std::string refusal(const Call& call) {
    try {
        call();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Untrained.
inline Model fresh_model(const NetworkOptions& options, std::uint64_t seed) {
    const Network network = two_layer_network(options);
    return {network, initial_parameters(network, seed)};
}

/// A folder of its own, removed at the end.
class Scratch {
  public:
    Scratch() {
        static std::atomic<unsigned> count = 0;
        const auto base = std::filesystem::temp_directory_path();
        do {
            path_ = base / ("shadenet_model_test_" + std::to_string(count++));
        } while (!std::filesystem::create_directory(path_));
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path operator/(const char* name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

}  // namespace shadenet::test
