// config.json: the options of a run, for running it again and for readers.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "model/json_fault.h"
#include "model/network_metadata.h"
#include "model/network_text.h"
#include "model/safetensors_header.h"
#include "train/options/option_table.h"
#include "train/options/options.h"

namespace shadenet {

namespace {

/// Written in our order. Read into maps: the ordered one looks through all its names for each.
using Json = nlohmann::ordered_json;
using ReadJson = nlohmann::json;

/// A value as an error message can show it, however long or deep it is.
std::string shown(const ReadJson& value) {
    if (value.is_array()) return "a list";
    if (value.is_object()) return "an object";
    if (value.is_string()) return in_quotes(value.get_ref<const std::string&>());
    return value.dump();
}

/// The double that prints as the float's own shortest decimal, where it reads back as the same float: 0.9,
/// not 0.8999999761581421.
double readable(float value) {
    const double decimal = std::strtod(fmt::format("{}", value).c_str(), nullptr);
    return static_cast<float>(decimal) == value ? decimal : static_cast<double>(value);
}

/// Reads values out of an object by name, and knows in the end which were not asked for.
class Reader {
  public:
    Reader(const ReadJson& object, const std::string& source) : object_(object), source_(source) {
        if (!object.is_object()) fail("it is no JSON object");
    }

    std::string text(const char* key) { return expected<std::string>(key, &ReadJson::is_string, "a text"); }
    bool yes_or_no(const char* key) { return expected<bool>(key, &ReadJson::is_boolean, "true or false"); }
    std::uint64_t whole(const char* key) {
        return expected<std::uint64_t>(key, &ReadJson::is_number_unsigned, "a whole number from 0 up");
    }
    std::uint32_t whole32(const char* key) {
        const std::uint64_t value = whole(key);
        if (value > UINT32_MAX) fail(fmt::format("\"{}\" is {}, which is too large", key, value));
        return static_cast<std::uint32_t>(value);
    }
    float number(const char* key) {
        const double number = expected<double>(key, &ReadJson::is_number, "a number");
        if (!(std::abs(number) <= std::numeric_limits<float>::max())) {
            fail(fmt::format("\"{}\" is {}, which is too large", key, shown(at(key))));
        }
        return static_cast<float>(number);
    }
    /// A list of objects, each of which `read` reads whole.
    template <typename Read>
    auto list(const char* key, const Read& read) {
        const ReadJson& value = at(key);
        if (!value.is_array()) fail(fmt::format("\"{}\" is {}, not a list", key, shown(value)));
        std::vector<std::invoke_result_t<Read, Reader&>> items;
        for (const ReadJson& entry : value) {
            Reader reader(entry, source_);
            items.push_back(read(reader));
            reader.expect_no_more();
        }
        return items;
    }
    /// What the option at `place` is written as: a number, true or false, or a text.
    void value(const char* key, const OptionPlace& place) {
        if (auto* const* on = std::get_if<bool*>(&place))
            **on = yes_or_no(key);
        else if (auto* const* small = std::get_if<std::uint32_t*>(&place))
            **small = whole32(key);
        else if (auto* const* large = std::get_if<std::uint64_t*>(&place))
            **large = whole(key);
        else if (auto* const* real = std::get_if<float*>(&place))
            **real = number(key);
        else if (auto* const* freeze = std::get_if<NormFreeze*>(&place); freeze && at(key).is_number())
            **freeze = whole32(key);
        else
            read_text(place, text(key));
    }
    bool has(const char* key) const { return object_.contains(key); }
    const ReadJson& at(const char* key) {
        const auto found = object_.find(key);
        if (found == object_.end()) fail(fmt::format("\"{}\" is missing", key));
        read_.insert(key);
        return *found;
    }
    void expect_no_more() const {
        for (const auto& [key, value] : object_.items()) {
            if (!read_.contains(key)) fail(fmt::format("{} is unknown", in_quotes(key)));
        }
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw InputError(fmt::format("{}: is no configuration of a run: {}", source_, what));
    }

  private:
    template <typename Value>
    Value expected(const char* key, bool (ReadJson::*is_kind)() const noexcept, const char* kind) {
        const ReadJson& value = at(key);
        if (!(value.*is_kind)()) fail(fmt::format("\"{}\" is {}, not {}", key, shown(value), kind));
        return value.get<Value>();
    }

