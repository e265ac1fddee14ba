#include "model/module_names.h"

#include <algorithm>

#include "base/number.h"

namespace shadenet {

namespace {

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// Takes the digits that `text` begins with off it, and returns them without leading zeros.
std::string_view take_number(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

/// Below 0, 0 or above 0, for numbers of any length.
int compare_numbers(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return a.compare(b);
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
    const std::string_view whole_a = a, whole_b = b;
    while (!a.empty() && !b.empty()) {
        if (is_digit(a.front()) && is_digit(b.front())) {
            const int order = compare_numbers(take_number(a), take_number(b));
            if (order != 0) return order < 0;
        } else {
            if (a.front() != b.front()) return a.front() < b.front();
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
    }
    if (a.empty() != b.empty()) return a.empty();
    return whole_a < whole_b;  // they differ in zeros before a number at most
}

std::vector<unsigned> sequential_indices(const std::vector<std::string>& modules) {
    std::vector<unsigned> indices;
    for (const std::string& module : modules) {
        const std::size_t begin = module.rfind('.') + 1;  // npos + 1 is 0
        if (module.substr(0, begin) != modules.front().substr(0, begin)) return {};
        const auto index = number_in<unsigned>(std::string_view(module).substr(begin));
        if (!index) return {};
        indices.push_back(*index);
    }
    return indices;
}

}  // namespace shadenet
