#include "pairs/look_texts.h"

#include <cstddef>
#include <cstring>
#include <type_traits>

namespace shadenet {

namespace {

template <class Look, class Each>
void each_text(Look& look, const Each& each) {
    each(look.problem);
    each(look.profile.name);
    each(look.profile.id);
    each(look.target_profile.name);
    each(look.target_profile.id);
}

template <class Look, class Each>
void each_number(Look& look, const Each& each) {
    each(look.width);
    each(look.height);
    each(look.target_width);
    each(look.target_height);
    each(look.bits);
    each(look.target_bits);
    each(look.equal);
    each(look.placement);
    each(look.shift_gain);
    each(look.fitted);
    for (std::size_t row = 0; row < FitTerms::rows; ++row) {
        for (std::size_t column = row; column < FitTerms::rows; ++column)
            each(look.fit.moments.at(row, column));
    }
    each(look.fit.clipped_dark);
    each(look.fit.clipped_bright);
    each(look.unexplained_means);
    each(look.input);
    each(look.target);
    each(look.lights);
}

}  // namespace

void append_texts(std::vector<std::string>& texts, const PairLook& look) {
    each_text(look, [&](const std::string& text) { texts.push_back(text); });
    std::string numbers;
    each_number(look, [&](const auto& value) {
        static_assert(std::is_trivially_copyable_v<std::remove_cvref_t<decltype(value)>>);
        numbers.append(reinterpret_cast<const char*>(&value), sizeof value);
    });
    texts.push_back(std::move(numbers));
}

void read_texts(const std::vector<std::string>& texts, std::vector<PairLook>& looks) {
    std::size_t at = 0;
    while (at < texts.size()) {
        PairLook& look = looks.emplace_back();
        each_text(look, [&](std::string& text) { text = texts.at(at++); });
        const std::string& numbers = texts.at(at++);
        std::size_t byte = 0;
        each_number(look, [&](auto&& value) {
            std::memcpy(&value, &numbers.at(byte), sizeof value);
            byte += sizeof value;
        });
    }
}

}  // namespace shadenet
