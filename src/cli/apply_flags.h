// The flags of `shadenet apply`, and what they stand for.
#pragma once

#include <cstdint>
#include <string>

#include "apply/filter_stages.h"
#include "cli/picture_flags.h"

namespace shadenet {

struct ApplyFlags : PictureFlags {
    std::string format;
    std::string range;       ///< of a model of another program; empty: the usual one
    std::uint32_t tile = 0;  ///< 0: chosen by the program
    int quality = 0;         ///< 0: as the source's
    float strength = 1;
    bool strip_metadata = false, watch = false;
};

void add_apply_flags(CLI::App& command, ApplyFlags& flags);

/// What to do, checked. Both throw InputError.
ApplyRequest apply_request_of(const ApplyFlags& flags);
ResultOptions result_options_of(const ApplyFlags& flags, const ModelColours& colours);

}  // namespace shadenet
