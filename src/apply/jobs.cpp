#include "apply/jobs.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

fs::path result_name(const fs::path& input) {
    return input.stem().string() + ".png";
}

/// True where both are there and are one file, whatever they are called.
bool same_file(const fs::path& a, const fs::path& b) {
    std::error_code error;
    return fs::equivalent(a, b, error) && !error;
}

/// Throws when a result is a picture of the input under any name: hard links and folders that ignore case
/// have names that no comparison of paths sees through. One file has one size, so that only pictures of a
/// result's size need a look, and results that are new need none.
void check_nothing_is_lost(const std::vector<ApplyJob>& jobs) {
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
        const auto is_result = [&](const auto& input) { return same_file(job.output, input.second); };
        const auto lost = std::find_if(first, last, is_result);
        if (lost == last) continue;
        throw InputError(fmt::format("{}: the result would overwrite the picture; choose another --output",
                                     lost->second.string()));
    }
}

/// The nearest folder above `path` that exists must be a folder: below a file nothing can be made.
void check_place(const fs::path& path) {
    std::error_code error;
    for (fs::path above = fs::absolute(path); !above.empty(); above = above.parent_path()) {
        const fs::file_status status = fs::status(above, error);
        if (fs::is_directory(status)) return;
        if (fs::exists(status)) {
            throw InputError(fmt::format("{}: cannot be made, because {} is a file; choose another --output",
                                         path.string(), above.string()));
        }
        if (above == above.parent_path()) return;
    }
}

ApplyPlan plan_file(const fs::path& input, const fs::path& output) {
    ApplyPlan plan;
    plan.single = true;
    if (fs::is_directory(output)) {
        plan.jobs = {{input, output / result_name(input)}};
        return plan;
    }
    if (!output.has_filename()) {
        plan.jobs = {{input, output / result_name(input)}};
        plan.new_folder = output;
        check_place(output);
        return plan;
    }
    if (lower_extension(output) != ".png") {
        throw InputError(fmt::format("{}: results are PNG files; give --output a name that ends in .png",
                                     output.string()));
    }
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (!fs::is_directory(folder)) {
        throw InputError(
            fmt::format("{}: there is no folder {}; make it first", output.string(), folder.string()));
    }
    plan.jobs = {{input, output}};
    return plan;
}

ApplyPlan plan_folder(const fs::path& input, const fs::path& output) {
    ApplyPlan plan;
    const std::vector<fs::path> images = list_images(input);
    check_unique_stems(images);
    for (const fs::path& image : images) plan.jobs.push_back({image, output / result_name(image)});
    check_place(output);
    if (!fs::exists(output)) plan.new_folder = output;
    return plan;
}

}  // namespace

ApplyPlan plan_application(const fs::path& input, const fs::path& output) {
    const bool folder = fs::is_directory(input);
    if (!folder && !fs::exists(input)) {
        throw InputError(fmt::format("{}: no such file or folder", input.string()));
    }
    const ApplyPlan plan = folder ? plan_folder(input, output) : plan_file(input, output);
    check_nothing_is_lost(plan.jobs);
    return plan;
}

}  // namespace shadenet
