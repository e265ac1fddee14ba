#include "model/statistics_text.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/number.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

using Json = nlohmann::json;

constexpr std::string_view key_prefix = "statistics.";

/// Shortest, and never a whole number: JSON's readers take "-0" for 0.
std::string decimal_text(float value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

/// Reads one set as the parser meets its parts, and keeps nothing that the network has no place for.
class StatisticsReader : public nlohmann::json_sax<Json> {
  public:
    StatisticsReader(const std::string& name, const Network& network, const std::string& source)
        : name_(name), source_(source) {
        for (const TensorSpec& spec : tensor_specs(network)) {
            if (!spec.trainable) tensors_.push_back({spec.name, spec.shape, false, {}, spec.held});
        }
    }

    NamedStatistics take() { return {name_, std::move(tensors_)}; }

    bool null() override { unexpected("null"); }
    bool boolean(bool) override { unexpected("true or false"); }
    bool string(string_t&) override { unexpected("text"); }
    bool binary(binary_t&) override { unexpected("binary data"); }

    bool number_integer(number_integer_t value) override { return add(static_cast<float>(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add(static_cast<float>(value)); }
    /// From the text itself: on the way through a double it could be rounded twice.
    bool number_float(number_float_t, const string_t& text) override {
        const auto value = number_in<float>(text);
        if (!value) fail(fmt::format("hold {}, which is no 32-bit number", in_quotes(text)));
        return add(*value);
    }

    bool start_object(std::size_t) override {
        if (std::exchange(inside_, true)) unexpected("an object");
        return true;
    }
    bool key(string_t& value) override {
        const auto found = std::find_if(tensors_.begin(), tensors_.end(),
                                        [&](const NamedTensor& tensor) { return tensor.name == value; });
        if (found == tensors_.end()) {
            fail(fmt::format("hold {}, which the network does not have", in_quotes(value)));
        }
        if (!found->values.empty()) fail(fmt::format("hold {} twice", in_quotes(value)));
        tensor_ = &*found;
        return true;
    }
    bool start_array(std::size_t) override {
        if (tensor_ == nullptr || std::exchange(in_list_, true)) unexpected("a list");
        return true;
    }
    bool end_array() override {
        in_list_ = false;
        if (tensor_->values.size() != channels()) {
            fail(fmt::format("have {} values of {}, and the network has {} channels there",
                             tensor_->values.size(), in_quotes(tensor_->name), channels()));
        }
        return true;
    }
    bool end_object() override {
        if (tensors_.empty()) fail("stand in a model without batch norm");
        for (const NamedTensor& tensor : tensors_) {
            if (tensor.values.empty()) fail(fmt::format("lack {}", in_quotes(tensor.name)));
        }
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        fail(fmt::format("are not valid JSON (at byte {})", position));
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw InputError(fmt::format("{}: its statistics {} {}; the file is damaged, or of another program",
                                     source_, in_quotes(name_), what));
    }
    [[noreturn]] void unexpected(const char* what) const {
        fail(fmt::format("hold {} in place of {}", what, inside_ ? "a list of numbers" : "an object"));
    }

    std::size_t channels() const { return tensor_->shape.front(); }

    bool add(float value) {
        if (!in_list_) unexpected("a number");
        if (tensor_->values.size() == channels()) {
            fail(fmt::format("have more than {} values of {}", channels(), in_quotes(tensor_->name)));
        }
        const bool variance = tensor_->name.ends_with(".running_var");
        if (!std::isfinite(value) || (variance && value < 0.0f)) {
            fail(fmt::format("hold {} in {}", value, in_quotes(tensor_->name)));
        }
        tensor_->values.push_back(value);
        return true;
    }

    const std::string& name_;
    const std::string& source_;
    std::vector<NamedTensor> tensors_;
    NamedTensor* tensor_ = nullptr;  ///< the last one named
    bool inside_ = false, in_list_ = false;
};

}  // namespace

std::string statistics_text(const NamedStatistics& set) {
    std::string text;
    for (const NamedTensor& tensor : set.tensors) {
        text += fmt::format("{}\"{}\":[", text.empty() ? "{" : ",", tensor.name);
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            if (i > 0) text += ',';
            text += decimal_text(tensor.values[i]);
        }
        text += ']';
    }
    return text + '}';
}

NamedStatistics parse_statistics(const std::string& text, const std::string& name, const Network& network,
                                 const std::string& source) {
    StatisticsReader reader(name, network, source);
    Json::sax_parse(text.begin(), text.end(), &reader);
    return reader.take();
}

void append_sets(std::map<std::string, std::string>& metadata, const std::vector<NamedStatistics>& sets) {
    for (const NamedStatistics& set : sets) {
        metadata[std::string(key_prefix) + set.name] = statistics_text(set);
    }
}

std::vector<NamedStatistics> sets_from(const std::map<std::string, std::string>& metadata,
                                       const Network& network, const std::string& source) {
    std::vector<NamedStatistics> sets;
    for (auto entry = metadata.lower_bound(std::string(key_prefix));
         entry != metadata.end() && entry->first.starts_with(key_prefix); ++entry) {
        const std::string name = entry->first.substr(key_prefix.size());
        try {
            require_set_name(name);
        } catch (const InputError& error) {
            throw InputError(fmt::format("{}: its metadata is refused: {}", source, error.what()));
        }
        if (sets.size() == most_sets) {
            throw InputError(fmt::format(
                "{}: holds more than {} sets of statistics; keep some in another file", source, most_sets));
        }
        sets.push_back(parse_statistics(entry->second, name, network, source));
    }
    return sets;
}

}  // namespace shadenet
