// Which variants a study compares, by the options of a run that they are given.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace shadenet {

/// An option of `train` by its flag's name without dashes, and a value as on the command line. A flag that
/// takes no value is "yes" or "no".
struct Setting {
    std::string option, value;
    bool operator==(const Setting&) const = default;
};

/// What makes one variant; no option twice.
using Settings = std::vector<Setting>;

/// "norm=none,optimizer=adam"; "as given" where there are none.
std::string label_of(const Settings& settings);

/// One option with the values that it is to have in turn.
struct Variation {
    std::string option;
    std::vector<std::string> values;
};

/// "norm=none,before". Throws InputError when it is no such text, has a value twice, or has letters that the
/// name of a folder should not have.
Variation parse_variation(const std::string& text);

struct Grid {
    std::vector<Settings> variants = {{}};
    /// For all variants, where the command line does not say otherwise.
    Settings standard = {};
};

/// placement, optimizer, decay, batch or, of labelled pictures, seed2. Throws InputError for another name.
Grid ready_made(const std::string& name);

/// The variants without an option, and then each only once.
void leave_out(Grid& grid, const std::string& option);

/// Every variant with every value of the variation, in place of what it had of that option. Throws InputError
/// when that makes more than most_variants.
void vary(Grid& grid, const Variation& variation);

inline constexpr std::size_t most_variants = 200;

}  // namespace shadenet
