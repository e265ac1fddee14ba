#include "train/option_value.h"

#include <charconv>
#include <stdexcept>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

void read_value(NormPlacement& value, const std::string& text) {
    value = norm_placement(text);
}
void read_value(PixelRange& value, const std::string& text) {
    value = pixel_range(text);
}
void read_value(OptimizerKind& value, const std::string& text) {
    value = optimizer_kind(text);
}
void read_value(ScheduleKind& value, const std::string& text) {
    value = schedule_kind(text);
}
void read_value(PlanKind& value, const std::string& text) {
    value = plan_kind(text);
}
void read_value(bool& value, const std::string& text) {
    value = text == "true";
}
void read_value(std::string& value, const std::string& text) {
    value = text;
}
void read_value(std::filesystem::path& value, const std::string& text) {
    value = text;
}
void read_value(std::vector<Stream>&, const std::string&) {
    throw std::invalid_argument("streams are no single text");
}

template <typename Number>
std::enable_if_t<std::is_arithmetic_v<Number>> read_value(Number& value, const std::string& text) {
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last) {
        throw InputError(fmt::format("{} is no number that the option takes", in_quotes(text)));
    }
}

std::string names_of(const std::vector<Stream>& streams) {
    std::string names;
    for (const Stream& stream : streams) names += (names.empty() ? "" : " ") + stream.name;
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
            } else if constexpr (std::is_same_v<Value, std::vector<Stream>>) {
                return names_of(*value);
            } else {
                return to_string(*value);
            }
        },
        place);
}

void read_text(const OptionPlace& place, const std::string& text) {
    std::visit([&](auto* value) { read_value(*value, text); }, place);
}

void copy_value(const OptionPlace& from, const OptionPlace& to) {
    std::visit([&](auto* value) { *value = *std::get<decltype(value)>(from); }, to);
}

}  // namespace shadenet
