#include "data/labelled/loose_pictures.h"

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
    for (const std::string& error : decoded.errors) {
        if (!error.empty()) on_unreadable(error);
    }
    LabelledPictures pictures =
        readable_pictures(part, std::move(decoded), {decoded_channels, height, width}, decoded_channels,
                          [](const std::filesystem::path& file) { return file.string(); });
    if (pictures.size() > 0) return in_channels_of(rule, std::move(pictures));
    throw InputError(fmt::format("{}: holds no picture that can be read; give others", input.string()));
}

}  // namespace shadenet
