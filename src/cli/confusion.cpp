#include "cli/confusion.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace shadenet {

namespace {

std::string confusion_table(const TestResults& results) {
    const std::size_t classes = results.classes.size();
    const std::size_t widest =
        std::max(fmt::formatted_size("{}", *std::ranges::max_element(results.counts)), std::size_t{2}) + 1;
    std::size_t name = 0;
    for (const std::string& one : results.classes) name = std::max(name, one.size());
    std::string lines = fmt::format("{:<{}}", "is \\ taken for", name + 4);
    if (lines.size() > name + 4) lines = fmt::format("{:<{}}", "", name + 4);
    for (std::size_t i = 0; i < classes; ++i) lines += fmt::format("{:>{}}", i, widest);
    for (std::size_t label = 0; label < classes; ++label) {
        lines += fmt::format("\n{:>2}  {:<{}}", label, results.classes[label], name);
        for (std::size_t answer = 0; answer < classes; ++answer) {
            lines += fmt::format("{:>{}}", results.counts[label * classes + answer], widest);
        }
    }
    return lines;
}

std::string most_confused(const TestResults& results) {
    constexpr std::size_t most = 10;
    const std::vector<ConfusedPair> pairs = confused_pairs(results, most);
    std::string lines = pairs.empty() ? "none is taken for another" : "taken for another most often:";
    for (const ConfusedPair& pair : pairs) {
        lines += fmt::format("\n  {} is taken for {}: {}", results.classes[pair.label],
                             results.classes[pair.answer], pair.count);
    }
    return lines;
}

}  // namespace

std::string confusion_lines(const TestResults& results) {
    constexpr std::size_t most_classes = 20;
    return results.classes.size() > most_classes ? most_confused(results) : confusion_table(results);
}

}  // namespace shadenet
