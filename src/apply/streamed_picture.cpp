#include "apply/streamed_picture.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "apply/result_places.h"
#include "base/error.h"
#include "base/standard_streams.h"
#include "image/file_formats.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

void check_one_picture(const ApplyRequest& request) {
    const auto refuse = [](const char* what) {
        throw InputError(fmt::format("{}, and - stands for one picture; leave one of them out", what));
    };
    if (request.inputs.size() > 1) refuse("several inputs are given");
    if (request.recursive) refuse("--recursive is about folders");
    if (request.shard.count > 1) refuse("--shard is about folders");
}

std::shared_ptr<PictureReader> read_picture(const fs::path& input) {
    if (input != stream_mark) return std::make_shared<PictureReader>(input);
    if (is_terminal(stdin)) {
        throw InputError(
            fmt::format("{}: is a terminal; send a picture there, as by <photo.jpg", standard_input_name));
    }
    return std::make_shared<PictureReader>(PictureReader::of_standard_input());
}

void check_input(const fs::path& input) {
    if (input == stream_mark) return;
    if (!fs::exists(input)) throw InputError(fmt::format("{}: no such file or folder", input.string()));
    if (!fs::is_directory(input)) return;
    throw InputError(fmt::format("{}: is a folder, and {} takes one picture; let --output be a folder",
                                 input.string(), standard_output_name));
}

void check_output(const ApplyRequest& request) {
    const fs::path& output = request.output;
    if (output == stream_mark) {
        if (!is_terminal(stdout)) return;
        throw InputError(
            fmt::format("{}: is a terminal, which shows no pictures; send it on, as by >result.png",
                        standard_output_name));
    }
    check_output_name(request);
    if (fs::is_directory(output) || !output.has_filename()) {
        throw InputError(
            fmt::format("{}: is a folder, and what {} brings has no name there; give the result one",
                        output.string(), standard_input_name));
    }
    check_result_file(output, request.format, output);
}

fs::path name_of(const fs::path& path, const char* stream) {
    return path == stream_mark ? fs::path(stream) : path;
}

}  // namespace

bool has_stream(const ApplyRequest& request) {
    return std::ranges::find(request.inputs, stream_mark) != request.inputs.end() ||
           request.output == stream_mark;
}

ApplyPlan plan_streamed(const ApplyRequest& request) {
    check_one_picture(request);
    const fs::path& input = request.inputs.front();
    check_input(input);
    check_output(request);
    ApplyPlan plan;
    plan.single = true;
    ApplyJob job{name_of(input, standard_input_name), name_of(request.output, standard_output_name)};
    job.read = read_picture(input);
    if (request.output == stream_mark) {
        job.sent_as = job.read->facts().format;
        if (!request.format.empty() && request.format != "same") {
            job.sent_as = format_by_name(result_name("a.png", request.format));
        }
    }
    plan.jobs.push_back(std::move(job));
    check_quality(request, plan);
    return plan;
}

ApplyPlan plan_streamed_question(const ApplyRequest& request) {
    check_one_picture(request);
    if (!request.output.empty()) {
        throw InputError(fmt::format("{} sorts files, and {} is none; leave it out", request.output_flag,
                                     standard_input_name));
    }
    ApplyPlan plan;
    plan.single = true;
    plan.jobs = {{standard_input_name, {}, standard_input_name}};
    plan.jobs.front().read = read_picture(request.inputs.front());
    return plan;
}

}  // namespace shadenet