    const ReadJson& object_;
    const std::string& source_;
    std::set<std::string> read_;
};

/// Absolute, so that the run can be repeated from another folder; empty stays empty.
std::string written(const fs::path& path) {
    return path.empty() ? "" : fs::absolute(path).lexically_normal().string();
}

Json to_json(const std::vector<Domain>& domains) {
    Json list = Json::array();
    for (const Domain& domain : domains) {
        list.push_back(
            {{"name", domain.name}, {"input", written(domain.input)}, {"target", written(domain.target)}});
    }
    return list;
}

Domain read_domain(Reader& reader) {
    return {reader.text("name"), reader.text("input"), reader.text("target")};
}

Json to_json(const std::vector<RateChange>& changes) {
    Json list = Json::array();
    for (const RateChange& change : changes) {
        list.push_back({{"step", change.step}, {"learning_rate", readable(change.rates.learning_rate)}});
        if (change.rates.decay) list.back()["decay"] = readable(*change.rates.decay);
    }
    return list;
}

RateChange read_change(Reader& reader) {
    RateChange change{reader.whole("step"), {reader.number("learning_rate"), {}}};
    if (reader.has("decay")) change.rates.decay = reader.number("decay");
    return change;
}

Json to_json(const std::vector<PairRecord>& pairs) {
    Json list = Json::array();
    for (const PairRecord& pair : pairs) list.push_back(to_string(pair));
    return list;
}

/// The hash of labelled pictures; else each pair is a line "<SHA-256 of the input> <that of the target>
/// <name>".
Json to_json(const RunData& data) {
    Json json = Json::object();
    if (!data.training.empty()) json["training"] = to_json(data.training);
    if (!data.validation.empty()) json["validation"] = to_json(data.validation);
    if (!data.init.empty()) json["init"] = data.init;
    if (!data.labelled.empty()) json["labelled"] = data.labelled;
    return json;
}

std::vector<PairRecord> pairs_from(Reader& data, const char* key) {
    const ReadJson& list = data.at(key);
    if (!list.is_array() || list.empty()) data.fail(fmt::format("\"{}\" is no list of pairs", key));
    std::vector<PairRecord> pairs;
    for (const ReadJson& entry : list) {
        pairs.push_back(entry.is_string() ? pair_record(entry.get<std::string>()) : PairRecord{});
        if (pairs.back().name.empty()) {
            data.fail(fmt::format("{} is no pair of \"{}\": two SHA-256 and a name", shown(entry), key));
        }
    }
    return pairs;
}

RunData data_from(Reader reader) {
    RunData data;
    if (reader.has("labelled")) {
        data.labelled = reader.text("labelled");
    } else {
        data.training = pairs_from(reader, "training");
    }
    if (reader.has("validation")) data.validation = pairs_from(reader, "validation");
    if (reader.has("init")) data.init = reader.text("init");
    reader.expect_no_more();
    return data;
}

/// "optimizer learning_rate" is "learning_rate" in the object "optimizer".
struct KeyPath {
    explicit KeyPath(const std::string& key) {
        const std::size_t space = key.find(' ');
        if (space != key.npos) object = key.substr(0, space);
        name = key.substr(space == key.npos ? 0 : space + 1);
    }
    std::string object, name;
};

/// A run's configuration, and the objects in it that hold several options.
class ConfigReader {
  public:
    ConfigReader(const ReadJson& json, const std::string& source) : top_(json, source), source_(source) {}

    void read(const Option& option, TrainOptions& options) {
        const KeyPath path(option.key);
        const OptionPlace place = option.place(options);
        const bool absent = option.facts.absent != nullptr;
        Reader* const reader = object(path.object, absent);
        const bool domains = std::holds_alternative<std::vector<Domain>*>(place);
        if (reader == nullptr || (absent && !reader->has(path.name.c_str()))) {
            if (!domains) read_text(place, option.facts.absent);
        } else if (domains) {
            options.domains = reader->list("streams", read_domain);
        } else {
            reader->value(path.name.c_str(), place);
        }
    }
    Reader& top() { return top_; }
    /// The network, where the file has its text and no options that make it; the preset's text is kept beside
    /// its options.
    std::optional<Network> given_network() {
        Reader& reader = *object("network", false);
        if (!reader.has("text")) return {};
        fits_data_ = reader.has("fits_data") && reader.yes_or_no("fits_data");
        text_ = parse_network(reader.text("text"), fmt::format("{}: \"network\"", source_));
        return reader.has("hidden") ? std::nullopt : text_;
    }
    /// It is still to get the form of the data.
    bool fits_data() const { return fits_data_; }
    /// Refuses a text that is of another network than the options beside it.
    void require_text_of(const Network& network) const {
        if (!text_) return;
        if (const auto differs = difference(*text_, network)) {
            top_.fail(fmt::format("the text of \"network\" has {} {}, and its options have {}", differs->what,
                                  differs->first, differs->second));
        }
    }
    void expect_no_more() const {
        for (const auto& [name, reader] : objects_) reader.expect_no_more();
        top_.expect_no_more();
    }

  private:
    /// Null where the object may be absent, and is.
    Reader* object(const std::string& name, bool may_be_absent) {
        if (name.empty()) return &top_;
        if (may_be_absent && !top_.has(name.c_str())) return nullptr;
        return &objects_.try_emplace(name, top_.at(name.c_str()), source_).first->second;
    }

