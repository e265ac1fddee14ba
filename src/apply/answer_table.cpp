#include "apply/answer_table.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/told_file.h"

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

/// The name in a line, without its quotation marks.
std::string_view first_field(std::string_view line) {
    if (line.front() != '"') return line.substr(0, line.find(','));
    std::size_t end = line.find('"', 1);
    while (line[end + 1] == '"') end = line.find('"', end + 2);
    return line.substr(1, end - 1);
}

}  // namespace

void AnswerTable::add(const PictureOutcome& outcome) {
    lines_.push_back(csv_line(outcome));
}

void AnswerTable::write() {
    std::ranges::stable_sort(lines_, {}, [](const std::string& line) { return first_field(line); });
    std::string text =
        "file,output,status,label,probability,runner_up,runner_up_probability,truth,message\r\n";
    for (const std::string& line : lines_) text += line;
    write_told_file(path_, text);
}

}  // namespace shadenet
