#include "model/safetensors_header.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace shadenet {

namespace {

using Json = nlohmann::json;

constexpr std::string_view metadata_key = "__metadata__";
constexpr std::array<std::string_view, 3> tensor_entries = {"dtype", "shape", "data_offsets"};
constexpr std::size_t max_dimensions = 64;
constexpr std::size_t max_quoted = 80;

/// Takes the parser's events one by one. Levels: 1 is the file's object, 2 a tensor's or the metadata's, 3 a
/// list. Values of no use here are passed over, with all that is in them.
class HeaderReader : public nlohmann::json_sax<Json> {
  public:
    explicit HeaderReader(const std::string& source) : source_(source) {}

    SafeTensorsHeader take() { return std::move(header_); }

    bool null() override {
        // Some writers say so that there is no metadata, or no value of an entry.
        const bool none = level_ == 1 ? key_ == metadata_key : in_metadata();
        return none || scalar("null", "");
    }
    bool boolean(bool value) override { return scalar("true or false", value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override {
        return scalar("a negative number", std::to_string(value));
    }
    bool number_float(number_float_t, const string_t& text) override {
        return scalar("a fraction or too large a number", text);
    }
    bool binary(binary_t&) override { unexpected("binary data"); }

    bool number_unsigned(number_unsigned_t value) override {
        if (level_ != 3 || passed_over()) return scalar("a number", std::to_string(value));
        if (list_.size() == max_dimensions)
            fail(fmt::format("a list of more than {} numbers", max_dimensions));
        list_.push_back(value);
        return true;
    }

    bool string(string_t& value) override {
        if (passed_over() || level_ != 2 || key_ != "dtype" || in_metadata_) return scalar("text", value);
        header_.tensors.back().dtype = dtype_of(value);
        return true;
    }

    bool start_object(std::size_t) override {
        if (passes_over()) return true;
        if (level_ == 2 || level_ == 3) unexpected("an object");
        ++level_;
        keys_[level_].clear();
        if (level_ == 2) {
            in_metadata_ = key_ == metadata_key;
            if (!in_metadata_) header_.tensors.push_back({key_, DType::f32, {}, 0, 0});
        }
        return true;
    }

    bool key(string_t& value) override {
        if (depth_passed_over_ > 0) return true;
        key_ = std::move(value);
        if (!keys_[level_].insert(key_).second) fail(fmt::format("the name {} twice", in_quotes(key_)));
        return true;
    }

    bool end_object() override {
        if (leaves_passed_over()) return true;
        const auto lacks = [&](std::string_view entry) { return !keys_[2].contains(std::string(entry)); };
        if (level_ == 2 && !in_metadata_ &&
            std::any_of(tensor_entries.begin(), tensor_entries.end(), lacks)) {
            fail(fmt::format("the tensor {} without dtype, shape or data_offsets",
                             in_quotes(header_.tensors.back().name)));
        }
        --level_;
        return true;
    }

    bool start_array(std::size_t) override {
        if (passes_over()) return true;
        if (level_ != 2 || key_ == "dtype") unexpected("a list");
        level_ = 3;
        list_.clear();
        return true;
    }

    bool end_array() override {
        if (leaves_passed_over()) return true;
        level_ = 2;
        TensorEntry& tensor = header_.tensors.back();
        if (key_ == "shape") {
            tensor.shape = list_;
        } else {
            if (list_.size() != 2)
                fail(fmt::format("data_offsets that are not two numbers in {}", in_quotes(tensor.name)));
            tensor.begin = list_[0];
            tensor.end = list_[1];
        }
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        throw InputError(
            fmt::format("{}: its header is not valid JSON (at byte {}); the file is damaged or no "
                        "safetensors file",
                        source_, position));
    }

  private:
    /// `what` the header holds that it may not.
    [[noreturn]] void fail(const std::string& what) const {
        throw InputError(fmt::format("{}: its header holds {}; the file is damaged or no safetensors file",
                                     source_, what));
    }

    [[noreturn]] void unexpected(const char* what) const {
        if (level_ == 0) fail(fmt::format("{} in place of the object", what));
        fail(fmt::format("{} at {}", what, in_quotes(key_)));
    }

    bool in_metadata() const { return level_ == 2 && in_metadata_; }

    /// Whether the value that comes is of no use: one inside of such a value, a list or an object in the
    /// metadata, or an entry of a tensor that the format does not name.
    bool passed_over() const {
        const bool unknown =
            level_ == 2 && !in_metadata_ &&
            std::find(tensor_entries.begin(), tensor_entries.end(), key_) == tensor_entries.end();
        return depth_passed_over_ > 0 || unknown;
    }
    /// The same of a list or an object that opens.
    bool passes_over() {
        const bool none = passed_over() || in_metadata();
        if (none) ++depth_passed_over_;
        return none;
    }
    bool leaves_passed_over() {
        if (depth_passed_over_ == 0) return false;
        --depth_passed_over_;
        return true;
    }

    /// A value that only metadata may have, as text. Throws elsewhere, calling it `what`.
    bool scalar(const char* what, const std::string& text) {
        if (passed_over()) return true;
        if (!in_metadata()) unexpected(what);
        header_.metadata[key_] = text;
        return true;
    }

    DType dtype_of(const std::string& text) const {
        if (const std::optional<DType> dtype = dtype_named(text)) return *dtype;
        throw InputError(
            fmt::format("{}: the tensor {} is of type {}, which is not read; save the model as float32",
                        source_, in_quotes(header_.tensors.back().name), in_quotes(text)));
    }

    const std::string& source_;
    SafeTensorsHeader header_;
    std::size_t level_ = 0;
    bool in_metadata_ = false;
    std::size_t depth_passed_over_ = 0;  ///< lists and objects open inside of a value that is passed over
    std::string key_;                    ///< the last one read
    std::array<std::set<std::string>, 3> keys_;  ///< seen so far, by level
    std::vector<std::uint64_t> list_;
};

}  // namespace

SafeTensorsHeader parse_safetensors_header(std::string_view text, const std::string& source) {
    HeaderReader reader(source);
    // The parser would skip a byte order mark or blanks, which the format does not allow here.
    if (!text.starts_with('{')) {
        throw InputError(
            fmt::format("{}: its header does not begin with \"{{\"; it is no safetensors file", source));
    }
    Json::sax_parse(text.begin(), text.end(), &reader);
    return reader.take();
}

std::string safetensors_header_text(const SafeTensorsHeader& header) {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    if (!header.metadata.empty()) json[std::string(metadata_key)] = header.metadata;
    for (const TensorEntry& tensor : header.tensors) {
        json[tensor.name]["dtype"] = name_of(tensor.dtype);
        json[tensor.name]["shape"] = tensor.shape;
        json[tensor.name]["data_offsets"] = {tensor.begin, tensor.end};
    }
    std::string text = json.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
}

std::string in_quotes(std::string_view name) {
    const bool whole = name.size() <= max_quoted;
    const Json text = std::string(name.substr(0, max_quoted)) + (whole ? "" : "...");
    return text.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace shadenet
