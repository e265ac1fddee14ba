#include "train/options/option_value.h"

#include <stdexcept>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.h"
#include "base/number.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

/// Reads the text into a value of any kind.
struct ReadText {
    const std::string& text;

    void operator()(bool* value) const { *value = text == "true"; }
    void operator()(std::string* value) const { *value = text; }
    void operator()(std::filesystem::path* value) const { *value = text; }
    void operator()(NormPlacement* value) const { *value = norm_placement(text); }
    void operator()(PicturePadding* value) const { *value = picture_padding(text); }
    void operator()(PixelRange* value) const { *value = pixel_range(text); }
    void operator()(StartWeights* value) const { *value = start_weights(text); }
    void operator()(OptimizerKind* value) const { *value = optimizer_kind(text); }
    void operator()(ScheduleKind* value) const { *value = schedule_kind(text); }
    void operator()(PlanKind* value) const { *value = plan_kind(text); }
    void operator()(NormFreeze* value) const { *value = norm_freeze(text); }
    void operator()(std::vector<Domain>*) const { throw std::invalid_argument("streams are no single text"); }
    template <typename Number>
    void operator()(Number* value) const {
        const auto number = number_in<Number>(text);
        if (!number) throw InputError(fmt::format("{} is no number that the option takes", in_quotes(text)));
        *value = *number;
    }
};

std::string names_of(const std::vector<Domain>& domains) {
    std::string names;
    for (const Domain& domain : domains) names += (names.empty() ? "" : " ") + domain.name;
    return names;
}

}  // namespace

std::string text_of(const OptionPlace& place) {
    return std::visit(
        [](const auto* value) {
            using Value = std::decay_t<decltype(*value)>;
            if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string>) {
                return fmt::format("{}", *value);
            } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
                return value->string();
            } else if constexpr (std::is_same_v<Value, std::vector<Domain>>) {
                return names_of(*value);
            } else {
                return to_string(*value);
            }
        },
        place);
}

void read_text(const OptionPlace& place, const std::string& text) {
    std::visit(ReadText{text}, place);
}

void copy_value(const OptionPlace& from, const OptionPlace& to) {
    std::visit([&](auto* value) { *value = *std::get<decltype(value)>(from); }, to);
}

}  // namespace shadenet