    Reader top_;
    std::map<std::string, Reader> objects_;
    std::optional<Network> text_;
    bool fits_data_ = false;
    const std::string& source_;
};

TrainOptions options_from(const ReadJson& json, const std::string& source) {
    TrainOptions options;
    ConfigReader reader(json, source);
    for (const Option& option : option_table()) {
        const KeyPath path(option.key);
        const bool shapes = path.object == "network";
        if (shapes && path.name == "hidden") {
            options.network.given = reader.given_network();
            options.network.fits_data = reader.fits_data() && options.network.given;
        }
        if (option.key[0] != '\0' && !(shapes && options.network.given)) reader.read(option, options);
    }
    Reader& top = reader.top();
    top.text("device");
    if (top.has("changes")) options.changes = top.list("changes", read_change);
    if (top.has("data")) options.data = data_from({top.at("data"), source});
    reader.expect_no_more();
    validate(options);
    reader.require_text_of(options.network.network());
    return options;
}

Json value_of(const OptionPlace& place) {
    if (auto* const* on = std::get_if<bool*>(&place)) return **on;
    if (auto* const* small = std::get_if<std::uint32_t*>(&place)) return **small;
    if (auto* const* large = std::get_if<std::uint64_t*>(&place)) return **large;
    if (auto* const* real = std::get_if<float*>(&place)) return readable(**real);
    if (auto* const* path = std::get_if<fs::path*>(&place)) return written(**path);
    if (auto* const* freeze = std::get_if<NormFreeze*>(&place); freeze && !(*freeze)->is_share())
        return (*freeze)->epoch();
    if (auto* const* domains = std::get_if<std::vector<Domain>*>(&place)) return to_json(**domains);
    return text_of(place);
}

/// nlohmann keeps the last of two values with one name; here a name given twice is an error.
ReadJson parse(const std::string& text, const std::string& source) {
    std::vector<std::set<std::string>> names;
    std::string twice;
    const auto watch = [&](int, ReadJson::parse_event_t event, ReadJson& value) {
        if (event == ReadJson::parse_event_t::object_start) names.emplace_back();
        if (event == ReadJson::parse_event_t::object_end) names.pop_back();
        if (event == ReadJson::parse_event_t::key && !names.back().insert(value.get<std::string>()).second) {
            twice = value.get<std::string>();
        }
        return true;
    };
    const ReadJson json = ReadJson::parse(text, watch);
    if (!twice.empty()) {
        throw InputError(
            fmt::format("{}: is no configuration of a run: {} occurs twice", source, in_quotes(twice)));
    }
    return json;
}

/// The first of a run's paths that JSON cannot hold; the last where it can hold all.
fs::path first_not_utf8(const TrainOptions& options) {
    std::vector<fs::path> paths = {options.input,
                                   options.target,
                                   options.validation_input,
                                   options.validation_target,
                                   options.test,
                                   options.labelled,
                                   options.init,
                                   options.output};
    for (const Domain& domain : options.domains) paths.insert(paths.begin(), {domain.input, domain.target});
    const auto is_refused = [](const fs::path& path) {
        try {
            return Json(path.string()).dump().empty();
        } catch (const Json::exception&) {
            return true;
        }
    };
    return *std::find_if(paths.begin(), paths.end() - 1, is_refused);
}

}  // namespace

std::string config_text(const TrainOptions& options, const std::string& device) {
    Json json;
    for (const Option& option : option_table()) {
        if (option.key[0] == '\0' || (option.facts.is_kept != nullptr && !option.facts.is_kept(options)))
            continue;
        const KeyPath path(option.key);
        if (path.object == "network" && json[path.object].empty()) {
            json[path.object]["text"] = to_text(options.network.network());
            if (options.network.fits_data) json[path.object]["fits_data"] = true;
        }
        if (path.object == "network" && options.network.given) continue;
        if (path.name == "plan") json["device"] = device;
        Json& object = path.object.empty() ? json : json[path.object];
        object[path.name] = value_of(option.place_in(options));
    }
    if (!options.changes.empty()) json["changes"] = to_json(options.changes);
    if (options.data.known()) json["data"] = to_json(options.data);
    try {
        return json.dump(4) + "\n";
    } catch (const Json::exception&) {
        throw InputError(
            fmt::format("{}: a run's configuration cannot hold a name that is not UTF-8; rename the "
                        "folder or file",
                        first_not_utf8(options).string()));
    }
}

TrainOptions parse_config(const std::string& text, const std::string& source) {
    try {
        const ReadJson json = parse(text, source);
        return options_from(json, source);
    } catch (const ReadJson::exception& error) {
        throw InputError(fmt::format("{}: is no configuration of a run: {}; take it from a backup", source,
                                     json_fault(error, text)));
    } catch (const InputError& error) {
        const std::string what = error.what();
        if (what.starts_with(source)) throw;
        throw InputError(fmt::format("{}: is no configuration of a run: {}", source, what));
    }
}

TrainOptions read_config(const fs::path& path) {
    const std::vector<std::byte> bytes = read_file(path, most_config_bytes);
    const std::string kind = wrong_kind(bytes, FileUse::configuration, path);
    if (!kind.empty()) throw InputError(fmt::format("{}: {}", path.string(), kind));
    return parse_config(std::string(text_of(bytes)), path.string());
}

}  // namespace shadenet
