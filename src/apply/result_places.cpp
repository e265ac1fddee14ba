#include "apply/result_places.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "apply/jobs.h"
#include "apply/picture_tree.h"
#include "base/error.h"
#include "base/file.h"
#include "base/lower_case.h"
#include "base/picture_formats.h"
#include "image/file_formats.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

bool lies_inside(const fs::path& inner, const fs::path& outer) {
    std::error_code error;
    const fs::path below =
        fs::weakly_canonical(inner, error).lexically_relative(fs::weakly_canonical(outer, error));
    return !error && !below.empty() && below != "." && *below.begin() != "..";
}

bool has_visible_entries(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (!entry->path().filename().string().starts_with('.')) return true;
    }
    return false;
}

}  // namespace

fs::path result_name(const fs::path& input, const std::string& format) {
    fs::path name = input;
    if (!format.empty() && format != "same") name.replace_extension("." + format);
    return name;
}

void check_format(const std::string& format) {
    constexpr const char* formats[] = {"", "same", "png", "jpg", "tif", "webp"};
    if (std::ranges::find(formats, format) != std::end(formats)) return;
    throw InputError(fmt::format("--format {}: is none; use same, png, jpg, tif or webp", format));
}

/// The same file has the same size, so only inputs of an existing result's size need a comparison.
void check_nothing_is_lost(const ApplyRequest& request, const std::vector<ApplyJob>& jobs) {
    std::error_code error;
    std::multimap<std::uintmax_t, fs::path> inputs;
    for (const ApplyJob& job : jobs) {
        const std::uintmax_t size = fs::file_size(job.input, error);
        if (!error) inputs.emplace(size, job.input);
    }
    for (const ApplyJob& job : jobs) {
        const std::uintmax_t size = fs::file_size(job.output, error);
        if (error) continue;
        const auto [first, last] = inputs.equal_range(size);
        const auto lost =
            std::find_if(first, last, [&](const auto& input) { return same_file(job.output, input.second); });
        if (lost == last) continue;
        throw InputError(fmt::format("{}: the result would overwrite the picture; choose another {}",
                                     lost->second.string(), request.output_flag));
    }
}

void check_place(const ApplyRequest& request) {
    std::error_code error;
    for (fs::path above = fs::absolute(request.output); !above.empty(); above = above.parent_path()) {
        const fs::file_status status = fs::status(above, error);
        if (fs::is_directory(status)) return;
        if (fs::exists(status)) {
            throw InputError(fmt::format("{}: cannot be made, because {} is a file; choose another {}",
                                         request.output.string(), above.string(), request.output_flag));
        }
        if (above == above.parent_path()) return;
    }
}

void check_output_name(const ApplyRequest& request) {
    if (!is_too_long(request.output)) return;
    throw InputError(fmt::format("{}: the system takes no such long name; choose a shorter {}",
                                 request.output.string(), request.output_flag));
}

void check_names(const std::vector<ApplyJob>& jobs) {
    for (const ApplyJob& job : jobs) {
        if (!is_too_long(job.output)) continue;
        throw InputError(
            fmt::format("{}: the name of its result, {}, would be too long; give the picture a shorter one",
                        job.input.string(), job.output.filename().string()));
    }
}

void check_unique_results(const ApplyRequest& request, const std::vector<ApplyJob>& jobs) {
    std::map<std::string, const ApplyJob*> seen;
    for (const ApplyJob& job : jobs) {
        const auto [first, is_new] = seen.emplace(lower_case(job.output.string()), &job);
        const ApplyJob& other = *first->second;
        if (is_new) continue;
        if (job.output != other.output && lower_case(job.input.string()) == lower_case(other.input.string()))
            continue;
        std::string remedy = request.format.empty() ? "rename one" : "rename one, or use --format same";
        if (job.input.filename() == other.input.filename()) {
            remedy = fmt::format("take them one after the other, each to another {}", request.output_flag);
        }
        throw InputError(fmt::format("{} and {}: both results would be {}; {}", other.input.string(),
                                     job.input.string(), other.output.string(), remedy));
    }
}

void check_result_file(const fs::path& output, const std::string& format, const fs::path& input) {
    if (!has_picture_extension(output)) {
        throw InputError(fmt::format("{}: is no folder, and results are " SHADENET_PICTURE_EXTENSIONS
                                     " files; give --output one of these "
                                     "endings, or a / in the end for a folder",
                                     output.string()));
    }
    if (!format.empty() && format_by_name(output) != format_by_name(result_name(input, format))) {
        throw InputError(
            fmt::format("{}: does not end as --format {} asks; leave --format out", output.string(), format));
    }
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (!fs::is_directory(folder)) {
        throw InputError(
            fmt::format("{}: there is no folder {}; make it first", output.string(), folder.string()));
    }
}

void check_inputs_outside(const ApplyRequest& request) {
    for (const fs::path& input : request.inputs) {
        if (!same_file(input, request.output) && !lies_inside(input, request.output)) continue;
        throw InputError(fmt::format("{}: lies in {}, where the results go; choose another {}",
                                     input.string(), request.output.string(), request.output_flag));
    }
}

void check_result_folder(const ApplyRequest& request) {
    const fs::path& output = request.output;
    if (fs::is_directory(output) || !output.has_filename() || !has_picture_extension(output)) return;
    throw InputError(
        fmt::format("{}: is called like a picture, and the results need a folder; give {} another name, or a "
                    "/ in the end",
                    output.string(), request.output_flag));
}

void check_quality(const ApplyRequest& request, const ApplyPlan& plan) {
    if (request.quality == 0 || plan.jobs.empty()) return;
    const auto has_quality = [](const ApplyJob& job) {
        return result_format(job) == FileFormat::jpeg || result_format(job) == FileFormat::webp;
    };
    if (std::ranges::any_of(plan.jobs, has_quality)) return;
    const bool named = plan.single && plan.jobs.front().output == request.output;
    throw InputError(
        fmt::format("--quality {}: is of JPEG and WebP, and no result is one; {}, or leave --quality out",
                    request.quality, named ? "let --output end in .jpg" : "add --format jpg"));
}

void keep_results_apart(const ApplyRequest& request, ApplyPlan& plan) {
    if (holds_results(request.output)) return;
    const fs::path& output = request.output;
    for (const fs::path& input : request.inputs) {
        const fs::path parent = input.has_parent_path() ? input.parent_path() : fs::path(".");
        const fs::path folder = fs::is_directory(input) ? input : parent;
        const bool inside = lies_inside(output, folder);
        if (inside && !has_visible_entries(output)) {
            plan.new_results = output;
            plan.notes.push_back(fmt::format("{}: lies inside {}; later runs with -r pass over it",
                                             output.string(), folder.string()));
            return;
        }
        // One more picture among others, which the user named, is no surprise.
        if (plan.single || !(inside || lies_inside(folder, output))) continue;
        plan.warnings.push_back(fmt::format(
            "{}: {} {}: a later run with -r will take the results for pictures, too; give {} a folder of its "
            "own to keep them apart",
            output.string(), inside ? "is not empty and lies inside" : "holds", folder.string(),
            request.output_flag));
        return;
    }
}

}  // namespace shadenet
