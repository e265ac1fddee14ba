#include "apply/summary.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_error.h"
#include "base/one_line.h"
#include "base/words.h"

namespace shadenet {

std::string to_string(PictureStatus status) {
    return words_of<PictureStatus>("written", "skipped", "failed", "not done", "not taken",
                                   "classified")[status];
}

std::string PictureOutcome::remark() const {
    return message.empty() ? fmt::format("{}", fmt::join(notes, "; ")) : message;
}

std::string summary_line(const PictureOutcome& outcome) {
    using Json = nlohmann::ordered_json;
    Json line = {{"file", in_utf8(outcome.input.string())},
                 {"output", in_utf8(outcome.output.string())},
                 {"status", to_string(outcome.status)},
                 {"width", outcome.width},
                 {"height", outcome.height},
                 {"input_bytes", outcome.input_bytes},
                 {"output_bytes", outcome.output_bytes},
                 {"milliseconds", std::round(outcome.milliseconds * 10) / 10},
                 {"message", in_utf8(outcome.remark())}};
    if (const auto& answer = outcome.answer) {
        line["label"] = in_utf8(answer->label);
        line["probability"] = answer->probability;
        line["runner_up"] = in_utf8(answer->runner_up);
        line["runner_up_probability"] = answer->runner_up_probability;
        if (!answer->truth.empty()) line["truth"] = in_utf8(answer->truth);
    }
    return line.dump();
}

SummaryFile::SummaryFile(std::filesystem::path path)
    : path_(std::move(path)), file_(std::fopen(path_.string().c_str(), "wb")) {
    if (file_) return;
    throw InputError(fmt::format("{}: the summary cannot be written: {}; choose another --summary",
                                 path_.string(), last_error().message()));
}

void SummaryFile::add(const PictureOutcome& outcome) {
    const std::string line = summary_line(outcome) + '\n';
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size() &&
        std::fflush(file_.get()) == 0) {
        return;
    }
    throw WorkError(fmt::format("{}: the summary cannot be written: {}", path_.string(),
                                reason_and_advice(last_error())));
}

}  // namespace shadenet
