#include "study/study_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/words.h"
#include "model/json_fault.h"

namespace shadenet {

namespace {

/// Written in our order. Read into maps: the ordered one looks through all its names for each.
using Json = nlohmann::ordered_json;
using ReadJson = nlohmann::json;

constexpr const char* format_name = "shadenet study 1";
constexpr std::uint64_t most_bytes = 1 << 22;
constexpr auto state_words = words_of<RunState>("waiting", "unfinished", "finished", "diverged", "failed");

Json to_json(const StudyVariant& variant) {
    Json settings = Json::array();
    for (const Setting& setting : variant.settings) settings.push_back({setting.option, setting.value});
    return {{"settings", std::move(settings)}, {"config", Json::parse(config_text(variant.options, ""))}};
}

/// Names of folders are made of it, so that it must be what a command line could have said.
Setting setting_from(const ReadJson& json) {
    const auto option = json.at(0).get<std::string>(), value = json.at(1).get<std::string>();
    const Variation checked = parse_variation(fmt::format("{}={}", option, value));
    if (checked.option != option || checked.values.size() != 1) {
        throw InputError("a setting is not one option with one value");
    }
    return {option, value};
}

StudyVariant variant_from(const ReadJson& json, const std::string& source, const fs::path& folder) {
    StudyVariant variant;
    for (const ReadJson& setting : json.at("settings")) variant.settings.push_back(setting_from(setting));
    variant.options = parse_config(json.at("config").dump(), source);
    variant.options.output = folder;
    return variant;
}

RunState ended_state(const std::string& text) {
    const auto state = state_words.value(text);
    if (state == RunState::finished || state == RunState::diverged) return *state;
    throw InputError("a run has ended in a way that is not known");
}

StudyRecord record_from(const ReadJson& json, const std::string& source, const fs::path& folder) {
    if (json.at("format") != format_name) throw InputError("it is of another format");
    StudyRecord record;
    record.plan.folder = folder;
    record.plan.name = json.at("name").get<std::string>();
    const std::uint64_t repeats = json.at("repeats").get<std::uint64_t>();
    record.plan.repeats = static_cast<std::uint32_t>(std::min<std::uint64_t>(repeats, UINT32_MAX));
    for (const ReadJson& variant : json.at("variants")) {
        if (record.plan.variants.size() == most_variants) throw InputError("it has too many variants");
        record.plan.variants.push_back(variant_from(variant, source, folder));
    }
    for (const auto& [run, state] : json.at("ended").items()) {
        record.ended.emplace(run, ended_state(state.get<std::string>()));
    }
    // Studies of before there was such a state do not have it.
    if (json.contains("failed")) record.failed = json.at("failed").get<std::map<std::string, std::string>>();
    validate(record.plan);
    return record;
}

[[noreturn]] void refuse_file(const fs::path& path, const std::string& why) {
    throw InputError(fmt::format("{}: is no study: {}", path.string(), why));
}

}  // namespace

std::string to_string(RunState state) {
    return state_words[state];
}

fs::path study_file(const fs::path& folder) {
    return folder / "study.json";
}

bool holds_study(const fs::path& folder) {
    return is_there(study_file(folder));
}

void write_study(const StudyRecord& record) {
    Json json = {{"format", format_name}, {"name", record.plan.name}, {"repeats", record.plan.repeats}};
    json["variants"] = Json::array();
    for (const StudyVariant& variant : record.plan.variants) json["variants"].push_back(to_json(variant));
    json["ended"] = Json::object();
    for (const auto& [run, state] : record.ended) json["ended"][run] = to_string(state);
    json["failed"] = record.failed;
    // What a run failed by may name files whose names are no UTF-8.
    const std::string text = json.dump(4, ' ', false, Json::error_handler_t::replace);
    write_file_atomically(study_file(record.plan.folder), text + "\n");
}

StudyRecord read_study(const fs::path& folder) {
    const fs::path path = study_file(folder);
    if (!holds_study(folder)) {
        throw InputError(fmt::format(
            "{}: holds no study (there is no study.json); leave --resume out to begin one", folder.string()));
    }
    const std::vector<std::byte> bytes = read_file(path, most_bytes);
    const std::string_view text = text_of(bytes);
    try {
        return record_from(ReadJson::parse(text), path.string(), folder);
    } catch (const ReadJson::exception& error) {
        refuse_file(path, json_fault(error, text) + "; take it from a backup");
    } catch (const InputError& error) {
        const std::string what = error.what();
        if (what.starts_with(path.string())) throw;
        refuse_file(path, what);
    }
}

}  // namespace shadenet
