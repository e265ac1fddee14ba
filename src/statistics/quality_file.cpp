#include "statistics/quality_file.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using QualityJson = nlohmann::ordered_json;

constexpr std::uint64_t most_quality_bytes = 1 << 20;

double number_of(const QualityJson& json, const char* key) {
    const QualityJson& value = json.at(key);
    if (!value.is_number() || !std::isfinite(value.get<double>())) throw std::invalid_argument("no number");
    return value.get<double>();
}

template <std::size_t count>
std::array<double, count> numbers_of(const QualityJson& json, const char* key) {
    const QualityJson& list = json.at(key);
    if (!list.is_array() || list.size() != count) throw std::invalid_argument("no list");
    std::array<double, count> numbers;
    for (std::size_t i = 0; i < count; ++i) {
        if (!list[i].is_number()) throw std::invalid_argument("no number");
        numbers[i] = list[i].get<double>();
    }
    return numbers;
}

template <class Part, std::size_t count, class Read>
void read_list(const QualityJson& list, std::array<Part, count>& parts, const Read& read) {
    if (!list.is_array() || list.size() != count) throw std::invalid_argument("no list");
    for (std::size_t i = 0; i < count; ++i) parts[i] = read(list[i]);
}

QualityJson figures_json(const QualityFigures& figures) {
    QualityJson json = {{"loss", figures.loss},
                        {"levels", figures.levels},
                        {"off", figures.off},
                        {"similarity", figures.similarity},
                        {"untouched", figures.untouched},
                        {"bands", QualityJson::array()},
                        {"tones", QualityJson::array()},
                        {"colour", figures.colour},
                        {"rings", figures.rings}};
    for (const QualityFigures::Band& band : figures.bands) {
        json["bands"].push_back({{"detail", band.detail},
                                 {"error", band.error},
                                 {"strength", band.strength},
                                 {"energy", band.energy}});
    }
    for (const QualityFigures::Tone& tone : figures.tones) {
        json["tones"].push_back({{"share", tone.share}, {"levels", tone.levels}, {"colour", tone.colour}});
    }
    if (figures.inside) json["inside"] = *figures.inside;
    return json;
}

QualityFigures figures_from(const QualityJson& json) {
    QualityFigures figures;
    figures.loss = number_of(json, "loss");
    figures.levels = number_of(json, "levels");
    figures.off = number_of(json, "off");
    figures.similarity = number_of(json, "similarity");
    figures.untouched = number_of(json, "untouched");
    read_list(json.at("bands"), figures.bands, [](const QualityJson& band) {
        return QualityFigures::Band{number_of(band, "detail"), number_of(band, "error"),
                                    number_of(band, "strength"), number_of(band, "energy")};
    });
    read_list(json.at("tones"), figures.tones, [](const QualityJson& tone) {
        return QualityFigures::Tone{number_of(tone, "share"), number_of(tone, "levels"),
                                    numbers_of<3>(tone, "colour")};
    });
    figures.colour = numbers_of<3>(json, "colour");
    figures.rings = numbers_of<ring_count>(json, "rings");
    if (json.contains("inside")) figures.inside = number_of(json, "inside");
    return figures;
}

PictureQuality picture_from(const QualityJson& json) {
    return {json.at("name").get<std::string>(), number_of(json, "loss"), number_of(json, "levels"),
            number_of(json, "similarity"), number_of(json, "untouched")};
}

QualityFinding quality_finding_from(const QualityJson& json) {
    const auto kind = quality_kinds.value(json.at("kind").get<std::string>());
    if (!kind) throw std::invalid_argument("unknown word");
    return {*kind, json.at("text").get<std::string>(), json.at("remedy").get<std::string>()};
}

QualityRecord quality_from(const QualityJson& json) {
    QualityRecord record;
    if (!json.at("step").is_number_unsigned() || !json.at("of").is_number_unsigned()) {
        throw std::invalid_argument("no count");
    }
    record.step = json["step"].get<std::uint64_t>();
    record.of = json["of"].get<std::uint32_t>();
    record.validation = json.at("validation").get<bool>();
    record.all = figures_from(json.at("all"));
    const auto grade = quality_grades.value(json.at("grade").get<std::string>());
    if (!grade) throw std::invalid_argument("unknown word");
    record.verdict.grade = *grade;
    if (!json.at("findings").is_array() || !json.at("pictures").is_array()) {
        throw std::invalid_argument("no list");
    }
    for (const QualityJson& one : json["findings"]) {
        record.verdict.findings.push_back(quality_finding_from(one));
    }
    for (const QualityJson& one : json["pictures"]) record.pictures.push_back(picture_from(one));
    return record;
}

}  // namespace

std::string pictures_text(const QualityRecord& record) {
    const bool all = record.pictures.size() == record.of;
    const char* kind = record.validation ? "validation picture" : "training picture";
    return fmt::format("{}{}{}", all ? "" : fmt::format("{} of ", record.pictures.size()),
                       counted(record.of, kind),
                       record.validation ? "" : ", as there are none for validation");
}

void write_quality(const fs::path& path, const QualityRecord& record) {
    QualityJson json = {{"step", record.step},
                        {"validation", record.validation},
                        {"of", record.of},
                        {"grade", quality_grades[record.verdict.grade]},
                        {"findings", QualityJson::array()},
                        {"all", figures_json(record.all)},
                        {"pictures", QualityJson::array()}};
    for (const QualityFinding& finding : record.verdict.findings) {
        json["findings"].push_back(
            {{"kind", quality_kinds[finding.kind]}, {"text", finding.text}, {"remedy", finding.remedy}});
    }
    for (const PictureQuality& picture : record.pictures) {
        json["pictures"].push_back({{"name", picture.name},
                                    {"loss", picture.loss},
                                    {"levels", picture.levels},
                                    {"similarity", picture.similarity},
                                    {"untouched", picture.untouched}});
    }
    write_file_atomically(path, json.dump(4) + "\n");
}

QualityRecord read_quality(const fs::path& path) {
    const std::vector<std::byte> bytes = read_file(path, most_quality_bytes);
    const auto* const text = reinterpret_cast<const char*>(bytes.data());
    try {
        return quality_from(QualityJson::parse(text, text + bytes.size()));
    } catch (const QualityJson::exception&) {
        // What the library says of it is of no use to the user.
    } catch (const std::invalid_argument&) {
    }
    throw InputError(fmt::format(
        "{}: does not tell how good a filter is; delete it, the next `shadenet train --resume` of "
        "the run makes another",
        path.string()));
}

}  // namespace shadenet
