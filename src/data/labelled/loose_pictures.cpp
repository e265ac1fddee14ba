#include "data/labelled/loose_pictures.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "data/labelled/decoded_files.h"
#include "data/labelled/labelled_limits.h"

namespace shadenet {

LabelledPictures loose_pictures(const std::filesystem::path& input,
                                const std::vector<std::filesystem::path>& files, const PictureRule& rule,
                                const std::atomic<bool>& stop,
                                const std::function<void(const std::string& why)>& on_unreadable) {
    constexpr std::uint32_t decoded_channels = 3;
    const auto [channels, height, width] = rule.input;
    ClassFiles part;
    for (const std::filesystem::path& file : files) part.files.push_back({file, 0});
    check_labelled_size(input.string(), files.size(),
                        files.size() * std::uint64_t{decoded_channels} * height * width);
    DecodedFiles decoded = decode_files(part, {decoded_channels, height, width}, &stop);
    LabelledPictures pictures{.shape = {1, decoded_channels, height, width},
                              .levels = std::move(decoded.levels)};
    const auto each = static_cast<std::ptrdiff_t>(pictures.shape.values());
    const auto at = [&](std::size_t index) {
        return pictures.levels.begin() + each * static_cast<std::ptrdiff_t>(index);
    };
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!decoded.errors[i].empty()) {
            on_unreadable(decoded.errors[i]);
            continue;
        }
        if (pictures.labels.size() < i) std::copy_n(at(i), each, at(pictures.labels.size()));
        pictures.labels.push_back(0);
        pictures.names.push_back(files[i].string());
    }
    pictures.levels.erase(at(pictures.labels.size()), pictures.levels.end());
    if (pictures.size() > 0) return in_channels_of(rule, std::move(pictures));
    throw InputError(fmt::format("{}: holds no picture that can be read; give others", input.string()));
}

}  // namespace shadenet
