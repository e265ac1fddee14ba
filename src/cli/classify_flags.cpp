#include "cli/classify_flags.h"

#include <array>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/told_file.h"
#include "cli/given_model.h"
#include "cli/help.h"
#include "cli/picture_run.h"
#include "model/classifier.h"

namespace shadenet {

void add_classify_flags(CLI::App& command, ClassifyFlags& flags) {
    add_place_flags(command, flags, "-o,--output,--into", "sort copies into folders of the classes in here");
    add_valued(command, "--data", flags.data,
               "in place of --input: labelled pictures; the test part, if they have one", "DIR");
    command.add_flag("--coarse", flags.coarse, "of CIFAR-100's --data: the twenty coarse classes");
    add_stats_flag(command, flags);
    command.add_flag("-r,--recursive", flags.recursive, "the folders below the input, too");
    command.add_flag("--link", flags.link, "sort links to the pictures in place of copies");
    add_earlier_flags(command, flags,
                      "leave pictures that are sorted, after their last change and the model's");
    add_share_flags(command, flags);
    add_valued(command, "--csv", flags.csv, "the same as a table, in the order of the names", "FILE");
    add_device_flag(command, flags.device, "-g,--device");
    add_work_flags(command, flags);
    add_telling_flags(command, flags);
}

void check_flags(const ClassifyFlags& flags) {
    const bool data = !flags.data.empty();
    if (data == !flags.inputs.empty()) {
        throw InputError(
            data ? "--data and --input exclude each other; give one of them"
                 : "nothing to classify is given; give --input PATH, or --data DIR for labelled pictures");
    }
    const std::array<std::pair<bool, const char*>, 4> of_files = {{{!flags.output.empty(), "--into"},
                                                                   {!flags.shard.empty(), "--shard"},
                                                                   {flags.recursive, "--recursive"},
                                                                   {!flags.jobs.empty(), "--jobs"}}};
    for (const auto& [given, name] : of_files) {
        if (data && given) {
            throw InputError(
                fmt::format("{} is about files, and --data brings a set of pictures; give --input", name));
        }
    }
    if (!data && flags.coarse) throw InputError("--coarse is about CIFAR-100's data; give --data");
    const std::array<std::pair<bool, const char*>, 2> of_sorting = {
        {{flags.link, "--link"}, {flags.resume, "--resume"}}};
    for (const auto& [given, name] : of_sorting) {
        if (given && flags.output.empty()) {
            throw InputError(fmt::format("{} is about pictures that are sorted; give --into DIR", name));
        }
    }
    if (flags.overwrite && flags.output.empty() && !flags.writes_answers()) {
        throw InputError(
            "--overwrite is about what is there, and nothing is written; give --into, --csv or --summary");
    }
}

void check_told_files(const ClassifyFlags& flags, const ApplyPlan& plan) {
    const auto place = [](const std::string& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path));
    };
    if (!flags.summary.empty() && !flags.csv.empty() && place(flags.summary) == place(flags.csv) &&
        !is_stream(flags.csv)) {
        throw InputError(fmt::format("{}: is given as --csv and as --summary; choose two files", flags.csv));
    }
    const bool replaces = earlier_results_of(flags) != EarlierResults::refuse;
    check_told_file(flags.summary, "--summary", summary_file, replaces, plan, flags);
    check_told_file(flags.csv, "--csv", answers_file, replaces, plan, flags);
}

Model read_classifier(const ClassifyFlags& flags) {
    Model model = read_given_model(flags.model, "");
    require_tells_classes(model, flags.model);
    use_statistics(model, flags.stats, flags.model);
    return model;
}

}  // namespace shadenet
