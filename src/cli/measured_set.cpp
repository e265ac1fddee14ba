#include "cli/measured_set.h"

#include <filesystem>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "apply/picture_tree.h"
#include "base/counted.h"
#include "base/error.h"
#include "cli/output.h"
#include "data/labelled/labelled_data.h"
#include "data/labelled/loose_pictures.h"
#include "data/labelled/matched_part.h"

namespace shadenet {

namespace {

/// A folder that has no picture of its own may hold labelled ones, in one of their forms.
bool is_data_folder(const MeasureFlags& flags) {
    return !flags.recursive && std::filesystem::is_directory(flags.input) &&
           list_pictures(flags.input, false, {}).pictures.empty();
}

LabelledPictures training_part(const MeasureFlags& flags, const Model& model, const PictureRule& rule) {
    LabelledData data = read_labelled_data(flags.input, {.as = rule.input, .stop = &stop_on_interrupt()});
    for (const std::string& note : data.notes) spdlog::info("{}", note);
    for (const std::string& warning : data.warnings) spdlog::warn("{}", warning);
    return matched_part(std::move(data.training), data.classes, model.classes, rule, flags.input);
}

LabelledPictures files_of(const MeasureFlags& flags, const PictureRule& rule) {
    std::size_t unreadable = 0;
    const std::vector<std::filesystem::path> paths = listed_pictures(flags.input, flags.recursive);
    LabelledPictures pictures =
        loose_pictures(flags.input, paths, rule, stop_on_interrupt(), [&](const std::string& why) {
            ++unreadable;
            spdlog::warn("{}", why);
        });
    warn_of_unreadable(unreadable, paths.size());
    return pictures;
}

}  // namespace

MeasuredSet read_measured_set(const MeasureFlags& flags, const Model& model) {
    if (flags.size > 0) {
        throw InputError(fmt::format("{}: takes pictures of {} x {}, which they become; leave --size out",
                                     flags.model, model.classes.width, model.classes.height));
    }
    const PictureRule rule = picture_rule_of(model.classes, flags.model);
    const bool labelled = is_data_folder(flags);
    LabelledPictures pictures = labelled ? training_part(flags, model, rule) : files_of(flags, rule);
    return {LabelledExamples(std::move(pictures), model.network.range), labelled};
}

}  // namespace shadenet
