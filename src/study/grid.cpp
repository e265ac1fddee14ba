#include "study/grid.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

/// Of options and values, which become parts of folders' names.
constexpr const char* plain_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.:%";

[[noreturn]] void refuse_axis(const std::string& text, const std::string& why) {
    throw InputError(
        fmt::format("--vary is {}: {}; use OPTION=VALUE,VALUE, as norm=none,before", in_quotes(text), why));
}

std::vector<std::string> parted(const std::string& text, char comma) {
    std::vector<std::string> parts = {""};
    for (const char letter : text) {
        if (letter == comma) {
            parts.emplace_back();
        } else {
            parts.back() += letter;
        }
    }
    return parts;
}

/// A list of variants that differ in one option.
Grid varied(const std::string& option, const std::vector<std::string>& values, Settings standard = {}) {
    Grid grid{{{}}, std::move(standard)};
    vary(grid, {option, values});
    return grid;
}

}  // namespace

std::string label_of(const Settings& settings) {
    if (settings.empty()) return "as given";
    std::string label;
    for (const Setting& setting : settings) {
        label += fmt::format("{}{}={}", label.empty() ? "" : ",", setting.option, setting.value);
    }
    return label;
}

Variation parse_variation(const std::string& text) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0) refuse_axis(text, "it names no option");
    Variation variation{text.substr(0, sign), parted(text.substr(sign + 1), ',')};
    if (variation.option.starts_with("-")) refuse_axis(text, "the option stands without dashes");
    std::set<std::string> seen;
    for (const std::string& value : variation.values) {
        if (value.empty()) refuse_axis(text, "a value is missing");
        if ((variation.option + value).find_first_not_of(plain_letters) != std::string::npos) {
            refuse_axis(text, fmt::format("{} has letters that no option takes", in_quotes(value)));
        }
        if (!seen.insert(value).second) refuse_axis(text, fmt::format("{} is there twice", in_quotes(value)));
    }
    return variation;
}

Grid ready_made(const std::string& name) {
    // Without an activation, before and after it would be one place.
    if (name == "placement") return varied("norm", {"none", "before", "after"}, {{"activation", "relu"}});
    if (name == "optimizer") {
        return {{{{"norm", "none"}, {"optimizer", "adam"}},
                 {{"norm", "before"}, {"optimizer", "adam"}},
                 {{"norm", "before"}, {"optimizer", "amsgrad"}}}};
    }
    if (name == "seed2") {
        Grid grid = ready_made("optimizer");
        grid.standard = {{"network", "all-cnn"}, {"flip", "yes"}};
        return grid;
    }
    if (name == "decay") return varied("decay", {"0.9", "0.99", "0.999"});
    if (name == "batch") return varied("batch", {"1", "2", "all"});
    throw InputError(
        fmt::format("study {} is not known; use placement, optimizer, decay, batch or seed2, or --vary",
                    in_quotes(name)));
}

void leave_out(Grid& grid, const std::string& option) {
    std::vector<Settings> left;
    for (Settings settings : grid.variants) {
        std::erase_if(settings, [&](const Setting& setting) { return setting.option == option; });
        if (std::find(left.begin(), left.end(), settings) == left.end()) left.push_back(std::move(settings));
    }
    grid.variants = std::move(left);
    std::erase_if(grid.standard, [&](const Setting& setting) { return setting.option == option; });
}

void vary(Grid& grid, const Variation& variation) {
    leave_out(grid, variation.option);
    if (variation.values.size() > most_variants / grid.variants.size()) {
        throw InputError(fmt::format("--vary {}: makes {} variants; use {} or fewer", variation.option,
                                     grid.variants.size() * variation.values.size(), most_variants));
    }
    std::vector<Settings> all;
    for (const Settings& settings : grid.variants) {
        for (const std::string& value : variation.values) {
            all.push_back(settings);
            all.back().push_back({variation.option, value});
        }
    }
    grid.variants = std::move(all);
}

}  // namespace shadenet
