#include "apply/answer_table.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace {

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char letter : text) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return quoted + '"';
}

std::string csv_line(const PictureOutcome& outcome) {
    std::string line = fmt::format("{},{},{}", csv_field(outcome.input.string()),
                                   csv_field(outcome.output.string()), to_string(outcome.status));
    if (const auto& answer = outcome.answer) {
        line += fmt::format(",{},{},{},{},{}", csv_field(answer->label), answer->probability,
                            csv_field(answer->runner_up), answer->runner_up_probability,
                            csv_field(answer->truth));
    } else {
        line += ",,,,,";
    }
    return line + ',' + csv_field(outcome.remark()) + "\r\n";
}

}  // namespace

AnswerTable::AnswerTable(std::filesystem::path path) : path_(std::move(path)) {
    const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
    const std::error_code problem = write_problem(folder);
    if (!problem && !std::filesystem::is_directory(path_)) return;
    throw InputError(fmt::format("{}: the table cannot be written: {}; choose another --csv", path_.string(),
                                 problem ? problem.message() : "it is a folder"));
}

void AnswerTable::write() {
    std::ranges::stable_sort(outcomes_, {}, &PictureOutcome::input);
    std::string text =
        "file,output,status,label,probability,runner_up,runner_up_probability,truth,message\r\n";
    for (const PictureOutcome& outcome : outcomes_) text += csv_line(outcome);
    write_file_atomically(path_, text);
}

}  // namespace shadenet
