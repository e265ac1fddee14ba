#include "cli/apply_flags.h"

#include "cli/given_model.h"
#include "cli/help.h"

namespace shadenet {

void add_apply_flags(CLI::App& command, ApplyFlags& flags) {
    const auto [input, output] = add_place_flags(command, flags, "-o,--output",
                                                 "the result's file, the folder for results, or -: stdout");
    input->required();
    output->required();
    add_range_flag(command, flags.range);
    add_stats_flag(command, flags);
    command.add_flag("-r,--recursive", flags.recursive, "the folders below the input, too");
    add_valued(command, "-f,--format", flags.format,
               "of the results: same as the picture's, png, jpg, tif or webp [same]", "FORMAT");
    add_valued(command, "--quality", flags.quality,
               "of JPEG and WebP, 1 to 100; without it, the source's own", "QUALITY")
        ->check(number_validator<std::uint32_t>(1, 100));
    command.add_flag("--strip-metadata", flags.strip_metadata,
                     "leave out EXIF, XMP, IPTC and texts; colour profiles stay");
    add_valued(command, "--strength", flags.strength, "0 keeps the picture, 1 is the filter, between mixes",
               "S")
        ->capture_default_str()
        ->check(real_validator(0, 1));
    command.add_flag("--watch", flags.watch, "filter what is there and what arrives, until Ctrl-C");
    add_earlier_flags(command, flags,
                      "skip results that are whole, and newer than their source and the model");
    add_share_flags(command, flags);
    add_device_flag(command, flags.device, "-g,--device");
    add_number(command, "-t,--tile", flags.tile,
               "side of a tile in pixels; 0 chooses; no result depends on it", 0,
               std::numeric_limits<std::uint32_t>::max(), "TILE");
    add_work_flags(command, flags);
    add_telling_flags(command, flags);
}

ApplyRequest apply_request_of(const ApplyFlags& flags) {
    ApplyRequest request = request_of(flags);
    request.format = flags.format;
    request.quality = flags.quality;
    return request;
}

ResultOptions result_options_of(const ApplyFlags& flags, const ModelColours& colours) {
    // Who asks for PNG gets what holds the result exactly; who asks for nothing, the picture's own kind.
    return {.quality = flags.quality,
            .keep_palette = flags.format != "png",
            .strip_metadata = flags.strip_metadata,
            .colours = colours};
}

}  // namespace shadenet
