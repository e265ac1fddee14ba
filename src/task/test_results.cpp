#include "task/test_results.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/one_line.h"

namespace shadenet {

namespace {

using TestJson = nlohmann::ordered_json;

constexpr std::uint64_t most_test_bytes = std::uint64_t{1} << 26;

template <typename Whole>
Whole whole_of(const TestJson& json, const char* key, std::uint64_t below) {
    const TestJson& value = json.at(key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= below) {
        throw std::invalid_argument("no such number");
    }
    return value.get<Whole>();
}

double finite_of(const TestJson& json, const char* key) {
    const TestJson& value = json.at(key);
    if (!value.is_number() || !std::isfinite(value.get<double>())) throw std::invalid_argument("no number");
    return value.get<double>();
}

Mistake mistake_from(const TestJson& json, std::uint64_t classes) {
    return {whole_of<std::uint32_t>(json, "picture", UINT32_MAX),
            json.at("name").get<std::string>(),
            whole_of<std::uint32_t>(json, "label", classes),
            whole_of<std::uint32_t>(json, "answer", classes),
            finite_of(json, "probability"),
            finite_of(json, "right_probability")};
}

TestResults results_from(const TestJson& json) {
    TestResults results;
    results.step = whole_of<std::uint64_t>(json, "step", UINT64_MAX);
    results.best = json.at("best").get<bool>();
    results.classes = json.at("classes").get<std::vector<std::string>>();
    results.loss = finite_of(json, "loss");
    const std::size_t classes = results.classes.size();
    for (const TestJson& row : json.at("confusion")) {
        const auto counts = row.get<std::vector<std::uint64_t>>();
        if (counts.size() != classes) throw std::invalid_argument("no row");
        results.counts.insert(results.counts.end(), counts.begin(), counts.end());
    }
    if (results.counts.size() != classes * classes || results.pictures() == 0) {
        throw std::invalid_argument("no table");
    }
    for (const TestJson& one : json.at("worst")) results.worst.push_back(mistake_from(one, classes));
    return results;
}

}  // namespace

std::uint64_t TestResults::pictures() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t TestResults::correct() const {
    std::uint64_t right = 0;
    for (std::size_t i = 0; i < classes.size(); ++i) right += counts[i * (classes.size() + 1)];
    return right;
}

std::string to_string(const TestResults& results) {
    const Interval interval = results.interval();
    return fmt::format("{:.2f} % of {} right (95 % interval {:.2f} to {:.2f} %), loss {:.6g}",
                       100 * results.accuracy(), results.pictures(), 100 * interval.low, 100 * interval.high,
                       results.loss);
}

std::uint64_t pictures_of_class(const TestResults& results, std::size_t label) {
    std::uint64_t pictures = 0;
    for (std::size_t i = 0; i < results.classes.size(); ++i) {
        pictures += results.counts[label * results.classes.size() + i];
    }
    return pictures;
}

std::vector<ConfusedPair> confused_pairs(const TestResults& results, std::size_t most) {
    const std::size_t classes = results.classes.size();
    std::vector<ConfusedPair> pairs;
    for (std::size_t i = 0; i < results.counts.size(); ++i) {
        const std::size_t label = i / classes, answer = i % classes;
        if (label != answer && results.counts[i] > 0) pairs.push_back({label, answer, results.counts[i]});
    }
    std::ranges::stable_sort(pairs, std::ranges::greater{}, &ConfusedPair::count);
    if (pairs.size() > most) pairs.resize(most);
    return pairs;
}

void write_test_results(const fs::path& path, const TestResults& results) {
    const std::size_t classes = results.classes.size();
    const Interval interval = results.interval();
    TestJson json = {{"step", results.step},           {"best", results.best},
                     {"pictures", results.pictures()}, {"correct", results.correct()},
                     {"accuracy", results.accuracy()}, {"interval_95", {interval.low, interval.high}},
                     {"loss", results.loss},           {"classes", results.classes},
                     {"confusion", TestJson::array()}, {"worst", TestJson::array()}};
    for (std::size_t label = 0; label < classes; ++label) {
        const auto row = results.counts.begin() + static_cast<std::ptrdiff_t>(label * classes);
        json["confusion"].push_back(
            std::vector<std::uint64_t>(row, row + static_cast<std::ptrdiff_t>(classes)));
    }
    for (const Mistake& one : results.worst) {
        json["worst"].push_back({{"picture", one.picture},
                                 {"name", in_utf8(one.name)},
                                 {"label", one.label},
                                 {"answer", one.answer},
                                 {"probability", one.probability},
                                 {"right_probability", one.right_probability}});
    }
    write_file_atomically(path, json.dump(-1, ' ', false, TestJson::error_handler_t::replace) + "\n");
}

TestResults read_test_results(const fs::path& path) {
    const std::vector<std::byte> bytes = read_file(path, most_test_bytes);
    try {
        return results_from(TestJson::parse(text_of(bytes)));
    } catch (const std::exception&) {
        throw InputError(fmt::format(
            "{}: is no result of a test; take it out, and make it anew by `shadenet train --resume`",
            path.string()));
    }
}

}  // namespace shadenet
