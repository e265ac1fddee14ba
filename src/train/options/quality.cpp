#include "train/options/quality.h"

#include <array>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "base/words.h"
#include "model/known_word.h"

namespace shadenet {

namespace {

constexpr auto quality_words = words_of<Quality>("draft", "normal", "best");

/// As the command line would give it.
struct DefaultValue {
    const char* flag;
    std::array<const char*, 3> values;  ///< of draft, normal and best
};

// clang-format off
constexpr DefaultValue defaults[] = {
    {"--epochs", {"50", "200", "800"}},
};
// clang-format on

const Option& option_of(std::string_view flag) {
    for (const Option& row : option_table()) {
        if (flag == row.flag) return row;
    }
    throw std::logic_error(fmt::format("there is no option {}", flag));
}

}  // namespace

std::string to_string(Quality quality) {
    return quality_words[quality];
}

Quality quality(const std::string& text) {
    return known_word(quality_words, "--quality", text);
}

TrainOptions default_options(Quality quality) {
    TrainOptions options;
    for (const DefaultValue& value : defaults) {
        read_text(option_of(value.flag).place(options), value.values.at(static_cast<std::size_t>(quality)));
    }
    return options;
}

void give_way(TrainOptions& options, const std::function<bool(const Option&)>& given) {
    const auto take_back = [&](const char* flag) {
        const Option& row = option_of(flag);
        if (!given(row)) row.copy(TrainOptions(), options);
    };
    if (!options.network.given) require_shape(options.network.two_layer);
    if (!has_norm(options.network.network())) take_back("--freeze-norm");
    if (!can_begin_unchanged(options)) take_back("--zero-init-residual");
}

}  // namespace shadenet
