#include "statistics/quality_file.h"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

QualityRecord full_record() {
    QualityRecord record{.step = 18446744073709551615u, .validation = true, .of = 9};
    record.all = {.loss = 0.1 + 0.2, .levels = 1.0 / 3, .off = 0.25, .similarity = -0.5, .untouched = 1e-300};
    for (std::size_t i = 0; i < band_count; ++i) {
        const double k = 0.1 * static_cast<double>(i + 1);
        record.all.bands[i] = {k, 2 * k, 3 * k, 4 * k};
        record.all.rings[i] = 5 * k;
    }
    for (std::size_t i = 0; i < tone_count; ++i) {
        const double k = 0.1 * static_cast<double>(i + 1);
        record.all.tones[i] = {k, 2 * k, {-k, 3 * k, 4 * k}};
        record.all.colour[i] = -7 * k;
    }
    record.all.inside = 0.75;
    record.pictures = {{"a \"quoted\" name", 0.5, 6, 0.25, 0.125}, {"β", 0, 0, 1, 0}};
    record.verdict = {QualityGrade::visible,
                      {{QualityKind::rim, "A line.", "Pad it."}, {QualityKind::worst, "It is.", ""}}};
    return record;
}

}  // namespace

TEST_CASE("quality.json is read back as it was written") {
    const TemporaryFolder folder;
    const auto path = folder / "quality.json";
    QualityRecord record = full_record();
    write_quality(path, record);
    CHECK(read_quality(path) == record);
    record.all.inside.reset();
    record.pictures.clear();
    record.verdict = {};
    record.validation = false;
    write_quality(path, record);
    CHECK(read_quality(path) == record);
}

TEST_CASE("what is no quality.json is refused by name") {
    const TemporaryFolder folder;
    const auto path = folder / "quality.json";
    write_quality(path, full_record());
    const auto good = nlohmann::json::parse(text_of(read_file(path, 1 << 20)));
    const auto refusal = [&](const std::string& text) {
        write_file_atomically(path, text);
        return message_of<InputError>([&] { read_quality(path); });
    };
    CHECK(refusal(good.dump()).empty());
    for (const std::string text : {"", "{", "[]", "7", "{}", "\xff\xfe"}) {
        CAPTURE(text);
        CHECK_THAT(refusal(text), ContainsSubstring(path.string() + ": does not tell how good a filter is"));
    }
    const std::vector<std::pair<const char*, nlohmann::json>> wrong = {
        {"/step", -1},          {"/step", "3"},         {"/of", 1.5},
        {"/validation", 1},     {"/grade", "best"},     {"/findings", 3},
        {"/pictures", "none"},  {"/all/loss", nullptr}, {"/all/bands", 7},
        {"/all/bands/0", 1},    {"/all/tones/2", {}},   {"/all/colour", {1, 2}},
        {"/all/rings/1", "x"},  {"/all/inside", "x"},   {"/findings/0/kind", "odd"},
        {"/pictures/0/name", 3}};
    for (const auto& [place, value] : wrong) {
        CAPTURE(place);
        nlohmann::json json = good;
        json[nlohmann::json::json_pointer(place)] = value;
        CHECK_FALSE(refusal(json.dump()).empty());
    }
    std::filesystem::remove(path);
    CHECK_THAT(message_of<InputError>([&] { read_quality(path); }), ContainsSubstring(path.string()));
}

TEST_CASE("which pictures were judged is said") {
    QualityRecord record{.validation = true, .of = 2, .pictures = std::vector<PictureQuality>(2)};
    CHECK(pictures_text(record) == "2 validation pictures");
    record.of = 400;
    CHECK(pictures_text(record) == "2 of 400 validation pictures");
    record.validation = false;
    record.of = 2;
    CHECK(pictures_text(record) == "2 training pictures, as there are none for validation");
}
